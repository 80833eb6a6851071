"""Universes in which reviewers may decide on their own jobs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class SelfReview(models.Model):
    """A lead's permission for one universe: reviewers may decide there on jobs that they requested themselves.

    Without it another reviewer has to. Each verdict that uses it names the lead.
    """

    universe = models.OneToOneField(
        "universes.Universe", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    allowed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    allowed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "agent_self_reviews"
        ordering = ["-allowed_at", "-universe"]
        verbose_name = "self-review"

    def __str__(self) -> str:
        return f"Self-review in {self.universe}"
