"""The pool of connections when the server goes away and comes back."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection

from mediaassets.postgresql.base import Pool

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

# Far longer than any test waits if all is well.
TIMEOUT_S = 60


class Server(psycopg.Connection[Any]):
    """A connection to a server that refuses a number of others before it accepts one."""

    refusals = 0
    attempts = 0

    @classmethod
    def connect(cls, *args: Any, **options: Any) -> Server:
        cls.attempts += 1
        if cls.refusals:
            cls.refusals -= 1
            raise psycopg.OperationalError("the database system is starting up")
        return super().connect(*args, **options)


@pytest.fixture
def own_pool(monkeypatch):
    """A connection with a pool of its own, which gives up connecting at its second attempt."""
    monkeypatch.setattr(Server, "refusals", 0)
    monkeypatch.setattr(Server, "attempts", 0)
    own = connection.copy(alias="own")
    own.settings_dict["OPTIONS"]["pool"] |= {
        "connection_class": Server,
        "reconnect_timeout": 0,
        "timeout": TIMEOUT_S,
    }
    yield own
    own.close()
    own.close_pool()  # type: ignore[attr-defined]


def test_caller_that_waits_gets_a_connection_when_the_server_is_back(own_pool, monkeypatch):
    monkeypatch.setattr(Server, "refusals", 7)

    own_pool.ensure_connection()

    assert own_pool.is_usable()
    assert Server.attempts >= 8


def test_dead_connections_are_replaced_together(own_pool, monkeypatch):
    """A caller pauses before its third try, and for longer and longer before each further one."""
    given = []
    check = Pool._check_taken

    def check_and_note(self, taken):
        given.append(taken)
        check(self, taken)

    monkeypatch.setattr(Pool, "_check_taken", check_and_note)
    pool = own_pool.pool
    pool.open()
    idle = [pool.getconn() for _ in range(6)]
    for one in idle:
        pool.putconn(one)
    for one in idle:
        one.close()
    given.clear()

    own_pool.ensure_connection()

    assert own_pool.is_usable()
    assert [one in idle for one in given] == [True, False]


def test_connection_notices_a_server_that_vanishes():
    connection.ensure_connection()

    parameters = connection.connection.info.get_parameters()

    assert {
        name: parameters[name] for name in ("connect_timeout", "tcp_user_timeout", "keepalives_idle")
    } == {
        "connect_timeout": "5",
        "tcp_user_timeout": "10000",
        "keepalives_idle": "10",
    }
