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
from agents.models.jobs.job import AgentJob
from agents.models.review.allowance import SelfReview
from agents.models.review.decision import ReviewDecision

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

# Permission to settle disagreements and to see reviewers' metrics.
LEAD = "agents.lead_reviews"

ItemT = TypeVar("ItemT", bound=models.Model)


def _is_own_job(user: AbstractBaseUser) -> Q:
    """Match items of jobs that this person requested, in universes without self-review.

    Nothing can enter canon from a job without a universe or from a gold item. The conditions are subqueries, because
    PostgreSQL checks joined conditions of an update only once when it has to wait for the row.
    """
    is_requested = Exists(AgentJob.objects.filter(pk=OuterRef("job_id"), requested_by=user.pk))
    is_allowed = Exists(SelfReview.objects.filter(universe=OuterRef("universe_id")))
    return Q(universe__isnull=False) & ~Q(kind=ReviewKind.GOLD) & Q(is_requested) & ~Q(is_allowed)


class ReviewTransitions(models.QuerySet[ItemT]):
    """The only writers of an item's state and claim."""

    def open(self) -> Self:
        return self.filter(state=ReviewState.OPEN)

    def shown_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Exclude the gold items of others, and other items of jobs that this person now has as gold."""
        own = self.model._default_manager.filter(
            state=ReviewState.OPEN, kind=ReviewKind.GOLD, only_for_id=user.pk
        )
        return self.filter(Q(only_for_id=user.pk) | Q(only_for__isnull=True) & ~Q(job__in=own.values("job")))

    def gold_to_judge(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Return the gold items that this person still has to judge."""
        return self.open().filter(kind=ReviewKind.GOLD, only_for_id=user.pk)

    def claimable_by(self, user: User, now: datetime) -> Self:
        """Return open items that no other reviewer has claimed and that ``user`` may judge."""
        return (
            self.open()
            .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now) | Q(claimed_by_id=user.pk))
            .judgeable_by(user)
        )

    def own_jobs_of(self, user: AbstractBaseUser) -> Self:
        """Return items that this person may not judge because they requested the job."""
        return self.filter(_is_own_job(user))

    def mark_own_jobs_of(self, user: AbstractBaseUser) -> Self:
        """Annotate each item with ``is_own_job``."""
        is_own = Case(When(_is_own_job(user), then=True), default=False, output_field=models.BooleanField())
        return self.annotate(is_own_job=is_own)

    def judgeable_by(self, user: User) -> Self:
        """Return items that this person may judge.

        Excluded are gold items of others, second opinions, disputes for all but leads, and own jobs.

        A superuser may settle a dispute in which they gave an opinion, because there may be no other lead.
        """
        own = ReviewDecision.objects.filter(item=OuterRef("pk"), by=user.pk, undone_at__isnull=True)
        is_new = ~Exists(own)
        foreign = self.shown_to(user).filter(~_is_own_job(user))
        if not user.has_perm(LEAD):
            return foreign.filter(is_new, disputed_at__isnull=True)
        if user.is_superuser:
            return foreign.filter(is_new | Q(disputed_at__isnull=False))
        return foreign.filter(is_new)

    def claim(self, item_id: uuid.UUID, user: User, *, claim_s: float) -> bool:
        """Claim an open item or extend the claim; refused while another reviewer has one."""
        now = timezone.now()
        return bool(
            self.claimable_by(user, now)
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
        """Extend the user's own claim, even an expired one that no other reviewer has taken over."""
        until = timezone.now() + timedelta(seconds=claim_s)
        return bool(self.open().filter(pk=item_id, claimed_by_id=user.pk).update(claimed_until=until))

    def release(self, item_id: uuid.UUID, user: AbstractBaseUser | None = None) -> bool:
        """Release a claim: the user's own, or any if no user is given."""
        claimed = self.open().filter(pk=item_id, claimed_by__isnull=False)
        if user is not None:
            claimed = claimed.filter(claimed_by_id=user.pk)
        return bool(claimed.update(claimed_by=None, claimed_at=None, claimed_until=None))

    def hand(self, item_id: uuid.UUID, user: User, to: User) -> bool:
        """Assign an open item to another reviewer, unless a third one has claimed it."""
        return bool(
            self.claimable_by(user, timezone.now())
            .filter(pk=item_id)
            .update(assigned_to=to.pk, claimed_by=None, claimed_at=None, claimed_until=None)
        )

    def close(self, item_id: uuid.UUID, user: User) -> bool:
        """Close an open item for one winner, unless another reviewer has claimed it."""
        now = timezone.now()
        return bool(
            self.claimable_by(user, now)
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

    def release_judgeable(self, item_id: uuid.UUID, user: User) -> bool:
        """Release an open item that this person may judge; its row stays locked until the transaction ends."""
        return bool(
            self.claimable_by(user, timezone.now())
            .filter(pk=item_id)
            .update(claimed_by=None, claimed_at=None, claimed_until=None)
        )

    def reopen(self, item_id: uuid.UUID, user: AbstractBaseUser, *, claim_s: float) -> bool:
        """Reopen a closed item, claimed by the person who undid its verdict."""
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
