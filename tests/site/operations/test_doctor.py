"""`manage.py doctor`."""

from __future__ import annotations

import json
import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from agents.models import GenerationSchedule, WorkerProcess
from mediaassets.operations import beat, diagnosis
from mediaassets.operations.diagnosis import State
from tests.support.rows import make_job, make_schedule


@pytest.fixture
def healthy(db, broker):
    now = timezone.now()
    WorkerProcess.objects.create(name="w", started_at=now, seen_at=now)
    beat.record_heartbeat()


def found(name: str) -> diagnosis.Result:
    (result,) = [result for result in diagnosis.diagnose() if result.name == name]
    return result


def run(*arguments: str) -> tuple[int, str]:
    printed = StringIO()
    try:
        call_command("doctor", *arguments, stdout=printed)
    except SystemExit as error:
        return int(str(error.code)), printed.getvalue()
    return 0, printed.getvalue()


def test_healthy_site(healthy):
    code, printed = run()

    assert code == 0, printed
    assert not [line for line in printed.splitlines() if line.startswith("failed")]
    assert "1 alive: w." in printed


@pytest.mark.django_db
def test_what_fails_has_a_mend_and_an_exit_code(broker):
    code, printed = run("--json")

    results = {result["name"]: result for result in json.loads(printed)}
    assert code == 1
    assert {name for name, result in results.items() if result["state"] == "failed"} == {"workers", "beat"}
    assert all(result["mend"] for result in results.values() if result["state"] != "ok")


@pytest.mark.django_db
def test_absent_broker_hides_what_only_it_could_tell(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    results = {result.name: result.state for result in diagnosis.diagnose()}

    assert results["broker"] is State.FAILED
    assert "beat" not in results
    assert results["due jobs"] is State.OK


def test_absent_database_is_the_last_that_is_said_of_it(settings, broker, monkeypatch):
    monkeypatch.setattr(diagnosis, "_missing_file", lambda: "no.sqlite3")

    # Without the db fixture, any query fails the test.
    results = {result.name: result.state for result in diagnosis.diagnose()}

    assert results["database"] is State.FAILED
    assert set(results) <= {"configuration", "database", "clock of the broker", "broker", "disk"}


def test_clock_that_differs_is_found(healthy, monkeypatch):
    now = time.time()
    monkeypatch.setattr("mediaassets.operations.diagnosis.time.time", lambda: now + 60)

    result = found("clock of the broker")

    assert result.state is State.FAILED
    assert "behind" in result.detail


def test_failed_jobs_are_named_by_cause(healthy, creator):
    for code in ("refused", "refused", "truncated"):
        make_job(creator, status="failed", error_code=code)

    result = found("failed jobs")

    assert (result.state, "2 refused, 1 truncated" in result.detail) == (State.WARNING, True)


def test_schedule_that_switched_itself_off_is_counted(healthy, creator, universe):
    make_schedule(creator, universe)
    assert found("schedules").state is State.OK

    GenerationSchedule.objects.update(enabled=False, disabled_reason="Five failures.", next_run_at=None)

    assert found("schedules").detail == "1 switched themselves off."
