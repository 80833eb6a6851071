"""Races on one row, with real threads and connections: one caller wins and the others get an error."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from agents.batches.answer_source import process_job
from agents.canon import placement
from agents.choices import Verdict
from agents.common import dispatch, world_context
from agents.engine.registry import get_agent
from agents.errors import Conflict, JobNotCancellable, JobNotRetryable, NotFound, ReviewClosed
from agents.jobs import actions, maintenance
from agents.jobs.running import outcomes, rescue
from agents.models import AgentJob, AgentJobEvent, ReviewDecision
from agents.providers import run_settings
from agents.review.verdicts import decisions
from agents.schedules import scheduling
from tests.support.facts import event_kinds
from tests.support.fake_llm import good_answer
from tests.support.problems import problem_of
from tests.support.threads import new_thread, refusals, run_concurrently, wait_until_blocking_others
from universes.models import CanonChange, Scene, Universe
from universes.services import universes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]


def count_kinds(job):
    return Counter(event_kinds(job))


def test_one_of_fifty_retries_wins(make_job, creator):
    job = make_job("failed", attempts=4)

    answers = run_concurrently(*[lambda: actions.retry_job(job.pk, by=creator)] * 50)

    refused = refusals(answers, JobNotRetryable)
    assert (len(refused), len(answers)) == (49, 50)
    assert {refusal.message for refusal in refused} == {
        f"Job {job.pk} is pending; only failed jobs can be retried."
    }
    job.refresh_from_db()
    assert (job.status, job.attempt_limit) == ("pending", 8)
    assert count_kinds(job) == {"retried": 1}
    assert dispatch.queue_length() == 1


def test_one_of_thirty_claims_wins(make_job):
    job = make_job()

    answers = run_concurrently(*[lambda: AgentJob.objects.claim(job.pk, claim_s=180)] * 30)

    assert [answer.pk for answer in answers if answer is not None] == [job.pk]
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("processing", 1)


def test_ten_workers_on_one_job_call_the_model_once(submit, llm):
    job = submit()

    run_concurrently(*[lambda: process_job(job.pk)] * 10)

    job.refresh_from_db()
    assert (job.status, job.attempts, len(llm.requests)) == ("completed", 1, 1)
    assert count_kinds(job) == {"submitted": 1, "claimed": 1, "completed": 1}


def test_one_of_sixteen_decisions_wins_and_losers_name_the_winner(review_item, make_user):
    people = [make_user(f"reviewer{number}", is_superuser=True) for number in range(16)]

    def decision_of(person, number):
        if number % 2:
            return lambda: decisions.decide(review_item.pk, Verdict.APPROVED, by=person)
        return lambda: decisions.decide(review_item.pk, Verdict.REJECTED, by=person, note="No.")

    answers = run_concurrently(*[decision_of(person, number) for number, person in enumerate(people)])

    made = ReviewDecision.objects.select_related("by").get()
    closed = refusals(answers, ReviewClosed)
    assert [answer.pk for answer in answers if isinstance(answer, ReviewDecision)] == [made.pk]
    assert len(closed) == 15
    said = {refusal.message for refusal in closed}
    assert said == {
        f"{made.by.username} has already decided this item: {made.verdict}, {made.at:%Y-%m-%d %H:%M} UTC."
    }
    assert Scene.objects.count() == (made.verdict == "approved")
    assert count_kinds(review_item.job)["review_decided"] == 1


def test_one_of_eight_ask_again_decisions_makes_a_job(review_item, make_user):
    people = [make_user(f"reviewer{number}", is_superuser=True) for number in range(8)]

    run_concurrently(
        *[
            lambda person=person: decisions.decide(
                review_item.pk, Verdict.ASKED_AGAIN, by=person, note="Again."
            )
            for person in people
        ]
    )

    assert AgentJob.objects.filter(follows=review_item.job).count() == 1


@pytest.mark.parametrize("round_", range(4))
def test_cancel_racing_completion_leaves_one_final_state(make_job, creator, universe, llm, round_):
    job = make_job("processing", universe=universe)
    done = AgentJob.objects.select_related("universe").get(pk=job.pk)
    result = finished(done, llm)

    answers = run_concurrently(
        lambda: actions.cancel_job(job.pk, by=creator),
        lambda: outcomes.record_success(done, result, result.calls, world_hash=""),
    )

    job.refresh_from_db()
    if isinstance(answers[0], JobNotCancellable):
        assert job.status == "completed"
        assert count_kinds(job) == {"completed": 1, "canon_added": 1}
        assert Scene.objects.count() == 1
    else:
        assert (job.status, job.output_data) == ("cancelled", None)
        assert count_kinds(job) == {"cancelled": 1, "late_result_dropped": 1}
        assert Scene.objects.count() == 0


def finished(job, llm):
    return get_agent(job.agent_type).run(job.input_data, None, run_settings.run_settings(job), llm)


def test_twenty_concurrent_submits_make_twenty_jobs(submit, universe):
    answers = run_concurrently(*[lambda: submit(universe=universe)] * 20)

    assert len({job.pk for job in answers}) == AgentJob.objects.count() == 20
    assert AgentJobEvent.objects.filter(kind="submitted").count() == 20
    assert dispatch.queue_length() == 20


def test_two_sweepers_enqueue_each_job_once(make_job, monkeypatch):
    for _ in range(60):
        make_job(sent_at=None)
    together = threading.Barrier(4)

    def empty_queue():
        # The last call of a sweeper before it reads the rows.
        connection.ensure_connection()
        together.wait(30)
        return 0

    monkeypatch.setattr(dispatch, "queue_length", empty_queue)

    answers = run_concurrently(*[maintenance.enqueue_due_jobs] * 4)

    monkeypatch.undo()

    assert sum(answer["sent"] for answer in answers) == 60
    assert dispatch.queue_length() == 60


def test_two_rescues_requeue_a_job_once(make_job):
    jobs_ = [make_job("processing", claimed_until=timezone.now() - timedelta(seconds=1)) for _ in range(10)]

    answers = run_concurrently(*[rescue.rescue_stalled_jobs] * 4)

    assert sum(answer["rescued"] for answer in answers) == 10
    assert [count_kinds(job) for job in jobs_] == [{"rescued": 1, "rescheduled": 1}] * 10


def test_two_cleanups_delete_each_job_once(make_job):
    for _ in range(20):
        make_job("completed", completed_at=timezone.now() - timedelta(days=31))

    answers = run_concurrently(*[lambda: maintenance.cleanup_old_jobs(30)] * 3)

    assert sum(answer["deleted"] for answer in answers) == 20
    assert not AgentJob.objects.exists()


def test_one_of_eight_beats_runs_a_due_schedule(make_schedule):
    schedule = make_schedule(crontab="0 * * * *")
    type(schedule).objects.update(next_run_at=datetime.now(UTC) - timedelta(minutes=1))

    answers = run_concurrently(*[scheduling.run_due] * 8)

    assert sum(answer["submitted"] for answer in answers) == 1
    assert sum(answer["failed"] for answer in answers) == 0
    assert AgentJob.objects.count() == 1


def test_eight_concurrent_placements_make_one_scene(review_item, reviewer):
    run_concurrently(
        *[
            lambda: placement.place(review_item.job, review_item.job.output_data, status="canon", by=reviewer)
            for _ in range(8)
        ]
    )

    assert (Scene.objects.count(), CanonChange.objects.count()) == (1, 1)


def test_universe_deletion_and_approval_do_not_deadlock(review_item, reviewer, universe, monkeypatch):
    place, placing = placement.place, threading.Event()

    def place_while_it_is_deleted(*args, **kwargs):
        placing.set()
        wait_until_blocking_others()
        return place(*args, **kwargs)

    def delete():
        assert placing.wait(30)
        universes.delete_universe(universe)

    monkeypatch.setattr(placement, "place", place_while_it_is_deleted)

    answers = run_concurrently(
        lambda: decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer), delete
    )

    assert isinstance(answers[0], ReviewDecision)
    assert answers[1] is None
    assert not Universe.objects.exists()
    assert AgentJob.objects.get().universe is None


def test_submit_is_fast_while_forty_workers_wait_for_the_model(submit, llm):
    """Hold no connection during a model call, so that a small pool is enough."""
    waiting = threading.Semaphore(0)
    go_on = threading.Event()

    def slow(request):
        waiting.release()
        assert go_on.wait(30)
        return good_answer

    def work(job):
        try:
            process_job(job.pk)
        finally:
            # As Celery does after every task.
            connection.close()

    llm.will(*[slow] * 40)
    pending = [submit() for _ in range(40)]
    with ThreadPoolExecutor(40) as threads:
        try:
            for job in pending:
                threads.submit(work, job)
            for _ in pending:
                assert waiting.acquire(timeout=30)

            started = time.monotonic()
            submit()
            assert time.monotonic() - started < 2
        finally:
            go_on.set()

    assert AgentJob.objects.filter(status="completed").count() == 40


@pytest.mark.postgres
def test_rescue_and_universe_deletion_do_not_deadlock(submit, universe, monkeypatch):
    job = submit(universe=universe)
    AgentJob.objects.claim(job.pk, claim_s=-1)
    put_back = outcomes._put_back
    deleting = new_thread(lambda: universes.delete_universe(universe))

    def while_it_is_deleted(*args, **kwargs):
        put_back(*args, **kwargs)
        deleting.start()
        wait_until_blocking_others()

    monkeypatch.setattr(outcomes, "_put_back", while_it_is_deleted)

    assert rescue.rescue_stalled_jobs() == {"rescued": 1}
    deleting.join()

    job.refresh_from_db()
    assert (job.status, job.universe_id, Universe.objects.count()) == ("pending", None, 0)
    assert job.calls.get().error_code == "worker_lost"


@pytest.mark.postgres
def test_submission_does_not_wait_for_a_writer_of_its_universe(submit, universe):
    """A worker that is frozen while it adds an output to a universe must not stop the universe's clients."""
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        world_context.lock_universe(universe.pk)
        submitted = other.submit(run_concurrently, lambda: submit(universe=universe))
        (job,) = submitted.result(timeout=30)

    assert job.universe_id == universe.pk


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("close", "refusal"), [(universes.archive, Conflict), (universes.delete_universe, NotFound)]
)
def test_submission_waits_for_the_closing_of_its_universe(submit, universe, close, refusal):
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            close(universe)
            submitted = other.submit(run_concurrently, lambda: submit(universe=universe))
            wait_until_blocking_others()
        (answer,) = submitted.result(timeout=30)

    assert isinstance(answer, refusal)
    assert not AgentJob.objects.exists()


@pytest.mark.postgres
@pytest.mark.parametrize("close", [universes.archive, universes.delete_universe])
def test_submit_does_not_wait_long_for_the_closing_of_its_universe(
    client_of, creator, universe, impatient, close
):
    job = {
        "agent_type": "narrative",
        "universe_id": str(universe.pk),
        "input_data": {"prompt": "Mira waits."},
    }
    with transaction.atomic():
        close(universe)
        answers = run_concurrently(
            lambda: client_of(creator).post("/agents/jobs", job),
            lambda: client_of(creator).post("/agents/jobs/batch", {"jobs": [job, job]}),
        )
        transaction.set_rollback(True)

    for answer in answers:
        problem_of(answer, 503, "universe_busy")
        assert answer["Retry-After"] == "1"
    assert not AgentJob.objects.exists()
    assert client_of(creator).post("/agents/jobs", job).status_code == 202
