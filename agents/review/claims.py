"""Claims of review items: take the next one, renew, release, skip, hand over, break.

A claim is an exclusive hold on an open item with a lease of ``REVIEW_CLAIM_S``. It ends by a decision, by release,
or when the lease runs out. Between two concurrent claims the database decides.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from agents.choices import EventKind, NotificationKind, ReviewKind
from agents.common.permissions import is_lead, is_reviewer, require_reviewer
from agents.errors import Busy, Conflict, FieldError, Forbidden, Invalid, ReviewClaimed, ReviewClosed
from agents.models import AgentJobEvent, ReviewDecision, ReviewItem, ReviewSkip
from agents.models.review.item import ReviewItemQuerySet
from agents.notify import notifications
from agents.review import self_review
from agents.review.history import record, visible_words
from agents.review.items import find_item, lock_item
from agents.review.notes import checked_note, is_storable
from universes.found_pages import FoundRows, is_search

if TYPE_CHECKING:
    from django.contrib.auth.models import User


# More lost races than this mean that something other than concurrency is wrong.
MAX_TRIES = 20


def claim_next(by: User, among: ReviewItemQuerySet | None = None) -> ReviewItem | None:
    """Claim the most urgent item open to ``by``; return None if there is none.

    ``among`` narrows the choice to a filtered queue. Items that ``by`` has skipped come last, the oldest skip first.
    Concurrent callers get different items.
    """
    require_reviewer(by)
    queue: Any = ReviewItem.objects.all() if among is None else among
    if is_search(queue):
        queue = FoundRows(queue.open().queue_order()).narrowable()
    for _ in range(MAX_TRIES):
        with transaction.atomic():
            item_id = _most_urgent(queue, by)
            if item_id is None:
                return None
            if ReviewItem.objects.claim(item_id, by, claim_s=settings.REVIEW_CLAIM_S):
                return find_item(item_id, by)
    raise Busy("Too many reviewers are asking at once. Try again.", code="queue_busy")


def _most_urgent(queue: ReviewItemQuerySet, by: User) -> uuid.UUID | None:
    # Skip rows that another transaction is claiming. ``of`` keeps joined job rows of a filter unlocked.
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
    """Claim this item, or extend the claim; raise ``ReviewClaimed`` or ``ReviewClosed``, both naming a person."""
    require_reviewer(by)
    run_transition(
        item_id, by, lambda: ReviewItem.objects.claim(item_id, by, claim_s=settings.REVIEW_CLAIM_S)
    )
    return find_item(item_id, by)


def renew(item_id: uuid.UUID, by: User) -> ReviewItem:
    """Extend the caller's claim; unlike ``claim``, never take a lost item back.

    Raises ``ReviewClaimed`` or ``ReviewClosed``, or ``Conflict`` with code ``claim_lost`` if the item is unclaimed.
    """
    require_reviewer(by)
    if not ReviewItem.objects.renew(item_id, by, claim_s=settings.REVIEW_CLAIM_S):
        raise _refusal(item_id, by) or _lost(item_id, by)
    return find_item(item_id, by)


def _lost(item_id: uuid.UUID, by: User) -> Conflict:
    """Explain why the caller has no claim on an item that is unclaimed now."""
    broken = (
        AgentJobEvent.objects.filter(job__review_items=item_id, kind=EventKind.REVIEW_CLAIM_BROKEN)
        .select_related("by")
        .order_by("-id")
        .first()
    )
    if broken is not None and broken.by is not None and broken.data.get("holder") == by.get_username():
        return Conflict(f"{broken.by.get_username()} broke your claim on this item.", code="claim_lost")
    return Conflict("Your claim on this item has ended.", code="claim_lost")


def release(item_id: uuid.UUID, by: User) -> bool:
    """Release the caller's claim; return False if there was none."""
    return ReviewItem.objects.release(item_id, by)


def break_claim(item_id: uuid.UUID, by: User) -> None:
    """Release another reviewer's claim, with an event in the history; superusers only."""
    if not (by.is_active and by.is_superuser):
        raise Forbidden("Only superusers may break a claim.")
    with transaction.atomic():
        item = lock_item(item_id, by)
        if item.claimed_by is None or not item.is_claimed(timezone.now()):
            return
        ReviewItem.objects.release(item_id)
        record(item, EventKind.REVIEW_CLAIM_BROKEN, by, holder=item.claimed_by.get_username())


def skip(item_id: uuid.UUID, by: User, reason: str = "") -> None:
    """Move an item to the end of the caller's own queue and release it."""
    require_reviewer(by)
    reason = checked_note(reason, "/reason")
    with transaction.atomic():
        item = lock_item(item_id, by)
        run_transition(item_id, by, ReviewItem.objects.open().filter(pk=item_id).exists)
        ReviewSkip.objects.update_or_create(
            item=item, by=by, defaults={"at": timezone.now(), "reason": reason}
        )
        ReviewItem.objects.release(item_id, by)
        record(item, EventKind.REVIEW_SKIPPED, by, **visible_words(item, reason=reason))


def find_reviewer(username: str) -> User:
    """Return the account of that name; raise ``Invalid`` at ``/to`` if there is none."""
    user = get_user_model().objects.filter(username=username).first() if is_storable(username) else None
    if user is None:
        detail = f"There is no reviewer “{username}”."
        raise Invalid("It cannot be handed to that person.", [FieldError("/to", detail, "not_a_reviewer")])
    return user


def hand_to(item_id: uuid.UUID, to: User, *, by: User, note: str = "") -> ReviewItem:
    """Assign an item to another reviewer, who alone is offered it by ``claim_next``; return the item."""
    require_reviewer(by)
    note = checked_note(note, "/note")
    # Deactivated accounts have no permissions.
    if not is_reviewer(to):
        detail = f"{to.get_username()} is not a reviewer."
        raise Invalid("It cannot be handed to that person.", [FieldError("/to", detail, "not_a_reviewer")])
    with transaction.atomic():
        item = find_item(item_id, by)
        if item.kind == ReviewKind.GOLD:
            # A gold item measures this reviewer alone: delete it, and answer as for any other item.
            run_transition(item_id, by, lambda: ReviewItem.objects.release_judgeable(item_id, by))
            ReviewItem.objects.filter(pk=item_id).delete()
            item.assigned_to, item.claimed_by, item.claimed_at, item.claimed_until = to, None, None, None
            return item
        run_transition(item_id, by, lambda: ReviewItem.objects.hand(item_id, by, to))
        if not ReviewItem.objects.filter(pk=item_id).judgeable_by(to).exists():
            # Otherwise ``claim_next`` would never offer it again.
            name = to.get_username()
            detail = f"{name} has given an opinion on it, has requested it, or may not settle disagreements."
            raise Invalid("It cannot be handed to that person.", [FieldError("/to", detail, "may_not_judge")])
        record(item, EventKind.REVIEW_HANDED, by, to=to.get_username(), **visible_words(item, note=note))
        notifications.notify([to], NotificationKind.HAND_OVER, item, by=by, text=note)
    return find_item(item_id, by)


def run_transition(item_id: uuid.UUID, by: User, transition: Callable[[], bool]) -> None:
    """Run a transition of an item until it succeeds, or raise the obstacle: ``ReviewClosed``, ``ReviewClaimed``….

    ``transition`` returns whether it won. The winner of a race may have released the item before the obstacle is
    read; then the transition is tried again.
    """
    for _ in range(MAX_TRIES):
        if transition():
            return
        refusal = _refusal(item_id, by)
        if refusal is not None:
            raise refusal
    raise Busy("Other reviewers are changing this item. Try again.", code="queue_busy")


def _refusal(item_id: uuid.UUID, by: User) -> Conflict | None:
    # Read the item before its decisions, so that a concurrent decision is seen.
    item = find_item(item_id, by)
    in_force = list(ReviewDecision.objects.in_force().select_related("by").filter(item_id=item_id))
    counting = next((decision for decision in in_force if decision.takes_effect), None)
    if counting is not None:
        return ReviewClosed(
            f"{counting.by.get_username()} has already decided this item: "
            f"{counting.get_verdict_display().lower()}, {counting.at:%Y-%m-%d %H:%M} UTC."
        )
    if (own_job := self_review.refusal(item, by)) is not None:
        return own_job
    if item.claimed_by is not None and item.claimed_by_id != by.pk and item.is_claimed(timezone.now()):
        return ReviewClaimed(
            f"{item.claimed_by.get_username()} has claimed this item until {item.claimed_until:%H:%M} UTC."
        )
    if item.disputed_at is not None and not is_lead(by):
        return Conflict("The reviewers disagree. A lead decides this item.", code="review_disputed")
    if any(decision.by_id == by.pk for decision in in_force):
        if item.disputed_at is not None and by.is_superuser:
            return None
        return Conflict(
            "You have given your opinion on this item. Other opinions are still missing.",
            code="opinion_given",
        )
    return None
