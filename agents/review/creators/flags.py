"""Flags: a person sends a trusted output to review, with a reason."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from agents.choices import EventKind, JobOutcome
from agents.common import events, world_context
from agents.errors import Conflict, FieldError, Invalid, NotFound
from agents.jobs.running import open_review
from agents.models import AgentJob, ReviewItem
from agents.review import items, notes
from universes.models import Membership

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def flag(job_id: uuid.UUID, reason: str, *, by: User) -> ReviewItem:
    """Open a review of a trusted output; it goes on to count until the verdict.

    For everybody who may read the job, and for the members of its universe, who read the entry that it became. Raises
    ``NotFound``, ``Invalid`` without a reason, or ``Conflict``: ``not_trusted``, ``review_open``, or ``reused_output``
    for a copy, because the review belongs to the job that wrote the text.
    """
    reason = notes.checked_note(reason, "/reason")
    if not reason:
        detail = "Say what is wrong with it."
        raise Invalid("A reason is needed.", [FieldError("/reason", detail, "required")])
    job = _find(job_id, by)
    with transaction.atomic():
        job.universe = world_context.lock_universe(job.universe_id)
        items.lock_job(job.pk)
        job.refresh_from_db(fields=["status", "outcome"])
        items.refuse_open_review(job.pk)
        if job.outcome != JobOutcome.TRUSTED:
            raise Conflict(_why_not(job), code="not_trusted")
        if job.reused_from_id is not None:
            raise Conflict(
                f"The text was written by job {job.reused_from_id}: flag that one.",
                code="reused_output",
                details={"job_id": str(job.reused_from_id)},
            )
        item = open_review.flagged(job, reason)
        item.save(force_insert=True)
        events.record(
            job.pk,
            EventKind.REVIEW_OPENED,
            attempt=job.attempts,
            by=by,
            review_id=str(item.pk),
            reason=reason,
        )
    return item


def _find(job_id: uuid.UUID, by: User) -> AgentJob:
    universes = Membership.objects.filter(user=by.pk).values("universe")
    mine = AgentJob.objects.visible_to(by).order_by().values("pk")
    readable = AgentJob.objects.filter(Q(pk__in=mine.filter(pk=job_id)) | Q(universe__in=universes))
    job = readable.select_related("requested_by").filter(pk=job_id).first()
    if job is None:
        raise NotFound(f"There is no job {job_id}.", code="job_not_found")
    return job


def _why_not(job: AgentJob) -> str:
    if not job.outcome:
        return f"Job {job.pk} is not finished."
    if job.outcome in (JobOutcome.FAILED, JobOutcome.CANCELLED):
        return f"Job {job.pk} is {job.outcome}: it has no output."
    return f"Job {job.pk} was reviewed. A lead can reopen its review."
