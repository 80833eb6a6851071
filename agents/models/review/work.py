"""Skips of review items, and comments on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from universes.ids import new_id


class ReviewSkip(models.Model):
    """A reviewer's skip of an item, which moves it to the end of their own queue only."""

    item = models.ForeignKey("agents.ReviewItem", on_delete=models.CASCADE, related_name="skips")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField("time", default=timezone.now)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "agent_review_skips"
        verbose_name = "review skip"
        constraints = [models.UniqueConstraint(fields=["item", "by"], name="agent_review_skips_once")]

    def __str__(self) -> str:
        return f"{self.by} skipped {self.item_id}"


class ReviewComment(models.Model):
    """A reviewer's comment on an item, which its author may change and delete."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey("agents.ReviewItem", on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField()

    class Meta:
        db_table = "agent_review_comments"
        ordering = ["at", "id"]
        verbose_name = "review comment"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="agent_review_comments_not_empty")]

    def __str__(self) -> str:
        return f"{self.by} on {self.item_id}"
