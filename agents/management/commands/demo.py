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
        parser.add_argument("--anywhere", action="store_true", help="Load it outside the embedded mode, too.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.EMBEDDED or options["anywhere"]):
            raise CommandError(
                "This makes accounts with one shared password. Say --anywhere if that is what you want."
            )
        password = os.environ.get("DEMO_PASSWORD", "")
        if len(password) < 8:
            raise CommandError("Set DEMO_PASSWORD to at least 8 characters.")
        loaded = seed.load(password)
        self.stdout.write("Demo loaded." if loaded else "Demo is there already.")
