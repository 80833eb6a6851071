"""Connections that a thread keeps or returns."""

from __future__ import annotations

import pytest
from django.db import close_old_connections, connection

from agents.common.database import connections


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_thread_that_will_wait_returns_its_connection_to_the_pool():
    connection.ensure_connection()

    connections.release()

    assert connection.connection is None


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases have a pool")
@pytest.mark.django_db(transaction=True)
def test_sqlite_connection_is_opened_once_in_a_thread():
    """Closing the last one writes the whole log back; a thread's was opened three times for each job."""
    connection.close()
    connection.ensure_connection()
    opened = connection.connection

    connections.release()
    # As at the end of a request and of a task.
    close_old_connections()

    assert connection.connection is opened
