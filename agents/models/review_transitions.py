"""Claims of review items, and their state transitions.

A transition is one ``UPDATE`` whose WHERE clause holds the condition; its row count is the answer.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from agents.choices import ReviewKind, ReviewState
from agents.models.decision import ReviewDecision

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

# Permission to settle what reviewers disagree on, and to see how each of them does.
LEAD = "agents.lead_reviews"

ItemT = TypeVar("ItemT", bound=models.Model)


class ReviewTransitions(models.QuerySet[ItemT]):
    """The only writers of an item's state and claim."""

    def open(self) -> Self:
        return self.filter(state=ReviewState.OPEN)

    def shown_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All but the gold of others, and what was once decided of a job that this person now has as gold."""
        own = self.model._default_manager.filter(
            state=ReviewState.OPEN, kind=ReviewKind.GOLD, only_for_id=user.pk
        )
        return self.filter(Q(only_for_id=user.pk) | Q(only_for__isnull=True) & ~Q(job__in=own.values("job")))

    def gold_to_judge(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The gold that this person has still to judge."""
        return self.open().filter(kind=ReviewKind.GOLD, only_for_id=user.pk)

    def holdable_by(self, user: User, now: datetime) -> Self:
        """Open, held by nobody else now, and not closed to this person: see ``judgeable_by``."""
        return (
            self.open()
            .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now) | Q(claimed_by_id=user.pk))
            .judgeable_by(user)
        )

    def judgeable_by(self, user: User) -> Self:
        """Those that this person may judge: no gold of others, nothing twice, and disputes for leads alone.

        A superuser may settle a dispute in which they gave an opinion, because there may be no other lead.
        """
        own = ReviewDecision.objects.filter(item=OuterRef("pk"), by=user.pk, undone_at__isnull=True)
        is_new = ~Exists(own)
        if not user.has_perm(LEAD):
            return self.shown_to(user).filter(is_new, disputed_at__isnull=True)
        if user.is_superuser:
            return self.shown_to(user).filter(is_new | Q(disputed_at__isnull=False))
        return self.shown_to(user).filter(is_new)

    def claim(self, item_id: uuid.UUID, user: User, *, claim_s: float) -> bool:
        """Hold an open item, or go on holding it; refused while somebody else does."""
        now = timezone.now()
        return bool(
            self.holdable_by(user, now)
            .filter(pk=item_id)
            .update(
                claimed_at=Case(
                    When(claimed_by_id=user.pk, claimed_until__gte=now, then=F("claimed_at")), default=now
                ),
                claimed_by=user.pk,
                claimed_until=now + timedelta(seconds=claim_s),
            )
        )

    def renew(self, item_id: uuid.UUID, user: AbstractBaseUser, *, claim_s: float) -> bool:
        """Hold one's own claim longer; one that ran out counts until somebody else has taken the item."""
        until = timezone.now() + timedelta(seconds=claim_s)
        return bool(self.open().filter(pk=item_id, claimed_by_id=user.pk).update(claimed_until=until))

    def release(self, item_id: uuid.UUID, user: AbstractBaseUser | None = None) -> bool:
        """Let an item go: one's own, or anybody's where no user is given."""
        held = self.open().filter(pk=item_id, claimed_by__isnull=False)
        if user is not None:
            held = held.filter(claimed_by_id=user.pk)
        return bool(held.update(claimed_by=None, claimed_at=None, claimed_until=None))

    def hand(self, item_id: uuid.UUID, user: User, to: User) -> bool:
        """Leave an open item to another reviewer, unless somebody else holds it."""
        return bool(
            self.holdable_by(user, timezone.now())
            .filter(pk=item_id)
            .update(assigned_to=to.pk, claimed_by=None, claimed_at=None, claimed_until=None)
        )

    def close(self, item_id: uuid.UUID, user: User) -> bool:
        """open -> closed for one winner, unless somebody else holds it."""
        now = timezone.now()
        return bool(
            self.holdable_by(user, now)
            .filter(pk=item_id)
            .update(
                state=ReviewState.CLOSED,
                closed_at=now,
                disputed_at=None,
                claimed_by=None,
                claimed_at=None,
                claimed_until=None,
            )
        )

    def let_go(self, item_id: uuid.UUID, user: User) -> bool:
        """Let an open item go that this person may judge; its row is held until the transaction ends."""
        return bool(
            self.holdable_by(user, timezone.now())
            .filter(pk=item_id)
            .update(claimed_by=None, claimed_at=None, claimed_until=None)
        )

    def reopen(self, item_id: uuid.UUID, user: AbstractBaseUser, *, claim_s: float) -> bool:
        """closed -> open, in the hands of the one who undid its verdict."""
        now = timezone.now()
        return bool(
            self.filter(pk=item_id, state=ReviewState.CLOSED).update(
                state=ReviewState.OPEN,
                closed_at=None,
                claimed_by=user.pk,
                claimed_at=now,
                claimed_until=now + timedelta(seconds=claim_s),
            )
        )
