"""Allowances of leads for single universes: reviewers decide on their own jobs, or guests decide."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Allowance(models.Model):
    """Base of the permissions that a lead gives for one universe, each in a table of its own."""

    universe = models.OneToOneField(
        "universes.Universe", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    allowed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    allowed_at = models.DateTimeField("allowed", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["-allowed_at", "-universe"]


class SelfReview(Allowance):
    """Permission for reviewers to decide, in one universe, on jobs that they requested themselves.

    Without it another reviewer has to. Each verdict that uses it names the lead.
    """

    class Meta(Allowance.Meta):
        db_table = "agent_self_reviews"
        verbose_name = "self-review"

    def __str__(self) -> str:
        return f"Self-review in “{self.universe}”"


class GuestsDecide(Allowance):
    """Permission for guests to decide, in one universe, on items that require one opinion."""

    class Meta(Allowance.Meta):
        db_table = "agent_guests_decide"
        verbose_name = "universe where guests decide"
        verbose_name_plural = "universes where guests decide"

    def __str__(self) -> str:
        return f"Guests decide in “{self.universe}”"
