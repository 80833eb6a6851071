"""What a reviewer does: decide. The item, the decision and its effect are one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from agents.choices import EventKind, Verdict
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.errors import FieldError, Invalid, NotFound
from agents.models import AgentJob, ReviewDecision, ReviewItem
from agents.services import canon, events, jobs, review_queue, worlds

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOTE_NEEDED = {
    Verdict.REJECTED: "Say why it is rejected.",
    Verdict.ASKED_AGAIN: "Say what the agent should do differently.",
}


def decide(
    item_id: uuid.UUID,
    verdict: Verdict,
    *,
    by: User,
    note: str = "",
    edited: Mapping[str, Any] | None = None,
) -> ReviewDecision:
    """Close an open item with a verdict, and let the verdict take effect.

    Approving puts the output (``edited``, where given with ``Verdict.EDITED``) into the universe's canon; asking
    again makes a new job that carries the note. Of several reviewers at once one decides; the others get
    ``ReviewClosed``, which names the one, or ``ReviewClaimed`` while somebody else holds the item. Raises
    ``Forbidden`` without the permission, ``Invalid`` for a missing note or an edit that the agent itself could not
    have written, ``Conflict`` for an archived universe.
    """
    review_queue.require_reviewer(by)
    item = ReviewItem.objects.select_related("job__universe", "job__requested_by").filter(pk=item_id).first()
    if item is None:
        raise NotFound(f"There is no review item {item_id}.", code="review_item_not_found")
    note = _check_note(verdict, note)
    after = _check_edit(item, verdict, edited)
    if verdict == Verdict.EDITED and after == item.job.output_data:
        # Nothing was changed: the record must not claim an edit.
        verdict, after = Verdict.APPROVED, None
    with transaction.atomic():
        job = item.job
        job.universe = worlds.hold_universe(job.universe_id)
        review_queue.win(item_id, lambda: ReviewItem.objects.close(item_id, by))
        decision = ReviewDecision.objects.create(
            item=item, verdict=verdict, by=by, note=note, before=job.output_data, after=after
        )
        AgentJob.objects.filter(pk=job.pk).update(human_review_required=False)
        events.record(
            job.pk, EventKind.REVIEW_DECIDED, attempt=job.attempts, by=by, verdict=verdict, note=note
        )
        if verdict in {Verdict.APPROVED, Verdict.EDITED}:
            _accept(job, decision, by)
        elif verdict == Verdict.ASKED_AGAIN:
            _ask_again(job, decision)
    return decision


def _check_note(verdict: Verdict, note: str) -> str:
    note = review_queue.checked_note(note, "/note")
    if verdict in NOTE_NEEDED and not note:
        raise Invalid(
            "A note is needed.", [FieldError("/note", NOTE_NEEDED[verdict], "required")], code="note_required"
        )
    return note


def _check_edit(
    item: ReviewItem, verdict: Verdict, edited: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    if verdict != Verdict.EDITED:
        if edited is not None:
            detail = "Only the verdict `edited` takes an output."
            raise Invalid("An output was sent with another verdict.", [FieldError("/output", detail)])
        return None
    if edited is None:
        raise Invalid(
            "The edited output is missing.", [FieldError("/output", "Send the whole output.", "required")]
        )
    try:
        return get_agent(item.agent_type).check_edit(edited, item.job.output_data or {})
    except InvalidInput as error:
        raise Invalid(
            "The edited output is not valid.",
            [FieldError(f"/output{e.pointer}", e.message, e.code) for e in error.errors],
        ) from None


def _accept(job: AgentJob, decision: ReviewDecision, by: User) -> None:
    output = decision.after if decision.after is not None else decision.before
    entry = canon.place(job, output, status="canon", by=by)
    if entry is not None:
        events.record(job.pk, EventKind.CANON_ADDED, attempt=job.attempts, by=by, **entry.as_event())


def _ask_again(job: AgentJob, decision: ReviewDecision) -> None:
    """A new job in the name of the person who asked first; it carries the note and points back."""
    if job.universe is not None:
        worlds.refuse_archived(job.universe)
    follow_up = jobs.create_job(
        by=job.requested_by,
        agent_type=job.agent_type,
        input_data=job.input_data,
        universe=job.universe,
        schedule=job.schedule,
        follows=job,
        revision_note=decision.note,
    )
    decision.follow_up = follow_up
    decision.save(update_fields=["follow_up"])
