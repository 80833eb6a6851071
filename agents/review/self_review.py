"""Four eyes: a verdict on one's own job in a universe takes the permission of a lead."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import transaction

from agents.common import permissions
from agents.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from agents.models import ReviewItem, SelfReview
from universes.models import Universe

if TYPE_CHECKING:
    from django.contrib.auth.models import User

OWN_JOB = (
    "You requested this job; another reviewer decides on it, unless a lead allows self-review in {universe}."
)


def allow(universe_id: uuid.UUID, *, by: User) -> SelfReview:
    """Allow self-review in a universe; idempotent. Raises ``Forbidden`` for everyone but leads, and ``Invalid``."""
    _require_lead(by)
    allowed, _ = SelfReview.objects.get_or_create(
        universe=known_universe(universe_id), defaults={"allowed_by": by}
    )
    return allowed


def known_universe(universe_id: uuid.UUID) -> Universe:
    """Return the universe that a lead's permission is for; raise ``Invalid`` if there is none."""
    universe = Universe.objects.filter(pk=universe_id).first()
    if universe is None:
        detail = "There is no such universe."
        raise Invalid("Not valid: universe_id.", [FieldError("/universe_id", detail, "unknown_universe")])
    return universe


def forbid(universe_id: uuid.UUID, *, by: User) -> None:
    """End self-review in a universe; verdicts that were given by it stay.

    Raises ``Forbidden`` for everyone but leads, and ``NotFound`` ``self_review_not_found``.
    """
    _require_lead(by)
    with transaction.atomic():
        deleted, _ = SelfReview.objects.filter(universe=universe_id).delete()
    if not deleted:
        raise NotFound(f"Self-review is not allowed in universe {universe_id}.", code="self_review_not_found")


def allowed_by(item: ReviewItem, by: User) -> User | None:
    """Return the lead whose permission a verdict of this person on the item uses; None if it needs none."""
    if item.job.requested_by_id != by.pk or item.universe_id is None:
        return None
    allowed = SelfReview.objects.filter(universe=item.universe_id).select_related("allowed_by").first()
    return None if allowed is None else allowed.allowed_by


def refusal(item: ReviewItem, by: User) -> Conflict | None:
    """Return why this person may not decide on the item as its requester; None if they may."""
    if not ReviewItem.objects.filter(pk=item.pk).own_jobs_of(by).exists():
        return None
    return Conflict(sentence(item), code="own_job")


def sentence(item: ReviewItem) -> str:
    return OWN_JOB.format(universe=item.universe.name if item.universe else "its universe")


def _require_lead(user: User) -> None:
    if not permissions.is_lead(user):
        raise Forbidden("Only lead reviewers may see and change self-review.")
