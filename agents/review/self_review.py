"""Four eyes: a verdict on one's own job in a universe takes the permission of a lead."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from agents.errors import Conflict, NotFound
from agents.models import ReviewItem, SelfReview
from agents.review import allowances

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LEADS_ONLY = "Only lead reviewers may see and change self-review."
OWN_JOB = (
    "You requested this job; another reviewer decides on it, unless a lead allows self-review in {universe}."
)


def allow(universe_id: uuid.UUID, *, by: User) -> SelfReview:
    """Allow self-review in a universe; idempotent. Raises ``Forbidden`` for everyone but leads, and ``Invalid``."""
    return allowances.allow(SelfReview, universe_id, by=by, refusal=LEADS_ONLY)


def forbid(universe_id: uuid.UUID, *, by: User) -> None:
    """End self-review in a universe; verdicts that were given by it stay.

    Raises ``Forbidden`` for everyone but leads, and ``NotFound`` ``self_review_not_found``.
    """
    if not allowances.forbid(SelfReview, universe_id, by=by, refusal=LEADS_ONLY):
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
