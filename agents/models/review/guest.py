"""Review by link: a set of items for a guest without an account, and the opinions that guests give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agents.choices import Verdict
from universes.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime

GUEST_VERDICTS = (Verdict.APPROVED, Verdict.REJECTED)
GUEST_VERDICT_CHOICES = [(verdict.value, str(verdict.label)) for verdict in GUEST_VERDICTS]


class ReviewLinkQuerySet(models.QuerySet["ReviewLink"]):
    def open_at(self, now: datetime) -> ReviewLinkQuerySet:
        """Select the links that open their items: not expired, not revoked, and their maker is still here."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, made_by__is_active=True)


class ReviewLink(models.Model):
    """Link that shows some outputs to a guest, and nothing else. Its token is the signed id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    label = models.CharField(max_length=100, help_text="Who it is for.")
    items: models.ManyToManyField[models.Model, models.Model] = models.ManyToManyField(
        "agents.ReviewItem", related_name="links", db_table="agent_review_link_items"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("created", default=timezone.now)
    expires_at = models.DateTimeField("expires")
    revoked_at = models.DateTimeField("revoked", null=True, blank=True)
    last_used_at = models.DateTimeField("last used", null=True, blank=True)

    objects = ReviewLinkQuerySet.as_manager()

    class Meta:
        db_table = "agent_review_links"
        verbose_name = "guest link"
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="agent_review_links_expire_later"
            )
        ]

    def __str__(self) -> str:
        return f"Link for {self.label}"


class GuestOpinion(models.Model):
    """Verdict that a guest would give. Reviewers read it; alone it decides only where ``GuestsDecide`` says so.

    Rows are added, never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey(ReviewLink, on_delete=models.CASCADE, related_name="opinions")
    item = models.ForeignKey("agents.ReviewItem", on_delete=models.CASCADE, related_name="guest_opinions")
    name = models.CharField(max_length=100)
    verdict = models.CharField(max_length=16, choices=GUEST_VERDICT_CHOICES)
    comment = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "agent_guest_opinions"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=[verdict.value for verdict in GUEST_VERDICTS]),
                name="agent_guest_opinions_verdict_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.verdict}"
