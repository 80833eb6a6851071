"""Universes in which a guest's verdict decides alone: a lead says so, for items that want one opinion."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from agents.choices import ReviewKind, Verdict
from agents.errors import DomainError, NotFound
from agents.models import GuestOpinion, GuestsDecide, ReviewItem
from agents.review import allowances
from agents.review.verdicts import decisions

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = structlog.get_logger(__name__)

LEADS_ONLY = "Only lead reviewers may see and change where guests decide."


def allow(universe_id: uuid.UUID, *, by: User) -> GuestsDecide:
    """Let guests decide in a universe; idempotent. Raises ``Forbidden`` for everyone but leads, and ``Invalid``."""
    return allowances.allow(GuestsDecide, universe_id, by=by, refusal=LEADS_ONLY)


def forbid(universe_id: uuid.UUID, *, by: User) -> None:
    """End it; verdicts that were given stay.

    Raises ``Forbidden`` for everyone but leads, and ``NotFound`` ``guests_do_not_decide``.
    """
    if not allowances.forbid(GuestsDecide, universe_id, by=by, refusal=LEADS_ONLY):
        raise NotFound(f"Guests do not decide in universe {universe_id}.", code="guests_do_not_decide")


def decidable(items: Iterable[ReviewItem]) -> set[uuid.UUID]:
    """Return the ids of the items that a guest's verdict would decide. Gold items measure reviewers, and are none."""
    single = [
        item
        for item in items
        if item.opinions_wanted == 1 and item.kind != ReviewKind.GOLD and item.closed_at is None
    ]
    wanted = {item.universe_id for item in single if item.universe_id is not None}
    allowed = set(GuestsDecide.objects.filter(universe__in=wanted).values_list("universe", flat=True))
    return {item.pk for item in single if item.universe_id in allowed}


def decide(opinion: GuestOpinion) -> bool:
    """Decide the item by a guest's verdict, in the name of the reviewer who made the link; return whether it did.

    What a reviewer would be refused, such as an item that another one has claimed, leaves the verdict an opinion.
    """
    item, link = opinion.item, opinion.link
    if not decidable([item]):
        return False
    signature = f"{opinion.name}, by the link for {link.label}"
    note = f"{opinion.comment}\n\n{signature}" if opinion.comment else signature
    try:
        with transaction.atomic():
            decisions.decide(
                item.pk, Verdict(opinion.verdict), by=link.made_by, note=note, guest_opinion=opinion
            )
    except DomainError as refusal:
        log.info("guest_did_not_decide", item_id=str(item.pk), reason=refusal.code)
        return False
    return True
