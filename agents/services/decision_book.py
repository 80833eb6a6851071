"""The decisions that a person may read, and what of their items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from agents.choices import ReviewState
from agents.models import ReviewDecision, ReviewItem
from agents.querysets import ReviewDecisionQuerySet
from agents.services import review_queue

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def visible_to(user: User | AnonymousUser) -> ReviewDecisionQuerySet:
    """All decisions but those that could sway somebody who has still to judge, and those on the gold of others.

    Of an item that wants several opinions one's own is seen alone until it is closed; leads see the opinions that
    they have to settle. What was once decided of a job is not seen while one has it as gold.
    """
    may_be_seen = Q(by=user.pk) | ~Q(item__state=ReviewState.OPEN) | Q(item__opinions_wanted=1)
    if review_queue.is_lead(user):
        may_be_seen |= Q(item__disputed_at__isnull=False)
    own_gold = ReviewItem.objects.all().gold_to_judge(user).values("job")
    is_mine_or_nobodys = Q(item__only_for=user.pk) | Q(item__only_for__isnull=True) & ~Q(
        item__job__in=own_gold
    )
    found = ReviewDecision.objects.filter(is_mine_or_nobodys, may_be_seen)
    assert isinstance(found, ReviewDecisionQuerySet)
    return found
