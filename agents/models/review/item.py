"""Review items."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Count, F, FilteredRelation, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agents.choices import AgentType, Priority, ReviewKind, ReviewState
from agents.models.review.decision import ReviewDecision
from agents.models.review.guest import GuestOpinion
from agents.models.review.transitions import ReviewTransitions
from universes.ids import new_id
from universes.models.loading import DirectlyLoaded

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User


def default_due() -> datetime:
    return timezone.now() + timedelta(hours=settings.REVIEW_WITHIN_H)


def is_claimed(now: datetime) -> Q:
    """Return the condition for items with an unexpired claim."""
    return Q(claimed_until__gte=now)


def is_unclaimed(now: datetime) -> Q:
    """Return the condition for items without an unexpired claim."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)


def is_free(now: datetime) -> Q:
    """Return the condition for items that nobody has claimed and that were handed to nobody."""
    return Q(assigned_to__isnull=True) & is_unclaimed(now)


def is_of_reviewer(user: AbstractBaseUser | AnonymousUser, now: datetime) -> Q:
    """Return the condition for items claimed by, or assigned to, a reviewer."""
    return Q(claimed_by_id=user.pk, claimed_until__gte=now) | Q(assigned_to_id=user.pk)


def is_answered_by_guest() -> Q:
    """Return the condition for items on which a guest has given an opinion."""
    # As a set, because opinions are few: to look for those of each open item takes longer.
    return Q(pk__in=GuestOpinion.objects.order_by().values("item"))


class ReviewItemQuerySet(ReviewTransitions["ReviewItem"]):
    """Named selections of review items."""

    def queue_order(self) -> Self:
        """Order by urgency: due date, then people's requests before schedules, then age."""
        return self.order_by("due_at", "priority", "opened_at", "id")

    def overdue(self, now: datetime | None = None) -> Self:
        return self.open().filter(due_at__lt=now or timezone.now())

    def claimed(self, now: datetime) -> Self:
        """Return open items with an unexpired claim."""
        return self.open().filter(is_claimed(now))

    def of_reviewer(self, user: AbstractBaseUser | AnonymousUser, now: datetime) -> Self:
        """Return open items claimed by, or assigned to, this reviewer."""
        return self.open().filter(is_of_reviewer(user, now))

    def unclaimed(self, now: datetime) -> Self:
        """Return open items without an unexpired claim."""
        return self.open().filter(is_unclaimed(now))

    def free(self, now: datetime) -> Self:
        """Return open items that nobody has claimed and that were handed to nobody."""
        return self.open().filter(is_free(now))

    def unhidden(self) -> Self:
        """Return items whose confidence and reasons may be shown."""
        return self.exclude(is_blind=True, state=ReviewState.OPEN)

    def waiting(self) -> Self:
        """Return open items without gold, which measures the reviewer."""
        return self.open().exclude(kind=ReviewKind.GOLD)

    def offered_to(self, user: User, now: datetime) -> Self:
        """Return items that ``claim_next`` may offer: claimable, and not assigned to another reviewer.

        An item whose assignee has left, or may no longer decide, is offered to all again.
        """
        reviewers = get_user_model().objects.with_perm(
            "agents.decide_reviewitem", backend=settings.AUTHENTICATION_BACKENDS[0]
        )
        return self.claimable_by(user, now).filter(
            Q(assigned_to__isnull=True)
            | Q(assigned_to_id=user.pk)
            | ~Q(assigned_to__in=reviewers.values("pk"))
        )

    def with_guest_opinions(self) -> Self:
        """Annotate each item with ``guest_opinions_given``, the number of guests' opinions on it."""
        given = GuestOpinion.objects.filter(item=OuterRef("pk")).order_by().values("item")
        counted = Subquery(given.annotate(count=Count("pk")).values("count"))
        return self.annotate(guest_opinions_given=Coalesce(counted, 0))

    def with_verdict(self) -> Self:
        """Join the decision in force and its people, so that ``item.decision`` needs no query."""
        in_force = FilteredRelation(
            "decisions", condition=Q(decisions__takes_effect=True, decisions__undone_at__isnull=True)
        )
        joined = self.annotate(verdict=in_force, verdict_id=F("verdict__id"))
        return joined.select_related("verdict__by", "verdict__reason")

    def with_decisions(self) -> Self:
        """Load the decisions and their people, so that ``item.decision`` and ``all_decisions`` need no query."""
        decisions = ReviewDecision.objects.select_related("by", "reason", "undone_by")
        # Without an attribute of its own, Django makes a queryset for each item, which takes longer than its rows.
        return self.prefetch_related(Prefetch("decisions", decisions, to_attr="loaded_decisions"))


class ReviewItem(DirectlyLoaded):
    """An output that waits for a reviewer, with the reasons.

    ``open -> closed`` by a decision that takes effect, and back when that decision is undone. The database allows
    one open item per job, not counting gold items. A claim is a reviewer's exclusive hold on an open item until
    ``claimed_until``; then any reviewer may claim it. Where several opinions are required, each is a decision without
    effect until they agree; with ``disputed_at`` set, the item waits for a lead's verdict.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    job = models.ForeignKey("agents.AgentJob", on_delete=models.CASCADE, related_name="review_items")
    universe = models.ForeignKey(
        "universes.Universe", null=True, blank=True, on_delete=models.SET_NULL, related_name="review_items"
    )
    agent_type = models.CharField("agent", max_length=32, choices=AgentType)
    state = models.CharField(max_length=16, choices=ReviewState, default=ReviewState.OPEN)
    kind = models.CharField(max_length=16, choices=ReviewKind, default=ReviewKind.DOUBT)
    is_blind = models.BooleanField(
        default=False, help_text="Confidence, reasons and signals are hidden until it is decided."
    )
    draw_rate = models.FloatField(
        default=1, help_text="Probability that such a job is reviewed; 1 for low confidence."
    )
    opinions_wanted = models.PositiveSmallIntegerField(
        default=1, help_text="Independent reviews before a verdict takes effect."
    )
    disputed_at = models.DateTimeField(
        null=True, blank=True, help_text="Waiting for a lead since then, because reviewers disagree."
    )
    only_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The only reviewer who sees it (gold items).",
    )
    confidence = models.FloatField(help_text="The output's confidence when the item was opened.")
    reasons = models.JSONField(help_text="Reasons for the review.")
    reason_codes = models.CharField(
        max_length=500, help_text="The signals behind the reasons, for filters: |a|b|."
    )
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.REQUEST)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=default_due, help_text="When a decision is due.")
    closed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The reviewer it was handed to. Empty: anybody.",
    )

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        db_table = "agent_review_items"
        ordering = ["due_at", "priority", "opened_at", "id"]
        verbose_name = "review item"
        verbose_name_plural = "review queue"
        permissions = [
            ("decide_reviewitem", "Can decide review items"),
            ("lead_reviews", "Can settle disagreements and see how each reviewer does"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=Q(state=ReviewState.OPEN) & ~Q(kind=ReviewKind.GOLD),
                name="agent_review_items_one_open",
            ),
            models.UniqueConstraint(
                fields=["job", "only_for"],
                condition=Q(kind=ReviewKind.GOLD),
                name="agent_review_items_gold_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReviewKind.values), name="agent_review_items_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=ReviewKind.GOLD, only_for__isnull=False)
                | ~Q(kind=ReviewKind.GOLD) & Q(only_for__isnull=True),
                name="agent_review_items_gold_is_for_one",
            ),
            models.CheckConstraint(
                condition=Q(draw_rate__gt=0, draw_rate__lte=1), name="agent_review_items_draw_rate_range"
            ),
            models.CheckConstraint(
                condition=Q(opinions_wanted__gte=1, opinions_wanted__lte=3),
                name="agent_review_items_opinions_range",
            ),
            models.CheckConstraint(
                condition=Q(state=ReviewState.OPEN) | Q(disputed_at__isnull=True),
                name="agent_review_items_dispute_is_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReviewState.values), name="agent_review_items_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ReviewState.OPEN, closed_at__isnull=True)
                | Q(state=ReviewState.CLOSED, closed_at__isnull=False),
                name="agent_review_items_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True, claimed_until__isnull=True)
                | Q(
                    state=ReviewState.OPEN,
                    claimed_by__isnull=False,
                    claimed_at__isnull=False,
                    claimed_until__isnull=False,
                ),
                name="agent_review_items_claim_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=Priority.values), name="agent_review_items_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="agent_review_items_confidence_range"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "priority", "opened_at", "id"],
                condition=Q(state=ReviewState.OPEN),
                name="agent_review_queue",
            ),
            # The list of all items, and that of the closed ones in the admin.
            models.Index(fields=["due_at", "priority", "opened_at", "id"], name="agent_review_items_order"),
            models.Index(
                fields=["-closed_at", "id"],
                condition=Q(state=ReviewState.CLOSED),
                name="agent_review_items_closed",
            ),
            # The number of open items, on every page of the admin.
            models.Index(
                fields=["only_for", "job"],
                condition=Q(state=ReviewState.OPEN),
                name="agent_review_items_open",
            ),
            models.Index(fields=["job"], name="agent_review_of_job"),
        ]

    def __str__(self) -> str:
        return f"{self.get_agent_type_display()} review {self.pk}"

    @property
    def decision(self) -> ReviewDecision | None:
        """The decision in force; needs no query after ``with_verdict()`` or ``with_decisions()``."""
        if "verdict_id" in self.__dict__:
            # Django sets ``verdict`` only if there is one.
            return self.__dict__.get("verdict")
        return next((d for d in self.all_decisions if d.takes_effect and d.undone_at is None), None)

    @property
    def all_decisions(self) -> list[ReviewDecision]:
        """The decisions, also undone ones; needs no query after ``with_decisions()``."""
        loaded: list[ReviewDecision] | None = self.__dict__.get("loaded_decisions")
        return list(self.decisions.all()) if loaded is None else loaded

    @property
    def is_hidden(self) -> bool:
        """True while confidence, reasons and signals must not be shown."""
        return self.is_blind and self.state == ReviewState.OPEN

    def is_claimed(self, now: datetime) -> bool:
        """Return whether the item has an unexpired claim."""
        return self.claimed_until is not None and self.claimed_until >= now


def reviews_of_jobs(*deferred: str) -> Prefetch[Any]:
    """Load ``job.reviews``, the oldest first, with the decision in force of each.

    Gold items, which measure reviewers, are no reviews of the job. ``deferred`` fields are left out.
    """
    items = ReviewItem.objects.exclude(kind=ReviewKind.GOLD).with_verdict().order_by("opened_at", "pk")
    return Prefetch("review_items", items.defer(*deferred), to_attr="reviews")
