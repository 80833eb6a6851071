"""Contents of a link, as guests see them, and the opinions that guests give."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from agents.choices import EventKind, Verdict
from agents.common import permissions
from agents.common.output_form import label_of
from agents.common.text.job_text import request_text
from agents.engine.registry import get_agent
from agents.errors import Conflict, FieldError, Invalid, NotFound
from agents.models import GuestOpinion, ReviewItem, ReviewLink
from agents.models.review.guest import GUEST_VERDICTS
from agents.notify import guest_notices
from agents.review import comments, history, notes
from agents.review.guests import deciding, links

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_OPINIONS: Final = 500


@dataclass(frozen=True, slots=True)
class SharedItem:
    """An item as a guest sees it: what was asked and written, and the opinions given by the same link.

    ``decides``: a verdict given by the link would decide it. ``labels`` are the names of the output's fields in words.
    """

    id: uuid.UUID
    agent_type: str
    request: str
    output: dict[str, Any]
    opinions: list[GuestOpinion]
    labels: dict[str, str]
    is_closed: bool
    decides: bool


def shared_items(link: ReviewLink, *, reader: User | None = None) -> list[SharedItem]:
    """Return the items of a link in the order of their opening, without confidence, signals and verdicts.

    ``reader``: whoever is signed in; reviewers who have still to give their own opinion of an item see no others.
    """
    ReviewLink.objects.filter(pk=link.pk).update(last_used_at=timezone.now())
    items = list(ReviewItem.objects.filter(links=link).select_related("job").order_by("opened_at", "id"))
    decidable = deciding.decidable(items)
    opinions: dict[uuid.UUID, list[GuestOpinion]] = {}
    for opinion in link.opinions.order_by("at", "id"):
        opinions.setdefault(opinion.item_id, []).append(opinion)
    reviewer = reader if reader is not None and permissions.is_reviewer(reader) else None
    return [
        SharedItem(
            id=item.pk,
            agent_type=item.agent_type,
            request=request_text(item.job),
            output=_written(item),
            opinions=opinions.get(item.pk, [])
            if reviewer is None or comments.may_read(item, reviewer)
            else [],
            labels={name: label_of(name) for name in _written(item)},
            is_closed=item.closed_at is not None,
            decides=item.pk in decidable,
        )
        for item in items
    ]


def _written(item: ReviewItem) -> dict[str, Any]:
    hidden = {"model", "tokens_used", *get_agent(item.agent_type).fixed_fields} - {"type"}
    return {name: value for name, value in (item.job.output_data or {}).items() if name not in hidden}


def give_opinion(
    token: str, item_id: uuid.UUID, *, verdict: str, name: str, comment: str = ""
) -> GuestOpinion:
    """Record what a guest thinks of an item of the link; where the universe says so, it decides.

    The reviewer who made the link is notified, and whoever has claimed the item. The same opinion sent twice in a row
    is recorded once, and notifies nobody.

    Raises ``NotFound`` for a link that is not open and for an item that it does not show, ``Invalid``, and
    ``Conflict`` ``too_many_opinions``.
    """
    if verdict not in GUEST_VERDICTS:
        detail = f"One of: {', '.join(GUEST_VERDICTS)}."
        raise Invalid("Not valid: verdict.", [FieldError("/verdict", detail, "invalid_choice")])
    name, comment = links.checked_name(name, "/name"), notes.checked_note(comment, "/comment")
    with transaction.atomic():
        # Locked, so that a link that is being revoked takes no more, and the number is right.
        found = links.find_link(token)
        link = (
            ReviewLink.objects.select_for_update(of=("self",))
            .open_at(timezone.now())
            .filter(pk=found.pk)
            .select_related("made_by")
            .first()
        )
        if link is None:
            raise NotFound("This link is invalid, expired or revoked.", code="review_link_not_found")
        item = ReviewItem.objects.filter(links=link, pk=item_id).select_related("job", "claimed_by").first()
        if item is None:
            raise NotFound(f"This link shows no item {item_id}.", code="review_item_not_found")
        last = link.opinions.filter(item=item).order_by("-at", "-id").first()
        if last is not None and (last.name, last.verdict, last.comment) == (name, verdict, comment):
            # The button was pressed twice.
            return last
        if link.opinions.count() >= MAX_OPINIONS:
            raise Conflict("This link has reached its limit of opinions.", code="too_many_opinions")
        opinion = GuestOpinion.objects.create(
            link=link, item=item, name=name, verdict=Verdict(verdict), comment=comment
        )
        # Without the verdict, which must not influence reviewers who give independent opinions.
        history.record(item, EventKind.GUEST_OPINION, None, link_id=str(link.pk), label=link.label, name=name)
        is_verdict = deciding.decide(opinion)
        guest_notices.notify_opinion(_told_of(opinion), opinion, is_verdict=is_verdict)
    return opinion


def _told_of(opinion: GuestOpinion) -> list[User]:
    """Return who is told of an opinion: the maker of the link and the holder of the item, if they see the item."""
    item = opinion.item
    holder = item.claimed_by if item.is_claimed(opinion.at) else None
    people = {person.pk: person for person in (opinion.link.made_by, holder) if person is not None}
    return [
        person
        for person in people.values()
        if permissions.is_reviewer(person) and ReviewItem.objects.shown_to(person).filter(pk=item.pk).exists()
    ]


def opinions_on(item: ReviewItem, user: User) -> list[GuestOpinion]:
    """Return the opinions of guests on an item, oldest first; none to reviewers who have still to give their own."""
    if not comments.may_read(item, user):
        return []
    return list(GuestOpinion.objects.filter(item=item).select_related("link").order_by("at", "id"))
