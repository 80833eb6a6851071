"""The command that migrates the database."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection


@pytest.mark.postgres
@pytest.mark.django_db
def test_migration_may_stand_still_in_a_transaction():
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '5s'")

        call_command("migrate", verbosity=0)

        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("0",)
        cursor.execute("RESET idle_in_transaction_session_timeout")
