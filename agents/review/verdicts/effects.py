"""Effects of a verdict on the job and its universe, and their reversal."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.utils import timezone

from agents.billing import budgets
from agents.canon import placement
from agents.choices import ACCEPTED_VERDICTS, EventKind, JobOutcome, JobStatus, ReviewKind, Verdict
from agents.common import events, world_context
from agents.errors import Conflict, FieldError, Invalid
from agents.jobs import submission
from agents.models import AgentJob, ReviewDecision, ReviewItem
from universes.choices import CanonStatus
from universes.services.history import canon_origins

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def apply(
    item: ReviewItem, decision: ReviewDecision, *, note: str, merge_into: uuid.UUID | None = None
) -> None:
    """Apply a verdict within the transaction that records it; the caller holds the universe's row lock.

    Accepted output becomes canon. Rejected output that had been trusted (an audit, a flag) is withdrawn, unless a
    person has edited the entry since. Asking again creates a new job that carries ``note``. A gold item has no effect,
    because its job was decided before.
    """
    job = item.job
    if item.kind == ReviewKind.GOLD:
        return
    if decision.verdict in ACCEPTED_VERDICTS:
        _accept(item, decision, merge_into)
        return
    if item.kind != ReviewKind.DOUBT:
        _withdraw(job, decision)
    if decision.verdict == Verdict.ASKED_AGAIN:
        _ask_again(job, decision, note)


def _accept(item: ReviewItem, decision: ReviewDecision, merge_into: uuid.UUID | None) -> None:
    job = item.job
    if item.kind != ReviewKind.DOUBT and canon_origins.is_touched(str(job.pk)):
        return
    is_edit = decision.after is not None
    output = decision.after if decision.after is not None else decision.before
    other = placement.namesake(job, output)
    if merge_into is not None and (other is None or other.pk != merge_into):
        detail = f"Entry {merge_into} does not have this name."
        raise Invalid("This entry cannot be merged into.", [FieldError("/merge_into", detail)])
    if other is not None and _enters_canon(job, is_edit=is_edit):
        if merge_into is None:
            raise Conflict(
                f"The universe already has “{other.name}”. Merge into it, or edit the name.",
                code="element_name_taken",
                details={"existing": {"id": str(other.pk), "name": other.name}},
            )
        step = placement.merge(job, output, other, by=decision.by)
        if step is not None:
            _link(decision, canon_change_id=step.pk)
        return
    last = placement.latest_change(job)
    entry = placement.place(job, output, status="canon", by=decision.by, revise=is_edit)
    if entry is None:
        return
    step = placement.latest_change(job)
    if step is None or (last is not None and step.pk == last.pk):
        # The entry was complete before this verdict.
        return
    _link(decision, canon_change_id=step.pk)
    events.record(job.pk, EventKind.CANON_ADDED, attempt=job.attempts, by=decision.by, **entry.as_event())


def _enters_canon(job: AgentJob, *, is_edit: bool) -> bool:
    """Return whether an approval would add the entry of the job, promote it or change it."""
    entry = placement.entry_of(job)
    return (
        entry is None or entry.status == CanonStatus.DRAFT or (is_edit and entry.status == CanonStatus.CANON)
    )


def _withdraw(job: AgentJob, decision: ReviewDecision) -> None:
    step = canon_origins.retire_untouched(str(job.pk), decision.by)
    if step is not None:
        _link(decision, canon_change_id=step.pk)
        _record_withdrawal(job, decision.by)


def _ask_again(job: AgentJob, decision: ReviewDecision, note: str) -> None:
    """Create a follow-up job for the original requester, carrying the note."""
    if job.universe is not None:
        world_context.refuse_archived(job.universe)
    request = submission.JobRequest(
        by=job.requested_by,
        agent_type=job.agent_type,
        input_data=job.input_data,
        universe_id=job.universe_id,
        schedule=job.schedule,
        follows=job,
        revision_note=note,
    )
    world = world_context.world_view(job.universe)
    follow_up = submission.create_job(submission.prepare_job(request, job.universe, world))
    _link(decision, follow_up_id=follow_up.pk)


def _link(decision: ReviewDecision, **columns: object) -> None:
    for name, value in columns.items():
        setattr(decision, name, value)
    ReviewDecision.objects.filter(pk=decision.pk).update(**columns)


def revert(item: ReviewItem, decision: ReviewDecision, by: User) -> None:
    """Reverse everything that ``apply`` did.

    Raises ``Conflict``: ``canon_moved_on`` if the entry was changed since, ``follow_up_done`` if the follow-up job
    has completed, ``universe_archived``.
    """
    job = item.job
    if item.kind == ReviewKind.GOLD:
        return
    if decision.follow_up_id is not None:
        _cancel(decision.follow_up_id, by)
    if decision.canon_change_id is not None:
        canon_origins.undo_change(decision.canon_change_id, by)
        entry = placement.entry_of(job)
        if entry is None:
            _record_withdrawal(job, by)
        else:
            # The entry is back in the state before the verdict.
            events.record(job.pk, EventKind.CANON_ADDED, attempt=job.attempts, by=by, **entry.as_event())
    AgentJob.objects.decide(job.pk, _outcome_without_verdict(item))


def _outcome_without_verdict(item: ReviewItem) -> JobOutcome:
    """Return the outcome of a job whose newest verdict, on this item, is undone."""
    if item.kind == ReviewKind.DOUBT:
        return JobOutcome.AWAITING_REVIEW
    earlier = ReviewDecision.objects.effective().filter(item__job=item.job_id).exclude(item=item.pk)
    verdict = earlier.order_by("-at", "-id").values_list("verdict", flat=True).first()
    return JobOutcome(verdict) if verdict else JobOutcome.TRUSTED


def _cancel(follow_up_id: uuid.UUID, by: User) -> None:
    job = AgentJob.objects.filter(pk=follow_up_id).first()
    if job is None:
        return
    was_running = job.status == JobStatus.PROCESSING
    if AgentJob.objects.cancel(job.pk):
        job.refresh_from_db()
        events.record(job.pk, EventKind.CANCELLED, attempt=job.attempts, by=by, was_running=was_running)
        budgets.settle(job, is_final=True, at=timezone.now())
        return
    job.refresh_from_db()
    if job.status == JobStatus.COMPLETED:
        raise Conflict("The agent has already written the revision.", code="follow_up_done")


def _record_withdrawal(job: AgentJob, by: User) -> None:
    events.record(job.pk, EventKind.CANON_WITHDRAWN, attempt=job.attempts, by=by)
