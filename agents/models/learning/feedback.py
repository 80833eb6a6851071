"""Feedback of the people for whom an output was written."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import FeedbackRating
from agents.models.review.decision import RejectReason
from universes.ids import new_id


class JobFeedback(models.Model):
    """A requester's latest opinion of their own job's output, beside the verdicts of reviewers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    job = models.ForeignKey("agents.AgentJob", on_delete=models.CASCADE, related_name="feedback")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rating = models.CharField(max_length=16, choices=FeedbackRating)
    reason = models.ForeignKey(
        RejectReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    edited_output = models.JSONField(null=True, blank=True, help_text="As its requester wants it.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "agent_job_feedback"
        ordering = ["-at", "-id"]
        verbose_name = "feedback"
        verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(fields=["job"], name="agent_job_feedback_one_a_job"),
            models.CheckConstraint(
                condition=Q(rating__in=FeedbackRating.values), name="agent_job_feedback_rating_known"
            ),
            models.CheckConstraint(
                condition=Q(rating=FeedbackRating.REJECTED) | Q(reason__isnull=True),
                name="agent_job_feedback_reason_of_no",
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="agent_job_feedback_newest")]

    def __str__(self) -> str:
        return f"{self.get_rating_display()} by {self.by}"
