"""`manage.py migrate`, also where a migration computes for a while between two statements."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor == "postgresql":
            # The server ends sessions that do nothing in a transaction for seconds (settings/base.py), because they are
            # of frozen processes. A migration may do so on purpose.
            with connection.cursor() as cursor:
                cursor.execute("SET idle_in_transaction_session_timeout = 0")
        super().handle(*args, **options)
