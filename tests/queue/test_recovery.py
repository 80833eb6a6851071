"""Workers that die, and servers that go away: jobs go on within seconds, without beat."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from agents.models import ModelCall, WorkerProcess
from tests.support.facts import event_kinds
from tests.support.site.servers import ROOT, database_url, wait_until

pytestmark = [pytest.mark.queue, pytest.mark.django_db(transaction=True)]

SHORT_LEASE = {"LEASE_S": "2"}


def ask(submit, text="", **options):
    return submit(prompt=f"Mira waits out the tide. {text}", **options)


def test_job_of_a_killed_worker_is_done_by_another_one(worker_process, submit, wait_for):
    job = ask(submit, "[mock:slow=2]")
    doomed = worker_process(queues="jobs", **SHORT_LEASE)
    wait_for("processing", 1)
    wait_until(
        lambda: str(job.pk) in WorkerProcess.objects.get().calling, within_s=10, what="the call is noted"
    )

    doomed.kill()
    worker_process(queues="jobs", **SHORT_LEASE)
    wait_for("completed", 1)

    job.refresh_from_db()
    assert job.attempts == 2
    assert event_kinds(job)[:6] == ["submitted", "claimed", "rescued", "rescheduled", "claimed", "completed"]
    assert sorted(job.calls.values_list("attempt", "error_code")) == [(1, "worker_lost"), (2, "")]


def test_living_worker_keeps_its_jobs_beyond_the_length_of_a_lease(worker_process, submit, wait_for):
    job = ask(submit, "[mock:slow=4]")
    for _ in range(2):
        worker_process(queues="jobs", **SHORT_LEASE)

    wait_for("completed", 1)

    job.refresh_from_db()
    assert (job.attempts, job.calls.count()) == (1, 1)


def test_worker_needs_neither_beat_nor_broker(worker_process, submit, wait_for, broker):
    worker = worker_process(queues="jobs", RETRY_BACKOFF_S="0.1")
    assert WorkerProcess.objects.alive().get().name == worker.name
    broker.go_away()

    ask(submit, "[mock:fail-once]")
    for _ in range(20):
        ask(submit)
    wait_for("completed", 21)

    assert worker.process.poll() is None
    assert ModelCall.objects.filter(error_code="").count() == 21
    broker.start()
    worker.stop()
    assert not WorkerProcess.objects.exists()


HOLD_A_LOCK = """
import time, django
django.setup()
from django.db import transaction
from universes.models import Universe
with transaction.atomic():
    Universe.objects.select_for_update().get()
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.mark.postgres
def test_process_frozen_in_a_transaction_does_not_keep_its_locks(worker_process, submit, universe, wait_for):
    """Hold the universe's row as a process does that is stopped there: every job of the universe needs it."""
    url = database_url(connection.settings_dict)
    worker_process(queues="jobs")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_LOCK],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "mediaassets.settings"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        os.kill(holder.pid, signal.SIGSTOP)
        ask(submit, universe=universe)
        wait_for("processing", 1)
        wait_for("completed", 1)
    finally:
        holder.kill()
        holder.communicate()
