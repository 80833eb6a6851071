"""Working the queue: who holds which item, and which comes next.

A claim is a lease on an open item. It ends by a decision, by letting go, or when nothing was heard of its holder for
``REVIEW_CLAIM_S``; the database decides between two who press at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from agents.choices import EventKind
from agents.engine.fields import InvalidInput, refuse_unstorable
from agents.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, ReviewClaimed, ReviewClosed
from agents.models import AgentJobEvent, ReviewDecision, ReviewItem, ReviewSkip
from agents.querysets import ReviewItemQuerySet
from agents.services import events

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PERMISSION = "agents.decide_reviewitem"
NOTE_LENGTH = 5000

# Others press at the same time; after so many lost races something else is wrong.
TRIES = 20


def require_reviewer(user: User) -> None:
    if not user.has_perm(PERMISSION):
        raise Forbidden("You may not decide review items.")


def claim_next(by: User, among: ReviewItemQuerySet | None = None) -> ReviewItem | None:
    """Hold the most urgent item that is open to ``by``; None where nothing is.

    ``among`` narrows it to a filtered queue. What ``by`` has skipped comes last, the longest ago first. Of several
    who ask at once each gets another item.
    """
    require_reviewer(by)
    queue = ReviewItem.objects.all() if among is None else among
    for _ in range(TRIES):
        with transaction.atomic():
            item_id = _most_urgent(queue, by)
            if item_id is None:
                return None
            if ReviewItem.objects.claim(item_id, by, claim_s=settings.REVIEW_CLAIM_S):
                return _item(item_id)
    raise Conflict("Too many reviewers are asking at once. Try again.", code="queue_busy")


def _most_urgent(queue: ReviewItemQuerySet, by: User) -> uuid.UUID | None:
    # Rows that somebody is claiming at this moment are passed over instead of waited for; the rows of jobs, which a
    # filter may join, are not locked.
    offered = queue.offered_to(by, timezone.now()).select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )
    skipped = ReviewSkip.objects.filter(item=OuterRef("pk"), by=by)
    fresh = offered.filter(~Exists(skipped)).queue_order().only("pk").first()
    if fresh is not None:
        return fresh.pk
    again = offered.filter(skips__by=by).order_by("skips__at", "due_at", "id").only("pk").first()
    return None if again is None else again.pk


def claim(item_id: uuid.UUID, by: User) -> ReviewItem:
    """Hold this item, or hold it longer. Raises ``ReviewClaimed`` or ``ReviewClosed``, both with a name."""
    require_reviewer(by)
    win(item_id, lambda: ReviewItem.objects.claim(item_id, by, claim_s=settings.REVIEW_CLAIM_S))
    return _item(item_id)


def renew(item_id: uuid.UUID, by: User) -> ReviewItem:
    """Hold one's own claim longer. Unlike ``claim`` it does not take the item back once the claim is lost.

    Raises ``ReviewClaimed`` or ``ReviewClosed``, or ``Conflict`` ``claim_lost`` where nobody holds it now.
    """
    require_reviewer(by)
    if not ReviewItem.objects.renew(item_id, by, claim_s=settings.REVIEW_CLAIM_S):
        raise _refusal(item_id) or _lost(item_id, by)
    return _item(item_id)


def _lost(item_id: uuid.UUID, by: User) -> Conflict:
    """What became of a claim that this person thought to have on an item that is free now."""
    broken = (
        AgentJobEvent.objects.filter(job__review_items=item_id, kind=EventKind.REVIEW_CLAIM_BROKEN)
        .select_related("by")
        .order_by("-id")
        .first()
    )
    if broken is not None and broken.by is not None and broken.data.get("holder") == by.get_username():
        return Conflict(f"{broken.by.get_username()} broke your claim on this item.", code="claim_lost")
    return Conflict("You no longer hold this item.", code="claim_lost")


def release(item_id: uuid.UUID, by: User) -> bool:
    """Let one's own claim go; False where there was none (any more)."""
    return ReviewItem.objects.release(item_id, by)


def break_claim(item_id: uuid.UUID, by: User) -> None:
    """Take an item from its holder, if it has one. Superusers only, and recorded."""
    if not (by.is_active and by.is_superuser):
        raise Forbidden("Only superusers may break a claim.")
    with transaction.atomic():
        item = _held_still(item_id)
        if item.claimed_by is None or not item.is_claimed(timezone.now()):
            return
        ReviewItem.objects.release(item_id)
        _record(item, EventKind.REVIEW_CLAIM_BROKEN, by, holder=item.claimed_by.get_username())


def skip(item_id: uuid.UUID, by: User, reason: str = "") -> None:
    """Send an item to the end of one's own queue and let it go; others see no difference."""
    require_reviewer(by)
    reason = checked_note(reason, "/reason")
    with transaction.atomic():
        item = _held_still(item_id)
        win(item_id, ReviewItem.objects.open().filter(pk=item_id).exists)
        ReviewSkip.objects.update_or_create(
            item=item, by=by, defaults={"at": timezone.now(), "reason": reason}
        )
        ReviewItem.objects.release(item_id, by)
        _record(item, EventKind.REVIEW_SKIPPED, by, reason=reason)


def find_reviewer(username: str) -> User:
    """The account of that name; ``Invalid`` that names ``/to`` where there is none."""
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        detail = f"There is no reviewer {username!r}."
        raise Invalid("It cannot be handed to that person.", [FieldError("/to", detail, "not_a_reviewer")])
    return user


def hand_to(item_id: uuid.UUID, to: User, *, by: User, note: str = "") -> None:
    """Give an item to another reviewer: "next" offers it to them alone."""
    require_reviewer(by)
    note = checked_note(note, "/note")
    # Somebody who was deactivated has no permission any more.
    if not to.has_perm(PERMISSION):
        detail = f"{to.get_username()} is not a reviewer."
        raise Invalid("It cannot be handed to that person.", [FieldError("/to", detail, "not_a_reviewer")])
    with transaction.atomic():
        item = _item(item_id)
        win(item_id, lambda: ReviewItem.objects.hand(item_id, by, to))
        _record(item, EventKind.REVIEW_HANDED, by, to=to.get_username(), note=note)


def win(item_id: uuid.UUID, attempt: Callable[[], bool]) -> None:
    """Make a transition of an item, or raise who stands in its way: ``ReviewClosed`` or ``ReviewClaimed``.

    Who won a race may have let go before they can be named; then it is tried again.
    """
    for _ in range(TRIES):
        if attempt():
            return
        refusal = _refusal(item_id)
        if refusal is not None:
            raise refusal
    raise Conflict("The item keeps changing hands. Try again.", code="queue_busy")


def _refusal(item_id: uuid.UUID) -> Conflict | None:
    # The item is read before the decision: of one that is being decided meanwhile, the decision is found.
    item = _item(item_id)
    decision = ReviewDecision.objects.select_related("by").filter(item_id=item_id).first()
    if decision is not None:
        return ReviewClosed(
            f"{decision.by.get_username()} has already decided this item: "
            f"{decision.get_verdict_display().lower()}, {decision.at:%Y-%m-%d %H:%M} UTC."
        )
    if item.claimed_by is not None and item.is_claimed(timezone.now()):
        return ReviewClaimed(
            f"{item.claimed_by.get_username()} holds this item until {item.claimed_until:%H:%M} UTC."
        )
    return None


def checked_note(note: str, pointer: str) -> str:
    """A reviewer's own words without surrounding white space; ``Invalid`` where they cannot be stored."""
    note = note.strip()
    try:
        refuse_unstorable(note)
    except InvalidInput as error:
        raise Invalid("The note is not valid.", [FieldError(pointer, error.errors[0].message)]) from None
    if len(note) > NOTE_LENGTH:
        detail = f"At most {NOTE_LENGTH} characters."
        raise Invalid("The note is too long.", [FieldError(pointer, detail, "max_length")])
    return note


def _held_still(item_id: uuid.UUID) -> ReviewItem:
    """The item as it is until the transaction ends."""
    # Locked first and read then: a row that changed while the lock was waited for would come with the old people.
    list(ReviewItem.objects.select_for_update(no_key=True).filter(pk=item_id).values_list("pk"))
    return _item(item_id)


def _item(item_id: uuid.UUID) -> ReviewItem:
    related = ("job__requested_by", "claimed_by", "assigned_to")
    item = ReviewItem.objects.select_related(*related).filter(pk=item_id).first()
    if item is None:
        raise NotFound(f"There is no review item {item_id}.", code="review_item_not_found")
    return item


def _record(item: ReviewItem, kind: EventKind, by: User, **data: str) -> None:
    events.record(item.job_id, kind, attempt=item.job.attempts, by=by, **data)
