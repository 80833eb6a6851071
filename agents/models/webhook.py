"""Webhooks: addresses that are told of events, and each message to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from universes.ids import new_id


class WebhookEndpoint(models.Model):
    """An address of one account, and the events that it is told of."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhook_endpoints"
    )
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    events = models.CharField(max_length=500, help_text="Names of events, separated by spaces.")
    secret = models.CharField(max_length=100, editable=False)
    previous_secret = models.CharField(
        max_length=100, blank=True, editable=False, help_text="Signs as well until the date below."
    )
    previous_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField("active", default=True)
    disabled_reason = models.CharField(max_length=500, blank=True)
    failing_since = models.DateTimeField(
        null=True, blank=True, help_text="The first failure since the last success."
    )
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("changed", auto_now=True)

    class Meta:
        db_table = "agent_webhook_endpoints"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                F("owner"), F("created_at").desc(), F("id").desc(), name="agent_webhook_endpoints_of"
            )
        ]

    def __str__(self) -> str:
        """Return the address without its query, in which some receivers expect a key of theirs."""
        parts = urlsplit(self.url)
        return parts._replace(query="…" if parts.query else "").geturl()


class WebhookDelivery(models.Model):
    """One message to one endpoint: the outbox row that a trigger writes together with what happened.

    due -> delivered
     | ^
     | '-- failed: due again later
     '---> given up, until it is replayed
    """

    # Without a constraint: work that ends must not fail because its endpoint is being deleted.
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False
    )
    event = models.CharField(max_length=32)
    source = models.CharField(max_length=100, help_text="What happened; an endpoint is told of it once.")
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    created_at = models.DateTimeField("created", default=timezone.now)
    due_at = models.DateTimeField("due", null=True, help_text="Next attempt; empty: none.")
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    attempted_at = models.DateTimeField("last attempt", null=True)
    delivered_at = models.DateTimeField("delivered", null=True)
    response_status = models.PositiveSmallIntegerField(null=True)
    response_body = models.TextField(blank=True, default="", db_default="", help_text="Its first kilobyte.")
    error = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        db_table = "agent_webhook_deliveries"
        verbose_name_plural = "webhook deliveries"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "source"], name="agent_webhook_deliveries_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="agent_webhook_deliveries_due"
            ),
            models.Index(F("endpoint"), F("id").desc(), name="agent_webhook_deliveries_of"),
            models.Index(fields=["created_at"], name="agent_webhook_deliveries_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint_id}"

    @property
    def state(self) -> str:
        """Return ``delivered``, ``due`` or ``given_up``."""
        if self.delivered_at is not None:
            return "delivered"
        return "due" if self.due_at is not None else "given_up"
