"""A job with all that belongs to it, read in two statements, is what the services read one by one."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.canon import witness
from agents.choices import EventKind, FeedbackRating, Verdict
from agents.common import findings
from agents.errors import NotFound
from agents.jobs import stats
from agents.jobs.api.guidance_serializers import FeedbackOut
from agents.jobs.api.serializers import ReviewOut
from agents.jobs.whole import find_whole
from agents.models import (
    AgentJob,
    AgentJobEvent,
    GuestOpinion,
    IntentionalFinding,
    ModelCall,
    RejectReason,
    ReviewDecision,
    ReviewItem,
    ReviewLink,
)
from agents.review.creators import feedback
from agents.review.verdicts import decisions
from tests.support.rows import NARRATIVE, SIGNALS, make_job, make_review
from universes.passports.machines import Reading
from universes.passports.passport import Passport

pytestmark = pytest.mark.django_db


def reading_of(passport: Passport | None) -> Reading:
    assert passport is not None
    assert passport.reading is not None
    return passport.reading


def finding(finding_id: str) -> dict[str, object]:
    return {"id": finding_id, "kind": "tech", "strength": "likely", "quote": "lamp", "start": 1, "end": 5}


def statements(queries: CaptureQueriesContext) -> int:
    """Count the statements but those for permissions, which a request reads with its account."""
    return sum("auth_permission" not in query["sql"] for query in queries)


@pytest.fixture
def edited(creator, reviewer, low_marches) -> AgentJob:
    """A job with a row in each of the tables, read by a reviewer who changed it."""
    item = make_review(creator, universe=low_marches)
    job = item.job
    AgentJob.objects.filter(pk=job.pk).update(
        signals=[{**SIGNALS[0], "findings": [finding(f"f{number}") for number in range(5)]}]
    )
    IntentionalFinding.objects.create(
        universe=low_marches, finding_id="f3", marked_by=reviewer, reason="A dream.", job=job
    )
    call = ModelCall.objects.get(job=job)
    call.pk, call.attempt, call.prompt_version, call.cost_usd = None, 2, "second", "0.000000000125"
    call.save()
    call.pk, call.attempt, call.error_code, call.prompt_version = None, 3, "overloaded", "third"
    call.save()
    feedback.record(
        job,
        FeedbackRating.REJECTED,
        by=creator,
        reason=RejectReason.objects.first(),
        note="No.",
        edited={"a": 1},
    )
    decisions.decide(
        item.pk, Verdict.EDITED, by=reviewer, note="Shorter.", edited={**NARRATIVE, "title": "Low"}
    )
    return job


def test_everything_that_belongs_to_it(edited, creator, reviewer):
    with CaptureQueriesContext(connection) as queries:
        whole = find_whole(edited.pk, creator)
        usage = stats.usage_in(whole.calls)
        passport = witness.passport_from(whole.job, whole.calls, whole.verdicts, whole.words)
        reviews = [ReviewOut.show(item) for item in whole.job.reviews]
        opinions = [FeedbackOut.show(one) for one in whole.job.feedback.all()]
        events = [
            (event.pk, event.kind, event.attempt, event.at, event.by and event.by.username, event.data)
            for event in whole.job.events.all()
        ]
        marks = findings.signals_of(whole.job, whole.marks)

    assert statements(queries) == 2
    job = AgentJob.objects.get(pk=edited.pk)
    assert {name: getattr(whole.job, name) for name in job.__dict__ if name != "_state"} == {
        name: value for name, value in job.__dict__.items() if name != "_state"
    }
    assert whole.job.requested_by.username == creator.username
    assert usage == stats.usage_of(job)
    assert usage["cost_usd"] == "0.00000000025"
    assert passport == witness.passport_of(job)
    assert passport is not None
    assert passport.machines[0].prompt_hash == "second"
    assert reading_of(passport).by == reviewer.username
    assert reviews == [ReviewOut.show(item) for item in ReviewItem.objects.with_verdict().filter(job=job)]
    assert opinions == [FeedbackOut.show(one) for one in job.feedback.all()]
    assert events == [
        (event.pk, event.kind, event.attempt, event.at, event.by and event.by.username, event.data)
        for event in AgentJobEvent.objects.filter(job=job)
    ]
    assert marks == findings.signals_of(job, findings.marks_on([job]))
    assert [one["is_intentional"] for one in marks[0]["findings"]] == [False, False, False, True, False]


@pytest.mark.parametrize("is_guest", [False, True])
def test_reused_output_has_the_passport_of_the_job_that_wrote_it(edited, creator, reviewer, is_guest):
    if is_guest:
        item = ReviewItem.objects.get(job=edited)
        link = ReviewLink.objects.create(
            label="G", made_by=reviewer, expires_at=timezone.now() + timedelta(days=1)
        )
        opinion = GuestOpinion.objects.create(link=link, item=item, name="Gwen", verdict="approved")
        ReviewDecision.objects.filter(item=item).update(guest_opinion=opinion)
    copy = make_job(creator, status="completed", reused_from=edited)
    AgentJobEvent.objects.create(job=copy, kind=EventKind.REUSED, attempt=1)

    whole = find_whole(copy.pk, creator)

    passport = witness.passport_from(whole.job, whole.calls, whole.verdicts, whole.words)
    assert passport == witness.passport_of(copy)
    assert reading_of(passport).by == ("Gwen" if is_guest else reviewer.username)
    assert list(whole.job.reviews) == []
    assert [event.kind for event in whole.job.events.all()] == ["reused"]


def test_words_of_the_requester_count_as_read(creator):
    job = make_job(creator, status="completed")
    for kind in (EventKind.DISCARDED, EventKind.ACCEPTED):
        AgentJobEvent.objects.create(job=job, kind=kind, attempt=1, by=creator, data={"edited": True})

    whole = find_whole(job.pk, creator)

    passport = witness.passport_from(whole.job, whole.calls, whole.verdicts, whole.words)
    assert passport == witness.passport_of(job)
    reading = reading_of(passport)
    assert (reading.role, reading.by) == ("requester", creator.username)
    assert passport is not None
    assert passport.is_edited


def test_reader_sees_what_is_theirs(edited, creator, reviewer, stranger):
    with CaptureQueriesContext(connection) as queries:
        whole = find_whole(edited.pk, reviewer)
    assert vars(whole.job)["is_withheld"] is False
    assert statements(queries) == 2
    for reader, job_id in ((stranger, edited.pk), (creator, uuid.uuid4()), (reviewer, uuid.uuid4())):
        with pytest.raises(NotFound, match=f"There is no job {job_id}"):
            find_whole(job_id, reader)
