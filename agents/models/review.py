"""What waits for a person, and what the person said."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import AgentType, Priority, ReviewKind, ReviewState, Verdict
from agents.querysets import ReviewDecisionQuerySet, ReviewItemQuerySet
from universes.ids import new_id


def default_due() -> datetime:
    return timezone.now() + timedelta(hours=settings.REVIEW_WITHIN_H)


class ReviewItem(models.Model):
    """One output that waits for a reviewer, and why.

    ``open -> closed`` by a decision that takes effect, and back when that is undone. The database allows one open
    item a job, gold apart. A claim is a reviewer's hold on an open item until ``claimed_until``; once that has
    passed, anybody may claim it anew. Where several opinions are wanted, each is a decision without effect until
    they agree; since ``disputed_at`` a lead's verdict is waited for.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    job = models.ForeignKey("agents.AgentJob", on_delete=models.CASCADE, related_name="review_items")
    universe = models.ForeignKey(
        "universes.Universe", null=True, blank=True, on_delete=models.SET_NULL, related_name="review_items"
    )
    agent_type = models.CharField(max_length=32, choices=AgentType)
    state = models.CharField(max_length=16, choices=ReviewState, default=ReviewState.OPEN)
    kind = models.CharField(max_length=16, choices=ReviewKind, default=ReviewKind.DOUBT)
    is_blind = models.BooleanField(
        default=False, help_text="Confidence, reasons and signals are hidden until it is decided."
    )
    draw_rate = models.FloatField(
        default=1, help_text="How likely a job like this one is to be reviewed: 1 for one in doubt."
    )
    opinions_wanted = models.PositiveSmallIntegerField(
        default=1, help_text="Independent reviews before a verdict takes effect."
    )
    disputed_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the reviewers' disagreement waits for a lead."
    )
    only_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The one reviewer who sees it: gold.",
    )
    confidence = models.FloatField(help_text="Of the output, when the item was opened.")
    reasons = models.JSONField(help_text="Why it is here: sentences.")
    reason_codes = models.CharField(
        max_length=500, help_text="The signals behind the reasons, for filters: |a|b|."
    )
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.REQUEST)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=default_due, help_text="When it should have been decided.")
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
        help_text="The reviewer whom it was handed to; empty: anybody.",
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
            models.Index(fields=["job"], name="agent_review_of_job"),
        ]

    def __str__(self) -> str:
        return f"{self.get_agent_type_display()} review {self.pk}"

    @property
    def decision(self) -> ReviewDecision | None:
        """The verdict that counts; of ``with_decisions()`` without a query."""
        standing = [one for one in self.decisions.all() if one.takes_effect and one.undone_at is None]
        return standing[0] if standing else None

    @property
    def is_hidden(self) -> bool:
        """Whether confidence, reasons and signals have to stay unseen for now."""
        return self.is_blind and self.state == ReviewState.OPEN

    def is_claimed(self, now: datetime) -> bool:
        """Whether a reviewer holds it: a lease that has run out is none."""
        return self.claimed_until is not None and self.claimed_until >= now


class ReviewSkip(models.Model):
    """A reviewer would rather not: the item goes to the end of their own queue, and stays where it is for others."""

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="skips")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "agent_review_skips"
        verbose_name = "review skip"
        constraints = [models.UniqueConstraint(fields=["item", "by"], name="agent_review_skips_once")]

    def __str__(self) -> str:
        return f"{self.by} skipped {self.item_id}"


class RejectReason(models.Model):
    """Why an output is rejected, from a list that admins edit."""

    code = models.SlugField(max_length=50, unique=True, help_text="The name that API clients send; kept.")
    name = models.CharField(max_length=100, help_text="What reviewers read.")
    position = models.PositiveSmallIntegerField(default=100, help_text="Low ones stand first.")
    is_active = models.BooleanField(default=True, help_text="Offered to reviewers.")

    class Meta:
        db_table = "agent_reject_reasons"
        ordering = ["position", "name"]
        verbose_name = "reject reason"

    def __str__(self) -> str:
        return self.name


class ReviewDecision(models.Model):
    """A reviewer's verdict on one item.

    Of an item at most one takes effect and stands, and of each reviewer at most one stands, a lead's verdict on a
    disagreement apart. Rows are added; the only later change is that a verdict is undone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=16, choices=Verdict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_decisions"
    )
    at = models.DateTimeField(default=timezone.now)
    reason = models.ForeignKey(
        RejectReason, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    note = models.TextField(blank=True, help_text="Words for a rejection, or what was asked for.")
    before = models.JSONField(help_text="The output that was decided on.")
    after = models.JSONField(null=True, help_text="What the reviewer made of it; empty: as it was.")
    takes_effect = models.BooleanField(default=True, help_text="No: one of several opinions.")
    is_lead = models.BooleanField(default=False, help_text="A lead's verdict on a disagreement.")
    work_s = models.FloatField(
        null=True, blank=True, help_text="Seconds from the reviewer's claim to the verdict; empty: no claim."
    )
    follow_up = models.ForeignKey(
        "agents.AgentJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Not a foreign key: the agents know canon through its services.
    canon_change_id = models.UUIDField(
        null=True, blank=True, help_text="The step in canon that it made, if it made one."
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReviewDecisionQuerySet.as_manager()

    class Meta:
        db_table = "agent_review_decisions"
        ordering = ["-at", "-id"]
        verbose_name = "review decision"
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(takes_effect=True, undone_at__isnull=True),
                name="agent_review_decisions_one_counts",
            ),
            models.UniqueConstraint(
                fields=["item", "by"],
                condition=Q(undone_at__isnull=True, is_lead=False),
                name="agent_review_decisions_one_a_person",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="agent_review_decisions_verdict_known"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.REJECTED) | ~Q(note="") | Q(reason__isnull=False),
                name="agent_review_decisions_no_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.ASKED_AGAIN) | ~Q(note=""),
                name="agent_review_decisions_again_has_note",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.EDITED, after__isnull=False)
                | Q(after__isnull=True) & ~Q(verdict=Verdict.EDITED),
                name="agent_review_decisions_edit_has_text",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="agent_review_decisions_undone_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(work_s__isnull=True) | Q(work_s__gte=0), name="agent_review_decisions_work_range"
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-at"], name="agent_review_decisions_by"),
            models.Index(fields=["-at", "-id"], name="agent_review_decisions_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.by}"


class ReviewComment(models.Model):
    """What reviewers say to each other about an item. Rows are added, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()

    class Meta:
        db_table = "agent_review_comments"
        ordering = ["at", "id"]
        verbose_name = "review comment"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="agent_review_comments_not_empty")]

    def __str__(self) -> str:
        return f"{self.by} on {self.item_id}"
