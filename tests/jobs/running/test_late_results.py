"""Results that arrive after the job was cancelled or its worker was replaced."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.jobs import actions
from agents.jobs.running import rescue
from agents.llm.base import RequestRejected, TransientError
from agents.models import AgentJob, ReviewItem
from tests.support.facts import event_kinds
from tests.support.fake_llm import good_answer
from universes.models import Scene

pytestmark = pytest.mark.django_db


def test_result_after_cancel_is_dropped_but_charged(submit, run, llm, creator, universe):
    job = submit(universe=universe)
    llm.will(lambda request: actions.cancel_job(job.pk, by=creator) and good_answer)

    job = run(job)

    assert (job.status, job.output_data, job.confidence_score) == ("cancelled", None, None)
    assert event_kinds(job) == ["submitted", "claimed", "cancelled", "late_result_dropped"]
    assert job.calls.get().tokens == 1200
    assert (Scene.objects.count(), ReviewItem.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "error", [TransientError("overloaded", "The model is overloaded."), RequestRejected("bad_request", "No.")]
)
def test_failure_after_cancel_is_dropped(submit, run, llm, creator, error):
    job = submit()

    def cancel(request):
        actions.cancel_job(job.pk, by=creator)
        return error

    llm.will(cancel)

    job = run(job)

    assert (job.status, job.error_code) == ("cancelled", "")
    assert event_kinds(job) == ["submitted", "claimed", "cancelled", "late_result_dropped"]
    assert job.calls.get().error_code == error.code


def freeze_until_rescued(request):
    """A worker that resumes after its lease has expired changes nothing."""
    AgentJob.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert rescue.rescue_stalled_jobs() == {"rescued": 1}
    return good_answer


def test_late_result_is_dropped_while_the_job_is_pending(submit, run, llm, universe):
    llm.will(freeze_until_rescued)

    job = run(submit(universe=universe))

    assert (job.status, job.attempts, job.error_code, job.output_data) == ("pending", 1, "worker_lost", None)
    assert event_kinds(job) == ["submitted", "claimed", "rescued", "rescheduled", "late_result_dropped"]
    # The call was booked with unknown cost when the worker was lost; its real cost is booked beside it.
    assert [call.error_code for call in job.calls.order_by("id")] == ["worker_lost", ""]
    assert not Scene.objects.exists()


def test_late_result_does_not_overwrite_a_newer_attempt(submit, run, llm, universe):
    def freeze_until_replaced(request):
        freeze_until_rescued(request)
        run(AgentJob.objects.get())
        return {**good_answer(request), "title": "Too Late"}

    llm.will(freeze_until_replaced)

    job = run(submit(universe=universe))

    assert (job.status, job.attempts, job.output_data["title"]) == ("completed", 2, "Low Tide")
    assert Scene.objects.get().title == "Low Tide"
    assert [call.attempt for call in job.calls.order_by("id")] == [1, 2, 1]
    assert event_kinds(job)[-1] == "late_result_dropped"
