"""Reopening of a decided review by a lead, after its reviewer can no longer undo it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents.choices import EventKind, ReviewKind, ReviewState
from agents.common import permissions, world_context
from agents.errors import Conflict, FieldError, Forbidden, Invalid
from agents.models import ReviewDecision, ReviewItem
from agents.review import history, items, notes
from agents.review.verdicts import effects

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def reopen(item_id: uuid.UUID, reason: str, *, by: User) -> ReviewItem:
    """Undo all verdicts on a closed item without a time limit; it opens again, claimed by the lead.

    Canon and follow-up are as before the verdict. Raises ``Forbidden`` for all but leads, ``Invalid`` without a
    reason, and ``Conflict`` as ``decisions.undo`` does, or with the codes ``review_open`` (this review or another one
    of the job) and ``gold_item``.
    """
    if not permissions.is_lead(by):
        raise Forbidden("Only a lead may reopen a review.", code="not_lead")
    reason = notes.checked_note(reason, "/reason")
    if not reason:
        detail = "Give a reason for reopening."
        raise Invalid("A reason is needed.", [FieldError("/reason", detail, "required")])
    universe_id = items.find_item(item_id, by).job.universe_id
    with transaction.atomic():
        # Lock order: universe before item before job, as in ``decisions``.
        universe = world_context.lock_universe(universe_id)
        item = items.lock_item(item_id, by)
        items.lock_job(item.job_id)
        item.job.universe = universe
        if item.kind == ReviewKind.GOLD:
            raise Conflict("A gold item measures its reviewer and is not reopened.", code="gold_item")
        if item.state == ReviewState.OPEN:
            raise Conflict("This review is open.", code="review_open", details={"review_id": str(item.pk)})
        items.refuse_open_review(item.job_id)
        decision = item.decision
        if decision is None:
            raise Conflict("It has no verdict in force.", code="nothing_to_undo")
        # Before the effects are reverted: the outcome is then that of the verdicts in force.
        ReviewDecision.objects.in_force().filter(item=item).update(undone_at=timezone.now(), undone_by=by)
        effects.revert(item, decision, by)
        ReviewItem.objects.reopen(item_id, by, claim_s=settings.REVIEW_CLAIM_S)
        history.record(item, EventKind.REVIEW_REOPENED, by, verdict=decision.verdict, reason=reason)
    return items.find_item(item_id, by)
