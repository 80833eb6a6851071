"""Real workers on a real broker: every job finishes once, despite crashes."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection, transaction
from django_celery_results.models import TaskResult

from agents.choices import JobPriority
from agents.common import dispatch
from agents.jobs import actions, submission
from agents.jobs.submission import JobRequest
from agents.models import AgentJob, AgentJobEvent, ModelCall, WorkerProcess
from dev.faults.hostile_texts import HOSTILE_TEXTS, add_people
from tests.support.facts import event_kinds
from tests.support.rows import INPUTS
from tests.support.site.servers import wait_until
from tests.support.threads import wait_until_blocking_others

pytestmark = [pytest.mark.queue, pytest.mark.django_db(transaction=True)]

# Short enough to run out while a text is searched: the claim of a call, and the lease that heartbeats renew.


def events(kind):
    """Count the events of a kind per job."""
    return Counter(AgentJobEvent.objects.filter(kind=kind).values_list("job_id", flat=True))


def ask(submit, text="", **options):
    return submit(prompt=f"Mira waits out the tide. {text}", **options)


def test_jobs_of_people_are_claimed_before_batch_jobs(worker_process, submit, wait_for, broker, creator):
    request = JobRequest(
        by=creator,
        agent_type="narrative",
        input_data={"prompt": "Mira waits out the tide."},
        priority=JobPriority.BATCH,
    )
    background = [submission.submit_job(request) for _ in range(12)]
    person = ask(submit)

    worker_process(concurrency=1)
    wait_for("completed", 13)

    claimed = AgentJobEvent.objects.filter(kind="claimed").order_by("id").values_list("job_id", flat=True)
    assert claimed[0] == person.pk
    assert set(claimed[1:]) == {job.pk for job in background}


@pytest.mark.postgres
def test_answers_of_a_worker_killed_before_the_commit_are_not_lost_or_doubled(
    worker_process, submit, wait_for, broker
):
    waiting = [ask(submit).pk for _ in range(5)]
    with transaction.atomic(), connection.cursor() as cursor:
        # The worker has its answers, and waits in the transaction that stores them.
        cursor.execute("LOCK TABLE agent_model_calls IN SHARE MODE")
        doomed = worker_process(queues="jobs", LEASE_S="2")
        wait_until_blocking_others(within_s=60)
        doomed.kill()
    assert (ModelCall.objects.count(), events("completed")) == (0, Counter())

    worker_process(queues="jobs", LEASE_S="2")
    wait_for("completed", 5)

    assert dict(events("completed")) == dict.fromkeys(waiting, 1)
    used = ModelCall.objects.filter(error_code="").values_list("job", flat=True)
    assert sorted(used) == sorted(waiting)


def test_hostile_texts_hold_up_no_other_job(worker_process, submit, wait_for, universe, broker):
    """Eight slow texts occupy all threads; no claim runs out, and no lease of two seconds."""
    add_people(universe)
    # The first job pays for what a worker loads once.
    submit("consistency", universe=universe)
    worker_process(queues="jobs", concurrency=8, LEASE_S="2")
    wait_for("completed", 1)

    for text in HOSTILE_TEXTS:
        submit("consistency", universe=universe, content=text)
    for _ in range(40):
        ask(submit)
    submitted = list(AgentJob.objects.values_list("pk", flat=True))

    def finish() -> bool:
        assert not events("rescued"), "a claim ran out while its text was read"
        return AgentJob.objects.filter(status="completed").count() == 49

    wait_until(finish, within_s=60, what="49 jobs are completed")
    assert dict(events("claimed")) == dict(events("completed")) == dict.fromkeys(submitted, 1)
    assert WorkerProcess.objects.count() == 1
    assert set(AgentJob.objects.values_list("attempts", flat=True)) == {1}


def test_text_that_is_read_without_end_delays_no_other_job(
    worker_process, submit, wait_for, broker, tmp_path
):
    """Others are claimed and answered, and the lease of the worker is renewed, while one text is still being read."""
    text = "The tide rose without end, and nobody on the wall could say when it would turn."
    endless = submit("consistency", content=text)
    worker_process(
        queues="jobs",
        LEASE_S="2",
        DJANGO_SETTINGS_MODULE="tests.support.endless_text",
        ENDLESS_TEXT=text,
        ENDLESS_TEXT_FOLDER=str(tmp_path),
    )
    wait_until((tmp_path / "reading").exists, within_s=30, what="the text is being read")
    seen_at = WorkerProcess.objects.get().seen_at

    others = [ask(submit) for _ in range(40)]
    wait_for("completed", 40)

    two_leases_later = seen_at + timedelta(seconds=4)
    wait_until(
        lambda: WorkerProcess.objects.get().seen_at > two_leases_later,
        within_s=30,
        what="the lease is renewed",
    )
    endless.refresh_from_db()
    assert (endless.status, endless.attempts) == ("processing", 1)
    assert not events("rescued")
    (tmp_path / "end").touch()
    wait_for("completed", 41)
    everybody = dict.fromkeys((endless.pk, *(job.pk for job in others)), 1)
    assert dict(events("claimed")) == dict(events("completed")) == everybody
    assert not events("rescued")


def test_stopping_worker_finishes_its_job(worker_process, submit, wait_for):
    running = ask(submit, "[mock:slow=1.5]")
    worker = worker_process(queues="jobs", concurrency=2)
    wait_for("processing", 1)

    assert worker.stop(within_s=20) == 0

    running.refresh_from_db()
    assert (running.status, running.attempts) == ("completed", 1)
    left = ask(submit)
    left.refresh_from_db()
    assert (left.status, dispatch.queue_length()) == ("pending", 1)


def test_result_of_a_cancelled_running_job_is_dropped(worker_process, submit, wait_for, creator):
    job = ask(submit, "[mock:slow=1]")
    worker_process(queues="jobs")
    wait_for("processing", 1)

    actions.cancel_job(job.pk, by=creator)
    wait_until(
        lambda: "late_result_dropped" in event_kinds(job), within_s=10, what="the late result is dropped"
    )

    job.refresh_from_db()
    assert (job.status, job.output_data, job.calls.count()) == ("cancelled", None, 1)


def test_maintenance_does_not_wait_behind_jobs(worker_process, submit, broker):
    for _ in range(4):
        ask(submit, "[mock:slow=1]")
    for _ in range(6):
        current_app.send_task(dispatch.FLUSH_EXPIRED_TOKENS)

    worker_process(concurrency=1)
    wait_until(lambda: TaskResult.objects.count() == 6, within_s=20, what="housekeeping is done")

    assert AgentJob.objects.filter(status="completed").count() <= 1


def test_many_jobs_of_one_account_do_not_delay_another(worker_process, creator, stranger, settings):
    settings.CROWDED_AFTER_JOBS = 10
    many = [
        submission.submit_job(JobRequest(by=creator, agent_type="spatial", input_data=INPUTS["spatial"]))
        for _ in range(150)
    ]
    worker_process(concurrency=4, MOCK_LATENCY_S="0.2")
    wait_until(lambda: AgentJob.objects.filter(status="completed").exists(), within_s=20, what="work begins")

    one = submission.submit_job(JobRequest(by=stranger, agent_type="spatial", input_data=INPUTS["spatial"]))
    wait_until(
        lambda: AgentJob.objects.filter(pk=one.pk, status="completed").exists(),
        within_s=20,
        what="it is done",
    )

    assert AgentJob.objects.filter(pk__in=[job.pk for job in many], status="pending").count() > 50
