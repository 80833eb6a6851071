"""The thread of a worker process that wakes jobs whose model has capacity again."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from kombu.utils.imports import symbol_by_name

from agents.jobs import maintenance
from mediaassets import admission_notifier
from mediaassets.admission_notifier import AdmissionNotifier
from mediaassets.celery import app
from mediaassets.upkeep import Upkeep
from tests.support.site.servers import wait_until


@pytest.fixture
def wakes(monkeypatch) -> list[str]:
    """The calls that wake jobs; the first one fails."""
    calls: list[str] = []

    def wake(pauses: maintenance.PauseWatch) -> None:
        calls.append("wake")
        if len(calls) == 1:
            raise DatabaseError("The database does not answer.")

    monkeypatch.setattr(maintenance, "wake_admitted_jobs", wake)
    monkeypatch.setattr(admission_notifier, "INTERVAL_S", 0.01)
    return calls


def test_notifier_continues_after_a_database_error_until_stopped(wakes, settings):
    settings.ANTHROPIC_API_KEY = "a key"
    notifier = AdmissionNotifier(None)

    notifier.start(None)
    wait_until(lambda: len(wakes) > 2, within_s=10, what="jobs are woken again")
    notifier.stop(None)

    assert not notifier._loop._thread.is_alive()


def test_notifier_does_not_run_with_the_mock_model(wakes, settings):
    settings.ANTHROPIC_API_KEY = ""
    notifier = AdmissionNotifier(None)

    notifier.start(None)
    notifier.stop(None)

    assert wakes == []


def test_every_worker_has_a_notifier_and_upkeep():
    assert {symbol_by_name(step) for step in app.steps["worker"]} >= {AdmissionNotifier, Upkeep}
