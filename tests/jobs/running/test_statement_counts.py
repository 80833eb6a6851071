"""Bounds of what a job costs the database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.batches.answer_source import process_job
from agents.jobs.running import successes
from agents.jobs.running.successes import Success
from agents.models import AgentJob, AgentJobEvent, ModelCall
from tests.support.facts import event_kinds

# Statements of an attempt that succeeds, without those that begin and end transactions.
MAX_STATEMENTS = {"postgresql": 5, "sqlite": 10}
OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.mark.django_db
def test_attempt_takes_few_statements(submit, llm):
    process_job(submit().pk)
    job = submit()

    with CaptureQueriesContext(connection) as queries:
        process_job(job.pk)

    sent = [query["sql"] for query in queries if not query["sql"].startswith(OF_TRANSACTIONS)]
    job.refresh_from_db()
    assert job.status == "completed"
    assert len(sent) <= MAX_STATEMENTS[connection.vendor], "\n".join(sent)


def write_transactions():
    """Return a number that grows by one with each transaction that writes, this one included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        return cursor.fetchone()[0]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_attempt_takes_two_commits(submit, llm, broker):
    process_job(submit().pk)
    numbers = []
    for _ in range(8):
        job = submit()
        before = write_transactions()
        process_job(job.pk)
        numbers.append(write_transactions() - before - 1)
        assert event_kinds(job) == ["submitted", "claimed", "completed"]

    # The number is that of the whole server: tests beside this one may write, but not during each of the jobs.
    assert min(numbers) <= 2, numbers


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_success_that_cannot_be_stored_costs_the_others_nothing(submit, llm, broker, monkeypatch):
    """They share a transaction, which fails, and are then stored one by one."""
    stored: list[Success] = []
    monkeypatch.setattr(successes, "store", stored.append)
    jobs = [submit() for _ in range(3)]
    for job in jobs:
        process_job(job.pk)
    bad = stored[1]
    stored[1] = Success(
        job=bad.job,
        result=bad.result,
        calls=bad.calls,
        world_hash="x" * 65,
        fallback_for="",
        question_hash="",
    )

    answers = successes._store_group(stored)

    assert [type(answer).__name__ for answer in answers] == ["NoneType", "DataError", "NoneType"]
    assert [AgentJob.objects.get(pk=job.pk).status for job in jobs] == [
        "completed",
        "processing",
        "completed",
    ]
    assert set(ModelCall.objects.values_list("job", flat=True)) == {jobs[0].pk, jobs[2].pk}
    assert AgentJobEvent.objects.filter(kind="completed").count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_claim_survives_the_death_of_the_kept_connection(submit, llm, broker):
    process_job(submit().pk)
    job = submit()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    process_job(job.pk)

    assert event_kinds(job) == ["submitted", "claimed", "completed"]
