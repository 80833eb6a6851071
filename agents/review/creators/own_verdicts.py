"""Verdicts of the members of a universe on what was written for them, beside those of reviewers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from agents.canon import placement
from agents.choices import (
    ANOTHER_WAS_BETTER,
    EventKind,
    FeedbackRating,
    JobOutcome,
    JobStatus,
    ReviewKind,
    Verdict,
)
from agents.common import events, world_context
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.errors import Conflict, FieldError, Forbidden, Invalid
from agents.jobs import actions, submission
from agents.models import AgentJob, JobFeedback, RejectReason, ReviewItem
from agents.models.jobs.states import UNFINISHED
from agents.review import notes
from agents.review.creators import feedback
from agents.review.verdicts import decisions, edits
from universes.choices import CanonStatus
from universes.services import canon
from universes.services.history import canon_origins

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from universes.models import Universe


def accept(job_id: uuid.UUID, *, by: User, edited: Mapping[str, Any] | None = None) -> placement.Entry | None:
    """Make a trusted output canon, as ``edited`` if it is given; None if the job names no universe to enter.

    It takes the right to write in the universe. Raises ``Conflict``: ``in_review`` while a reviewer is to decide,
    ``output_refused`` after one refused it, ``entry_retired``, ``element_name_taken``, ``universe_archived``;
    ``Invalid`` for an edit that violates the agent's output type.
    """
    job = _finished_job(job_id, by)
    with transaction.atomic():
        universe = _writable(job, by)
        _refuse_undecided(job)
        job.universe = universe
        output = dict(job.output_data or {}) if edited is None else checked_edit(job, edited)
        is_edit = edited is not None and not edits.look_alike(output, job.output_data)
        entry = None
        if universe is not None:
            _refuse_retired(job)
            _refuse_taken_name(job, output)
            entry = placement.place(job, output, status=CanonStatus.CANON, by=by, revise=is_edit)
        feedback.record(job, FeedbackRating.ACCEPTED, by=by, edited=output)
        events.record(job.pk, EventKind.ACCEPTED, attempt=job.attempts, by=by, edited=is_edit)
        if entry is not None:
            events.record(job.pk, EventKind.CANON_ADDED, attempt=job.attempts, by=by, **entry.as_event())
    return entry


def discard(job_id: uuid.UUID, *, by: User, reason: str) -> None:
    """Reject an output: its draft or canon entry is retired, and the reason is kept. Raises as ``accept`` does."""
    reason = notes.checked_note(reason, "/reason")
    if not reason:
        detail = "Say what is wrong with it."
        raise Invalid(
            "A reason is needed.", [FieldError("/reason", detail, "required")], code="reason_required"
        )
    job = _finished_job(job_id, by)
    with transaction.atomic():
        _writable(job, by)
        _refuse_undecided(job)
        _set_aside(job, by, reason)
        feedback.record(job, FeedbackRating.REJECTED, by=by, note=reason)


def _set_aside(job: AgentJob, by: User, reason: str) -> None:
    entry = canon_origins.entry_from(str(job.pk))
    if entry is not None and entry.canon_status != CanonStatus.RETIRED:
        canon.retire(entry, by=by)
        events.record(job.pk, EventKind.CANON_WITHDRAWN, attempt=job.attempts, by=by)
    events.record(job.pk, EventKind.DISCARDED, attempt=job.attempts, by=by, reason=reason)


def rate(
    job_id: uuid.UUID,
    *,
    by: User,
    rating: FeedbackRating,
    reason: str = "",
    note: str = "",
    edited: Mapping[str, Any] | None = None,
) -> JobFeedback:
    """Record what the requester thinks of a finished output, reviewed or not; nothing else changes.

    Raises ``Invalid`` for a rejection without ``reason`` (the code of a reject reason) and note, for an edit that
    violates the agent's output type, ``Forbidden`` for another's job, ``Conflict`` for one that is not completed.
    """
    job = _finished_job(job_id, by)
    verdict = Verdict.REJECTED if rating == FeedbackRating.REJECTED else Verdict.APPROVED
    note, why = decisions.check_note_and_reason(verdict, note=note, reason=reason, agent_type=job.agent_type)
    checked = None if edited is None else checked_edit(job, edited)
    return feedback.record(job, rating, by=by, reason=why, note=note, edited=checked)


def choose(chosen_id: uuid.UUID, *, by: User) -> placement.Entry | None:
    """Choose one of the variants of a request, as feedback on each; return the entry that it became canon as.

    Trusted variants follow the choice at once: the chosen one becomes canon, the others are set aside. Those that wait
    for a reviewer stay with them. Raises what ``accept`` raises except ``in_review``, and ``Conflict`` ``no_variants``
    or ``variants_unfinished``.
    """
    chosen = _finished_job(chosen_id, by)
    if chosen.variants_id is None:
        raise Conflict("This request has no variants to choose from.", code="no_variants")
    better = RejectReason.objects.filter(code=ANOTHER_WAS_BETTER).first()
    with transaction.atomic():
        _writable(chosen, by)
        variants = AgentJob.objects.filter(variants_id=chosen.variants_id, requested_by=by)
        others = list(variants.exclude(pk=chosen_id).order_by("created_at", "pk"))
        if any(job.status in UNFINISHED for job in others):
            raise Conflict("A variant is not finished yet.", code="variants_unfinished")
        chosen.refresh_from_db(fields=["outcome"])
        entry = None
        if _waits(chosen):
            feedback.record(chosen, FeedbackRating.ACCEPTED, by=by)
        else:
            entry = accept(chosen_id, by=by)
        for job in others:
            if job.status != JobStatus.COMPLETED:
                continue
            if job.outcome == JobOutcome.TRUSTED and not _waits(job):
                _set_aside(job, by, "Another variant was chosen.")
            feedback.record(job, FeedbackRating.REJECTED, by=by, reason=better)
    return entry


def ask_again(job_id: uuid.UUID, *, by: User, note: str) -> AgentJob:
    """Submit the request of a finished job again, with a note on what should be different; return the new job.

    Raises ``Invalid`` without a note, and what ``submit_job`` raises.
    """
    note = notes.checked_note(note, "/note")
    if not note:
        detail = "Say what should be different."
        raise Invalid("A note is needed.", [FieldError("/note", detail, "required")], code="note_required")
    job = _finished_job(job_id, by)
    return submission.submit_job(
        submission.JobRequest(
            by=by,
            agent_type=job.agent_type,
            input_data=job.input_data,
            universe_id=job.universe_id,
            follows=job,
            revision_note=note,
        )
    )


def _finished_job(job_id: uuid.UUID, by: User) -> AgentJob:
    """Return a completed job of this person."""
    job = actions.get_job(job_id, by)
    if job.requested_by_id != by.pk:
        raise Forbidden("Somebody else requested this output.")
    if job.status != JobStatus.COMPLETED:
        raise Conflict(f"Job {job_id} is {job.status}; it has no output yet.", code="job_not_completed")
    return job


def _writable(job: AgentJob, by: User) -> Universe | None:
    if job.universe_id is None:
        return None
    world_context.lock_universe(job.universe_id)
    return world_context.writable_universe(by, job.universe_id)


def _open_items(job: AgentJob) -> Any:
    # An open audit, which is blind, must not be noticed.
    hidden = (ReviewKind.GOLD, ReviewKind.AUDIT)
    return ReviewItem.objects.open().filter(job=job).exclude(kind__in=hidden)


def _waits(job: AgentJob) -> bool:
    return job.outcome == JobOutcome.AWAITING_REVIEW or _open_items(job).exists()


def _refuse_undecided(job: AgentJob) -> None:
    """Refuse while a reviewer is to decide, and after one has refused it."""
    job.refresh_from_db(fields=["outcome"])
    if _waits(job):
        raise _in_review()
    if job.outcome in (JobOutcome.REJECTED, JobOutcome.ASKED_AGAIN):
        raise Conflict("A reviewer rejected it. Ask again with a note.", code="output_refused")


def _in_review() -> Conflict:
    return Conflict("A reviewer has to decide first.", code="in_review")


def _refuse_retired(job: AgentJob) -> None:
    entry = canon_origins.entry_from(str(job.pk))
    if entry is not None and entry.canon_status == CanonStatus.RETIRED:
        raise Conflict("It was retired, which is final. Ask again.", code="entry_retired")


def _refuse_taken_name(job: AgentJob, output: Mapping[str, Any]) -> None:
    other = placement.namesake(job, output)
    if other is not None:
        raise Conflict(
            f"The universe already has “{other.name}”. Edit the name first.",
            code="element_name_taken",
            details={"existing": {"id": str(other.pk), "name": other.name}},
        )


def checked_edit(job: AgentJob, edited: Mapping[str, Any]) -> dict[str, Any]:
    """Return an edited output as it would be placed; raise ``Invalid`` with pointers under ``/output``."""
    try:
        return get_agent(job.agent_type).check_edit(edited, job.output_data or {})
    except InvalidInput as error:
        raise Invalid(
            "The edited output is not valid.",
            [FieldError(f"/output{e.pointer}", e.message, e.code) for e in error.errors],
        ) from None
