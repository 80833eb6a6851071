"""What waits for a person, and what the person said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import AgentType, ReviewState, Verdict
from agents.querysets import ReviewItemQuerySet
from universes.ids import new_id


class ReviewItem(models.Model):
    """One output that waits for a reviewer, and why.

    ``open -> closed``, once, by a decision. The database allows one open item a job.
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
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        db_table = "agent_review_items"
        ordering = ["opened_at", "id"]
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
                condition=Q(confidence__gte=0, confidence__lte=1), name="agent_review_items_confidence_range"
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at", "id"], condition=Q(state=ReviewState.OPEN), name="agent_review_queue"
            ),
            models.Index(fields=["job"], name="agent_review_of_job"),
        ]

    def __str__(self) -> str:
        return f"{self.get_agent_type_display()} review {self.pk}"


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
