"""The checker of `make faults` finds each kind of harm in what jobs have left behind."""

from __future__ import annotations

import pytest

from agents.batches.answer_source import process_job
from agents.choices import EventKind
from agents.common import events
from agents.models import AgentJob, ModelCall, ReviewItem
from dev.faults import checker
from universes.models import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(submit, llm, universe):
    """Complete a job whose output enters its universe."""
    job = submit(universe=universe)
    process_job(job.pk)
    job.refresh_from_db()
    assert (job.outcome, Scene.objects.count()) == ("trusted", 1)
    return job


def wrong(job, *, accepted=(), webhooks=1):
    jobs = AgentJob.objects.filter(requested_by=job.requested_by)
    verdict = checker.check(
        jobs,
        accepted={str(job.pk), *accepted},
        told=jobs,
        webhooks={str(job.pk): webhooks},
        repeated_webhooks=0,
    )
    return [problem.split(" ", 1)[1].split(", for")[0] for problem in verdict.wrong]


def test_sound_job_passes(done):
    assert wrong(done) == []


def lose(job):
    AgentJob.objects.filter(pk=job.pk).update(status="pending", outcome="", completed_at=None)


def end_twice(job):
    events.record(job.pk, EventKind.COMPLETED, attempt=2)


def lose_the_ledger(job):
    ModelCall.objects.all().delete()


def double_the_ledger(job):
    call = ModelCall.objects.get()
    call.pk = None
    call._state.adding = True
    call.save()


def open_a_review(job):
    ReviewItem.objects.create(
        job=job, agent_type="narrative", confidence=0.5, reasons=["Short."], reason_codes="|x|"
    )


def lose_the_scene(job):
    Scene.objects.all().delete()


def place_as_canon(job):
    Scene.objects.update(canon_status="canon")


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (lose, "accepted jobs did not end"),
        (end_twice, "jobs ended twice"),
        (lose_the_ledger, "completed jobs without their answer in the ledger"),
        (double_the_ledger, "answers are twice in the ledger"),
        (open_a_review, "jobs have a wrong number of review items"),
        (lose_the_scene, "jobs have a wrong number of scenes"),
        (place_as_canon, "scenes have another status than their universe wants"),
    ],
)
def test_harm_is_found(done, harm, problem):
    harm(done)

    assert problem in wrong(done)


def test_accepted_job_that_is_not_there_is_lost(done):
    assert wrong(done, accepted={"01a22a02-c4e5-75f1-8764-d4b3b1314743"}) == ["accepted jobs did not end"]


@pytest.mark.parametrize("times", [0, 2])
def test_webhook_has_to_be_told_once(done, times):
    assert wrong(done, webhooks=times) == ["ends were not told to the webhook exactly once"]
