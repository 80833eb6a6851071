"""What waits for a person, and what the person said."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import AgentType, Priority, ReviewState, Verdict
from agents.querysets import ReviewItemQuerySet
from universes.ids import new_id


def default_due() -> datetime:
    return timezone.now() + timedelta(hours=settings.REVIEW_WITHIN_H)


class ReviewItem(models.Model):
    """One output that waits for a reviewer, and why.

    ``open -> closed``, once, by a decision. The database allows one open item a job. A claim is a reviewer's hold
    on an open item until ``claimed_until``; once that has passed, anybody may claim it anew.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    job = models.ForeignKey("agents.AgentJob", on_delete=models.CASCADE, related_name="review_items")
    universe = models.ForeignKey(
        "universes.Universe", null=True, blank=True, on_delete=models.SET_NULL, related_name="review_items"
    )
    agent_type = models.CharField(max_length=32, choices=AgentType)
    state = models.CharField(max_length=16, choices=ReviewState, default=ReviewState.OPEN)
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
        permissions = [("decide_reviewitem", "Can decide review items")]
        constraints = [
            models.UniqueConstraint(
                fields=["job"], condition=Q(state=ReviewState.OPEN), name="agent_review_items_one_open"
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


class ReviewDecision(models.Model):
    """A reviewer's verdict on one item. Rows are added, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.OneToOneField(ReviewItem, on_delete=models.CASCADE, related_name="decision")
    verdict = models.CharField(max_length=16, choices=Verdict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_decisions"
    )
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True, help_text="The reason of a rejection, or what was asked for.")
    before = models.JSONField(help_text="The output that was decided on.")
    after = models.JSONField(null=True, help_text="What the reviewer made of it; empty: as it was.")
    follow_up = models.ForeignKey(
        "agents.AgentJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        db_table = "agent_review_decisions"
        ordering = ["-at", "-id"]
        verbose_name = "review decision"
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="agent_review_decisions_verdict_known"
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=[Verdict.REJECTED, Verdict.ASKED_AGAIN]) | ~Q(note=""),
                name="agent_review_decisions_no_without_note",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.EDITED, after__isnull=False)
                | Q(after__isnull=True) & ~Q(verdict=Verdict.EDITED),
                name="agent_review_decisions_edit_has_text",
            ),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="agent_review_decisions_by")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.by}"
