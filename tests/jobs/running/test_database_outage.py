"""Paid answers when the database goes away while they are written."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import IntegrityError, InternalError, OperationalError, connection

from agents.jobs.running import outcomes, processing
from agents.llm.base import TransientError
from tests.support.fake_llm import good_answer
from tests.support.site.servers import database_url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the database system is shutting down"),
        # What the server says to a process that was frozen in a transaction, and wakes.
        InternalError("terminating connection due to idle-in-transaction timeout"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.django_db(transaction=True)
def test_paid_answer_survives_a_brief_database_outage(submit, run, llm, monkeypatch, error):
    monkeypatch.setattr(processing, "WRITE_RETRIES_S", (0.01, 0.01))
    store, tries = outcomes.record_success, []

    def away_twice(*args, **kwargs):
        tries.append(1)
        if len(tries) < 3:
            raise error
        store(*args, **kwargs)

    monkeypatch.setattr(outcomes, "record_success", away_twice)

    job = run(submit())

    assert (job.status, len(tries), len(llm.requests)) == ("completed", 3, 1)
    assert job.calls.count() == 1


@pytest.mark.parametrize("steps", [[], [TransientError("server_error", "500", retry_after_s=60)]])
@pytest.mark.django_db(transaction=True)
def test_commit_with_lost_reply_is_not_booked_twice(submit, run, llm, monkeypatch, steps):
    monkeypatch.setattr(processing, "WRITE_RETRIES_S", (0.01,))
    for name in ("record_success", "record_failure"):
        monkeypatch.setattr(outcomes, name, _break_after_the_first(getattr(outcomes, name)))
    llm.will(*steps)

    job = run(submit())

    assert job.status == ("pending" if steps else "completed")
    assert job.calls.count() == 1
    assert "late_result_dropped" not in job.events.values_list("kind", flat=True)


def _break_after_the_first(store):
    stored = []

    def store_and_break(*args, **kwargs):
        store(*args, **kwargs)
        stored.append(1)
        if len(stored) == 1:
            raise OperationalError("server closed the connection unexpectedly")

    return store_and_break


@pytest.mark.django_db(transaction=True)
def test_paid_answer_survives_deletion_of_its_universe(submit, run, llm, universe, monkeypatch):
    monkeypatch.setattr(processing, "WRITE_RETRIES_S", (0.01,))
    store, tries = outcomes.record_success, []

    def deleted_before_the_commit(*args, **kwargs):
        tries.append(1)
        if len(tries) == 1:
            universe.delete()
            raise IntegrityError("the universe is not there any more")
        store(*args, **kwargs)

    monkeypatch.setattr(outcomes, "record_success", deleted_before_the_commit)

    job = run(submit(universe=universe))

    assert (job.status, job.universe, job.calls.get().universe) == ("completed", None, None)
    assert len(llm.requests) == 1


@pytest.mark.django_db(transaction=True)
def test_paid_answer_survives_a_database_restart(submit, run, llm, monkeypatch):
    """More connections of the pool are dead than the write has retries."""
    monkeypatch.setattr(processing, "WRITE_RETRIES_S", (0.2,))
    job = submit()
    together = threading.Barrier(6)

    def connect():
        connection.ensure_connection()
        together.wait(30)
        connection.close()

    def end_all_connections(request):
        if connection.vendor != "postgresql":
            return good_answer
        with psycopg.connect(database_url(connection.settings_dict)) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return good_answer

    with ThreadPoolExecutor(6) as threads:
        for _ in range(6):
            threads.submit(connect)
    llm.will(end_all_connections)

    assert run(job).status == "completed"
    assert len(llm.requests) == 1
