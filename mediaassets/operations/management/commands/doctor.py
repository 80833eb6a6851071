"""`manage.py doctor`: say what is wrong with the running site, and how to mend it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mediaassets.operations import diagnosis
from mediaassets.operations.diagnosis import State


class Command(BaseCommand):
    help = (
        "Check configuration, database, broker, workers, beat, models, disk and jobs. "
        "Exit code 1 if anything failed; warnings leave it at 0."
    )
    # It has to run, and say so, when the configuration is invalid.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the results as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        results = diagnosis.diagnose()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(result) for result in results], indent=2))
        else:
            for result in results:
                self.stdout.write(f"{result.state:<7}  {result.name}: {result.detail}")
                if result.mend:
                    self.stdout.write(f"         {result.mend}")
        if any(result.state is State.FAILED for result in results):
            sys.exit(1)
