"""`manage.py demo`: accounts, a universe and jobs in every state, to look around in."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agents.demo import seed


class Command(BaseCommand):
    help = (
        "Load the demo: three accounts with DEMO_PASSWORD, a universe, jobs in every state. Safe to repeat."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--anywhere", action="store_true", help="Also load it outside embedded mode.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.EMBEDDED or options["anywhere"]):
            raise CommandError(
                "This creates accounts that share one password. Pass --anywhere to do it nevertheless."
            )
        password = os.environ.get("DEMO_PASSWORD", "")
        if len(password) < 8:
            raise CommandError("Set DEMO_PASSWORD to at least 8 characters.")
        loaded = seed.load(password)
        self.stdout.write("Demo loaded." if loaded else "The demo is already loaded.")
