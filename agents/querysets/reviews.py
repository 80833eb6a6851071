"""Review items and decisions: who may see and judge what, and the transitions of an item."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, When
from django.utils import timezone

from agents.choices import ReviewKind, ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

    from agents.models import ReviewDecision, ReviewItem  # noqa: F401  named in a base class

# May settle what reviewers disagree on, and see how each of them does.
LEAD = "agents.lead_reviews"


class ReviewItemQuerySet(models.QuerySet["ReviewItem"]):
    # --- reading

    def open(self) -> ReviewItemQuerySet:
        return self.filter(state=ReviewState.OPEN)

    def queue_order(self) -> ReviewItemQuerySet:
        """The most urgent first: due date, then a person's request before a schedule's, then age."""
        return self.order_by("due_at", "priority", "opened_at", "id")

    def overdue(self, now: datetime | None = None) -> ReviewItemQuerySet:
        return self.open().filter(due_at__lt=now or timezone.now())

    def claimed(self, now: datetime) -> ReviewItemQuerySet:
        """Held by a reviewer now."""
        return self.open().filter(claimed_until__gte=now)

    def of_reviewer(self, user: AbstractBaseUser | AnonymousUser, now: datetime) -> ReviewItemQuerySet:
        """What a reviewer holds now, or was handed."""
        return self.open().filter(
            Q(claimed_by_id=user.pk, claimed_until__gte=now) | Q(assigned_to_id=user.pk)
        )

    def unclaimed(self, now: datetime) -> ReviewItemQuerySet:
        """Open, and held by nobody now."""
        return self.open().filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))

    def gold_to_judge(self, user: AbstractBaseUser | AnonymousUser) -> ReviewItemQuerySet:
        """The gold that this person has still to judge."""
        return self.open().filter(kind=ReviewKind.GOLD, only_for_id=user.pk)

    def shown_to(self, user: AbstractBaseUser | AnonymousUser) -> ReviewItemQuerySet:
        """All but the gold of others, and what was once decided of a job that this person now has as gold."""
        own = self.model._default_manager.all().gold_to_judge(user)
        return self.filter(Q(only_for_id=user.pk) | Q(only_for__isnull=True) & ~Q(job__in=own.values("job")))

    def unhidden(self) -> ReviewItemQuerySet:
        """Those whose confidence and reasons may be seen."""
        return self.exclude(is_blind=True, state=ReviewState.OPEN)

    def waiting(self) -> ReviewItemQuerySet:
        """Open work; gold is none, it measures the reviewer."""
        return self.open().exclude(kind=ReviewKind.GOLD)

    def holdable_by(self, user: User, now: datetime) -> ReviewItemQuerySet:
        """Open, held by nobody else now, and not closed to this person: see ``judgeable_by``."""
        return (
            self.open()
            .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now) | Q(claimed_by_id=user.pk))
            .judgeable_by(user)
        )

    def judgeable_by(self, user: User) -> ReviewItemQuerySet:
        """Those that this person may judge: no gold of others, nothing twice, and disputes for leads alone.

        A superuser may settle a dispute in which they gave an opinion, because there may be no other lead.
        """
        decisions = apps.get_model("agents", "ReviewDecision")._default_manager
        own = decisions.filter(item=OuterRef("pk"), by=user.pk, undone_at__isnull=True)
        is_new = ~Exists(own)
        if not user.has_perm(LEAD):
            return self.shown_to(user).filter(is_new, disputed_at__isnull=True)
        if user.is_superuser:
            return self.shown_to(user).filter(is_new | Q(disputed_at__isnull=False))
        return self.shown_to(user).filter(is_new)

    def offered_to(self, user: User, now: datetime) -> ReviewItemQuerySet:
        """What "next" may give a reviewer: holdable, and not handed to somebody else who still works here."""
        return self.holdable_by(user, now).filter(
            Q(assigned_to__isnull=True) | Q(assigned_to_id=user.pk) | Q(assigned_to__is_active=False)
        )

    def with_decisions(self) -> ReviewItemQuerySet:
        """Each with its decisions and their people, so that ``item.decision`` costs no query."""
        decisions = apps.get_model("agents", "ReviewDecision")._default_manager
        people = decisions.select_related("by", "reason", "undone_by")
        return self.prefetch_related(Prefetch("decisions", people))

    # --- transitions

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


class ReviewDecisionQuerySet(models.QuerySet["ReviewDecision"]):
    def standing(self) -> ReviewDecisionQuerySet:
        """Not undone."""
        return self.filter(undone_at__isnull=True)

    def effective(self) -> ReviewDecisionQuerySet:
        """The verdicts that count: one a closed item, gold apart, which says nothing of the machine."""
        return self.standing().filter(takes_effect=True).exclude(item__kind=ReviewKind.GOLD)

    def undo(self, decision_id: uuid.UUID, user: AbstractBaseUser, *, since: datetime) -> bool:
        """Take a verdict back, once, if it was given since then."""
        return bool(
            self.standing()
            .filter(pk=decision_id, at__gte=since)
            .update(undone_at=timezone.now(), undone_by=user.pk)
        )
