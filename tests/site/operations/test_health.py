"""The liveness and readiness endpoints."""

from __future__ import annotations

import json
import socket
import threading
import time
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import ANY

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from agents.jobs import stats
from agents.llm.limits.snapshots import BreakerState, BucketState, ModelState
from agents.models import WorkerProcess
from agents.providers import factory
from mediaassets.operations import beat, health


@pytest.mark.parametrize("path", ["/healthz", "/healthz/"])
def test_healthz_contacts_neither_database_nor_broker(client, settings, path):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    # Without the db fixture, any query fails the test.
    response = client.get(path)

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/readyz", "/readyz/"])
@pytest.mark.django_db
def test_readyz_is_200_when_the_process_can_serve(client, broker, settings, path):
    settings.ANTHROPIC_API_KEY = ""

    response = client.get(path)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.json() == {
        "database": {"ok": True, "detail": connection.vendor},
        "broker": {"ok": True, "detail": "answers"},
        "migrations": {"ok": True, "detail": 0},
        "disk": {"ok": True, "detail": ANY},
        "workers": {"ok": False, "detail": 0},
        "beat": {"ok": False, "detail": None},
        "oldest_due_job": {"ok": True, "detail": None},
        "model": {"ok": True, "detail": "mock"},
        "lines": {"ok": True, "detail": {}},
    }


@pytest.mark.django_db
def test_readyz_names_the_real_model(client, redis_url, settings):
    settings.ANTHROPIC_API_KEY = "a key"

    assert client.get("/readyz").json()["model"] == {"ok": True, "detail": "anthropic"}


@pytest.mark.django_db
def test_paused_model_is_reported_and_keeps_the_site_ready(client, redis_url, settings, monkeypatch):
    settings.ANTHROPIC_API_KEY = "a key"
    refused = BreakerState(
        cause="stopped", state="open", since=None, until=None, message="The key is not valid."
    )
    requests = BucketState(name="requests", limit=60, left=54, capacity=60)
    paused = ModelState(
        model="claude-test",
        buckets=(requests,),
        in_flight=0,
        cap=8,
        closed_until=None,
        waiting={"interactive": 1},
        breakers=(refused,),
    )
    limits = SimpleNamespace(snapshot=lambda: [paused])
    monkeypatch.setattr(factory, "limits", lambda: limits)

    response = client.get("/readyz")

    assert response.status_code == 200
    line = response.json()["lines"]["detail"]["claude-test"]
    assert (line["line"], line["in_flight"], line["waiting"]) == ("stopped", 0, 1)
    assert line["left_percent"] == {"requests": 90}
    # The provider's own words are shown to signed-in users only.
    assert b"not valid" not in response.content


@pytest.mark.django_db
def test_unreachable_broker_degrades_the_site(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response, strict = client.get("/readyz"), client.get("/readyz?require=broker")

    assert (response.status_code, strict.status_code) == (200, 503)
    checks = response.json()
    assert checks["broker"] == {"ok": False, "detail": "ConnectionError"}
    assert {name for name, check in checks.items() if not check["ok"]} == {"broker", "workers", "beat"}


@pytest.mark.django_db
def test_heartbeats_satisfy_a_strict_monitor(client, broker):
    path = "/readyz?require=workers,beat"
    assert client.get(path).status_code == 503

    for name in ("a", "b"):
        WorkerProcess.objects.create(name=name, started_at=timezone.now(), seen_at=timezone.now())
    beat.record_heartbeat()
    response = client.get(path)

    assert response.status_code == 200
    assert response.json()["workers"] == {"ok": True, "detail": 2}
    assert 0 <= response.json()["beat"]["detail"] < 5


@pytest.mark.django_db
def test_old_heartbeats_do_not_count(client, broker, monkeypatch):
    beat.record_heartbeat()
    long_ago = timezone.now() - timedelta(seconds=settings.LEASE_S + 1)
    WorkerProcess.objects.create(name="a", started_at=long_ago, seen_at=long_ago)
    now = time.time()
    monkeypatch.setattr("mediaassets.operations.beat.time.time", lambda: now + beat.MAX_AGE_S + 1)

    checks = client.get("/readyz").json()

    assert checks["workers"] == {"ok": False, "detail": 0}
    assert checks["beat"] == {"ok": False, "detail": None}


@pytest.mark.parametrize(("recorded", "code"), [(True, 0), (False, 1)])
def test_health_check_of_the_container_of_beat(broker, recorded, code, capsys):
    if recorded:
        beat.record_heartbeat()

    assert beat.main() == code
    assert ("no heartbeat" in capsys.readouterr().err) is not recorded


@pytest.mark.django_db
def test_unknown_requirement_is_refused(client, redis_url):
    response = client.get("/readyz?require=workers,cats")

    assert response.status_code == 400
    assert "cats" in response.json()["detail"]


@pytest.mark.django_db
def test_full_disk_is_named_and_binding_beside_a_database_file(client, redis_url, monkeypatch):
    monkeypatch.setattr(
        "mediaassets.operations.health.shutil.disk_usage", lambda path: SimpleNamespace(free=3 * 2**20)
    )

    response = client.get("/readyz")

    assert response.json()["disk"] == {"ok": False, "detail": 3}
    assert response.status_code == (503 if connection.vendor == "sqlite" else 200)


@pytest.mark.django_db
def test_silent_broker_delays_readyz_by_less_than_a_second(client, settings):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        started = time.monotonic()

        response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["broker"] == {"ok": False, "detail": "TimeoutError"}
    assert time.monotonic() - started < 1


@pytest.mark.django_db
def test_unapplied_migration_makes_the_site_unready(rf, redis_url):
    migrations = health.MigrationCheck()
    recorder = MigrationRecorder(connection)
    ((_, newest),) = MigrationLoader(connection).graph.leaf_nodes("auth")
    recorder.record_unapplied("auth", newest)

    before = health.readyz(rf.get("/readyz"), migrations=migrations)
    recorder.record_applied("auth", newest)
    after = health.readyz(rf.get("/readyz"), migrations=migrations)

    assert (before.status_code, after.status_code) == (503, 200)
    failed = json.loads(before.content)["migrations"]
    assert failed["ok"] is False
    assert failed["detail"] >= 1
    assert json.loads(after.content)["migrations"] == {"ok": True, "detail": 0}


@pytest.mark.django_db
def test_waiting_job_is_reported_and_keeps_the_site_ready(client, redis_url, monkeypatch):
    monkeypatch.setattr(stats, "oldest_due_age_s", lambda: 125.5)

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["oldest_due_job"] == {"ok": True, "detail": 125.5}


def test_unreachable_database_is_reported_without_its_address(client, redis_url, monkeypatch):
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
def test_other_methods_get_a_405_problem(path, method):
    client = Client(enforce_csrf_checks=True)

    response = getattr(client, method)(path)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "method_not_allowed"


def test_head_has_no_body(client):
    response = client.head("/healthz")

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.django_db(transaction=True)
def test_concurrent_probes_all_succeed(redis_url):
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
