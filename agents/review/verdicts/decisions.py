"""Deciding a review item, and undoing a decision.

The item, the decision and its effect are written in one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents.choices import EventKind, JobOutcome, NotificationKind, ReviewKind, ReviewState, Verdict
from agents.common import permissions, world_context
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.errors import Busy, Conflict, FieldError, Invalid, ReviewClaimed
from agents.models import AgentJob, GuestOpinion, RejectReason, ReviewDecision, ReviewItem
from agents.notify import notifications
from agents.review import claims, history, items, self_review
from agents.review import notes as review_notes
from agents.review.verdicts import edits, effects

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def decide(
    item_id: uuid.UUID,
    verdict: Verdict,
    *,
    by: User,
    note: str = "",
    reason: str = "",
    edited: Mapping[str, Any] | None = None,
    merge_into: uuid.UUID | None = None,
    bulk_id: uuid.UUID | None = None,
    guest_opinion: GuestOpinion | None = None,
) -> ReviewDecision:
    """Record a reviewer's verdict on an open item and apply its effect.

    Where several opinions are required, the verdict is one of them, and the last one takes effect if all agree. As
    soon as two differ, the item waits for a lead, whose verdict takes effect alone.

    Approval puts the output (or ``edited``, with ``Verdict.EDITED``) into the universe's canon; asking again creates
    a new job that carries the note. ``reason`` is the code of a reject reason. ``merge_into`` is the entry that has
    the name of the accepted place already and takes its description; without it such a name is refused.
    ``guest_opinion``: the verdict of a guest, which the reviewer who made the link answers for.

    Of several concurrent reviewers one decides; the others get ``ReviewClosed``, which names the winner, or
    ``ReviewClaimed`` while another reviewer holds a claim. Raises ``Forbidden`` without the permission, ``Invalid``
    for a missing note or reason or for an edit that violates the agent's output schema, and ``Conflict`` for an
    archived universe, or with the codes ``own_job`` for the requester of the job, ``element_name_taken`` and
    ``contradictory_output``.
    """
    permissions.require_reviewer(by)
    item = items.find_item(item_id, by)
    note, why = check_note_and_reason(verdict, note=note, reason=reason, agent_type=item.agent_type)
    after = _check_edit(item, verdict, edited)
    if verdict == Verdict.EDITED and edits.look_alike(after, item.job.output_data):
        # Nothing that readers see was changed: the record must not claim an edit.
        verdict, after = Verdict.APPROVED, None
    if verdict == Verdict.APPROVED and item.kind != ReviewKind.GOLD:
        _refuse_contradiction(item)
    decision = ReviewDecision(
        item=item,
        verdict=verdict,
        by=by,
        reason=why,
        note=note,
        before=item.job.output_data,
        after=after,
        work_s=_work_s(item, by),
        bulk_id=bulk_id,
        guest_opinion=guest_opinion,
    )
    with transaction.atomic():
        item.job.universe = world_context.lock_universe(item.job.universe_id)
        if item.opinions_wanted == 1 or item.kind == ReviewKind.GOLD:
            claims.run_transition(item_id, by, lambda: ReviewItem.objects.close(item_id, by))
            _take_effect(item, decision, [], merge_into)
        else:
            _give_opinion(item, decision, merge_into)
    return decision


def _give_opinion(item: ReviewItem, decision: ReviewDecision, merge_into: uuid.UUID | None) -> None:
    by = decision.by
    # This UPDATE also locks the row, so concurrent reviewers of the item run one after another from here.
    claims.run_transition(item.pk, by, lambda: ReviewItem.objects.release_judgeable(item.pk, by))
    item.disputed_at = ReviewItem.objects.values_list("disputed_at", flat=True).get(pk=item.pk)
    others = list(item.decisions.in_force().select_related("by").order_by("at", "id"))
    decision.is_lead = item.disputed_at is not None
    if decision.is_lead or (_agree([*others, decision]) and len(others) + 1 >= item.opinions_wanted):
        if not ReviewItem.objects.close(item.pk, by):
            raise Busy("Other reviewers are changing this item. Try again.", code="queue_busy")
        _take_effect(item, decision, [] if decision.is_lead else others, merge_into)
        return
    decision.takes_effect = False
    _save(item, decision)
    # The assignee has given an opinion: clear the assignment so that another reviewer can get the item.
    ReviewItem.objects.filter(pk=item.pk, assigned_to=by).update(assigned_to=None)
    # Leave the verdict out of the history, which reviewers without an opinion can read.
    history.record(item, EventKind.REVIEW_OPINION, by)
    if not _agree([*others, decision]):
        ReviewItem.objects.filter(pk=item.pk).update(disputed_at=timezone.now(), assigned_to=None)
        history.record(item, EventKind.REVIEW_DISPUTED, None)
        judges = {opinion.by_id for opinion in (*others, decision)}
        leads = permissions.leads().exclude(pk__in=judges)
        notifications.notify(leads, NotificationKind.DISPUTE, item, by=None)


def _agree(decisions: Iterable[ReviewDecision]) -> bool:
    """Return whether verdicts and edited texts are equal; notes and reasons may differ."""
    first, *others = decisions
    return all((other.verdict, other.after) == (first.verdict, first.after) for other in others)


def _take_effect(
    item: ReviewItem, decision: ReviewDecision, others: list[ReviewDecision], merge_into: uuid.UUID | None
) -> None:
    decision.takes_effect = True
    _save(item, decision)
    if item.kind != ReviewKind.GOLD:
        # Before the event, because webhooks send the outcome with it.
        AgentJob.objects.decide(item.job_id, JobOutcome(decision.verdict))
    history.record(
        item,
        EventKind.REVIEW_DECIDED,
        decision.by,
        verdict=decision.verdict,
        reason=decision.reason.name if decision.reason else "",
        note=decision.note,
        **({"guest": decision.guest_opinion.name} if decision.guest_opinion else {}),
    )
    _tell_requester(item, decision)
    notes = dict.fromkeys(opinion.note for opinion in [*others, decision] if opinion.note)
    effects.apply(item, decision, note="\n\n".join(notes), merge_into=merge_into)


def _tell_requester(item: ReviewItem, decision: ReviewDecision) -> None:
    """Notify the requester of the job, except of an audit that changes nothing for them and of gold."""
    is_unnoticed = item.kind == ReviewKind.AUDIT and decision.verdict == Verdict.APPROVED
    if item.kind == ReviewKind.GOLD or is_unnoticed:
        return
    words = [decision.reason.name if decision.reason else "", decision.note]
    text = "\n".join(part for part in words if part)
    notifications.notify([item.job.requested_by], NotificationKind.VERDICT, item, by=decision.by, text=text)


def _save(item: ReviewItem, decision: ReviewDecision) -> None:
    decision.self_review_allowed_by = self_review.allowed_by(item, decision.by)
    decision.save(force_insert=True)


def _work_s(item: ReviewItem, by: User) -> float | None:
    now = timezone.now()
    if item.claimed_by_id != by.pk or item.claimed_at is None or not item.is_claimed(now):
        return None
    return max(0.0, (now - item.claimed_at).total_seconds())


def undo(item_id: uuid.UUID, *, by: User, is_claimed: bool = True) -> ReviewItem:
    """Undo the caller's own verdict within ``REVIEW_UNDO_S``; the item reopens, claimed by the caller if they say so.

    Raises ``Conflict`` with one of the codes ``nothing_to_undo``, ``undo_too_late``, ``opinions_agreed`` (the item
    was decided by further opinions), ``review_claimed`` (another reviewer has claimed it), ``canon_moved_on``,
    ``element_name_taken``, ``follow_up_done``, ``universe_archived``, ``review_open`` (another review of the job).
    """
    permissions.require_reviewer(by)
    universe_id = items.find_item(item_id, by).job.universe_id
    with transaction.atomic():
        # Lock order: universe before item, as in ``decide``.
        universe = world_context.lock_universe(universe_id)
        item = items.lock_item(item_id, by)
        item.job.universe = universe
        if item.state == ReviewState.CLOSED and item.kind != ReviewKind.GOLD:
            items.lock_job(item.job_id)
            items.refuse_open_review(item.job_id)
        decision = ReviewDecision.objects.in_force().filter(item=item, by=by).order_by("-at", "-id").first()
        if decision is None:
            raise Conflict("You have no verdict on this item to undo.", code="nothing_to_undo")
        if item.state == ReviewState.CLOSED and not decision.takes_effect:
            raise Conflict(
                "The others have given their opinions, and the item was decided.", code="opinions_agreed"
            )
        if item.claimed_by is not None and item.claimed_by_id != by.pk and item.is_claimed(timezone.now()):
            raise ReviewClaimed(f"{item.claimed_by.get_username()} is reading this item now.")
        if not ReviewDecision.objects.undo(decision.pk, by, since=undoable_since()):
            raise Conflict(_too_late(), code="undo_too_late")
        if decision.takes_effect:
            effects.revert(item, decision, by)
            notifications.take_back(item, NotificationKind.VERDICT)
            ReviewItem.objects.reopen(item_id, by, claim_s=settings.REVIEW_CLAIM_S)
        remaining = list(item.decisions.in_force())
        disputed_at = None if not remaining or _agree(remaining) else item.disputed_at or timezone.now()
        ReviewItem.objects.filter(pk=item_id).update(disputed_at=disputed_at)
        if disputed_at is None:
            ReviewItem.objects.claim(item_id, by, claim_s=settings.REVIEW_CLAIM_S)
        if not is_claimed:
            ReviewItem.objects.release(item_id, by)
        # The verdict of an opinion stays out of the history: see ``_give_opinion``.
        data = {"verdict": decision.verdict} if decision.takes_effect else {}
        history.record(item, EventKind.REVIEW_UNDONE, by, **data)
    return items.find_item(item_id, by)


def last_undoable(by: User) -> ReviewDecision | None:
    """Return the newest decision of ``by`` that is still within the time limit for undo, with its item and job."""
    newest = ReviewDecision.objects.in_force().filter(by=by, at__gte=undoable_since()).order_by("-at", "-id")
    return newest.select_related("item__job").first()


def _too_late() -> str:
    seconds = settings.REVIEW_UNDO_S
    if not seconds:
        return "Verdicts cannot be undone here."
    count, unit = (seconds, "second") if seconds % 60 else (seconds // 60, "minute")
    return f"A verdict can be undone for {count} {unit}{'' if count == 1 else 's'}."


def undoable_since() -> datetime:
    return timezone.now() - timedelta(seconds=settings.REVIEW_UNDO_S)


def reject_reasons(agent_type: str = "") -> list[RejectReason]:
    """Return the active reject reasons in display order, those for one agent or all."""
    reasons = RejectReason.objects.offered()
    return [reason for reason in reasons if not agent_type or reason.suits(agent_type)]


def check_note_and_reason(
    verdict: Verdict, *, note: str, reason: str, agent_type: str = ""
) -> tuple[str, RejectReason | None]:
    """Validate note and reason against the verdict; return the stripped note and the reason's row."""
    note = review_notes.checked_note(note, "/note")
    return note, _check_reason(verdict, reason, note, agent_type)


def _check_reason(verdict: Verdict, code: str, note: str, agent_type: str) -> RejectReason | None:
    if verdict == Verdict.ASKED_AGAIN and not note:
        detail = "Say what the agent should do differently."
        raise Invalid("A note is needed.", [FieldError("/note", detail, "required")], code="note_required")
    if verdict != Verdict.REJECTED:
        if code:
            detail = "Only the verdict `rejected` takes a reason."
            raise Invalid("A reason was sent with another verdict.", [FieldError("/reason", detail)])
        return None
    if not code:
        if note:
            return None
        detail = "Choose a reason or write a note."
        raise Invalid(
            "A reason is needed.", [FieldError("/reason", detail, "required")], code="reason_required"
        )
    known = RejectReason.objects.filter(is_active=True)
    reason = known.filter(code=code).first() if review_notes.is_storable(code) else None
    if reason is None or (agent_type and not reason.suits(agent_type)):
        offered = ", ".join(reason.code for reason in reject_reasons(agent_type))
        of_agent = f" for this agent ({agent_type})" if reason is not None else ""
        detail = f"There is no reason {code!r}{of_agent}; use one of: {offered}."
        raise Invalid("The reason is not known.", [FieldError("/reason", detail, "unknown_reason")])
    return reason


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
    return check_edit(item, edited)


def _refuse_contradiction(item: ReviewItem) -> None:
    errors = get_agent(item.agent_type).contradictions_in(item.job.output_data or {})
    if errors:
        detail = " ".join(error.message for error in errors)
        raise Conflict(f"It contradicts itself. {detail} Edit it, or reject it.", code="contradictory_output")


def check_edit(item: ReviewItem, edited: Mapping[str, Any]) -> dict[str, Any]:
    """Return the edited output as it would be stored; raise ``Invalid`` with pointers under ``/output``."""
    try:
        return get_agent(item.agent_type).check_edit(edited, item.job.output_data or {})
    except InvalidInput as error:
        raise Invalid(
            "The edited output is not valid.",
            [FieldError(f"/output{e.pointer}", e.message, e.code) for e in error.errors],
        ) from None
