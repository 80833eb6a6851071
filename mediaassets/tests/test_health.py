"""What /healthz and /readyz say, and when."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from agents.llm.limits.call_result import CallResult
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.types import CallStatus
from agents.services import stats, wiring
from agents.tests.llm.limits.helpers import Clock, clocked_limits, make_request, must_reserve, must_wait
from mediaassets import health


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(health._Migrations, "all_applied", False)


@pytest.mark.parametrize("path", ["/healthz", "/healthz/"])
def test_healthz_asks_neither_database_nor_broker(client, settings, path):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    # Without the db fixture any query would fail this test.
    response = client.get(path)

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/readyz", "/readyz/"])
@pytest.mark.django_db
def test_ready_when_everything_answers(client, redis_url, settings, path):
    settings.ANTHROPIC_API_KEY = ""

    response = client.get(path)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.json() == {
        "database": {"ok": True, "detail": connection.vendor},
        "broker": {"ok": True, "detail": "answers"},
        "migrations": {"ok": True, "detail": 0},
        "oldest_due_job": {"ok": True, "detail": None},
        "model": {"ok": True, "detail": "mock"},
        "lines": {"ok": True, "detail": {}},
    }


@pytest.mark.django_db
def test_real_model_is_named(client, redis_url, settings):
    settings.ANTHROPIC_API_KEY = "a key"

    assert client.get("/readyz").json()["model"] == {"ok": True, "detail": "anthropic"}


@pytest.mark.django_db
def test_paused_line_is_told_and_sends_no_client_away(client, broker, settings, monkeypatch):
    settings.ANTHROPIC_API_KEY = "a key"
    allowance = Allowance(requests=60, input_tokens=6e9, output_tokens=6e9)
    redis_client = broker.client()
    Clock(redis_client)
    limits = clocked_limits(redis_client, LimitSettings(default=allowance))
    limits.settle(
        must_reserve(limits, make_request()),
        CallResult(status=CallStatus.STOPPED, message="The key is not valid."),
    )
    must_wait(limits, make_request("another"))
    monkeypatch.setattr(wiring, "limits", lambda: limits)

    response = client.get("/readyz")

    assert response.status_code == 200
    line = response.json()["lines"]["detail"]["claude-test"]
    assert (line["line"], line["in_flight"], line["waiting"]) == ("stopped", 0, 1)
    assert line["left_percent"] == {"requests": 90, "input": 100, "output": 100}
    # What the other side answered is for who signs in.
    assert b"not valid" not in response.content


@pytest.mark.django_db
def test_refused_connection_to_the_broker_is_not_ready(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = client.get("/readyz")

    assert response.status_code == 503
    answers = response.json()
    assert answers.pop("broker") == {"ok": False, "detail": "ConnectionError"}
    assert all(check["ok"] for check in answers.values())


@pytest.mark.django_db
def test_silent_broker_costs_about_a_second(client, settings):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        started = time.monotonic()

        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] == {"ok": False, "detail": "TimeoutError"}
    assert time.monotonic() - started < 5


@pytest.mark.django_db
def test_unapplied_migration_is_counted_until_it_is_applied(client, redis_url):
    recorder = MigrationRecorder(connection)
    ((_, newest),) = MigrationLoader(connection).graph.leaf_nodes("agents")
    recorder.record_unapplied("agents", newest)

    before = client.get("/readyz")
    recorder.record_applied("agents", newest)
    after = client.get("/readyz")

    assert (before.status_code, before.json()["migrations"]["ok"]) == (503, False)
    assert before.json()["migrations"]["detail"] >= 1
    assert (after.status_code, after.json()["migrations"]) == (200, {"ok": True, "detail": 0})


@pytest.mark.django_db
def test_waiting_job_is_told_in_seconds_and_keeps_it_ready(client, redis_url, monkeypatch):
    monkeypatch.setattr(stats, "oldest_due_age_s", lambda: 125.5)

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["oldest_due_job"] == {"ok": True, "detail": 125.5}


def test_database_that_is_away_is_named_without_its_address(client, redis_url, monkeypatch):
    def refuse() -> None:
        raise OperationalError('connection to server at "10.0.0.7", user "media" failed')

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == {"ok": False, "detail": "OperationalError"}
    assert response.json()["migrations"] == {"ok": False, "detail": "the database does not answer"}
    assert response.json()["broker"]["ok"] is True
    assert "10.0.0.7" not in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_refused_as_a_problem(path, method):
    client = Client(enforce_csrf_checks=True)

    response = getattr(client, method)(path)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "method_not_allowed"


def test_head_is_answered_without_a_body(client):
    response = client.head("/healthz")

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.django_db(transaction=True)
def test_many_probes_at_once_all_get_an_answer(redis_url):
    codes: list[int] = []

    def probe() -> None:
        codes.append(Client().get("/readyz").status_code)
        connection.close()

    threads = [threading.Thread(target=probe) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert codes == [200] * 8
