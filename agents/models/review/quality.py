"""Gold standards and precomputed review reports."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import GoldAnswer


class GoldStandard(models.Model):
    """A job with a known right verdict. Planted among a reviewer's items, it measures the reviewer."""

    job = models.OneToOneField("agents.AgentJob", on_delete=models.PROTECT, related_name="gold")
    answer = models.CharField(max_length=16, choices=GoldAnswer)
    why = models.TextField(help_text="Why the verdict is right, for those who look at the results.")
    is_active = models.BooleanField(
        "in use", default=True, help_text="In use, unless GOLD_AFTER of the settings is 0."
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("added", default=timezone.now)

    class Meta:
        db_table = "agent_gold_standards"
        ordering = ["-added_at", "-id"]
        verbose_name = "gold item"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=GoldAnswer.values), name="agent_gold_standards_answer_known"
            )
        ]

    def __str__(self) -> str:
        return f"Gold {self.job_id}"


class ReviewReport(models.Model):
    """Metrics of the last ``days``, precomputed at ``computed_at``."""

    days = models.PositiveSmallIntegerField(unique=True)
    computed_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        db_table = "agent_review_reports"
        verbose_name = "review report"

    def __str__(self) -> str:
        return f"{self.days} days until {self.computed_at:%Y-%m-%d %H:%M}"
