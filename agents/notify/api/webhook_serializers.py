"""Bodies and answers of the API of webhooks."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agents.models import WebhookDelivery, WebhookEndpoint
from agents.notify.webhooks import endpoints
from universes.api.bodies.strict import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictSerializer,
)

EVENT_CHOICES = [(name, name) for name in endpoints.EVENTS]


class WebhookIn(StrictSerializer):
    url = StrictCharField(max_length=2000, help_text="Public https address that is called.")
    events = serializers.ListField(
        child=StrictChoiceField(EVENT_CHOICES),
        min_length=1,
        max_length=20,
        help_text="The events that it receives.",
    )
    description = StrictCharField(max_length=200, allow_blank=True, required=False)
    is_active = StrictBooleanField(required=False)


class WebhookPatch(WebhookIn):
    url = StrictCharField(max_length=2000, required=False)
    events = serializers.ListField(
        child=StrictChoiceField(EVENT_CHOICES), min_length=1, max_length=20, required=False
    )


class WebhookOut(serializers.ModelSerializer[WebhookEndpoint]):
    events = serializers.SerializerMethodField()

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id",
            "url",
            "events",
            "description",
            "is_active",
            "disabled_reason",
            "failing_since",
            "previous_until",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
        extra_kwargs = {
            "disabled_reason": {"help_text": "Why the site has switched it off; empty: it has not."},
            "previous_until": {"help_text": "Until then the secret before the present one signs as well."},
        }

    def get_events(self, endpoint: WebhookEndpoint) -> list[str]:
        return endpoint.events.split()


class WebhookWithSecretOut(WebhookOut):
    """Webhook with its secret, which is shown this once."""

    class Meta(WebhookOut.Meta):
        fields = [*WebhookOut.Meta.fields, "secret"]
        read_only_fields = fields


class DeliveryOut(serializers.ModelSerializer[WebhookDelivery]):
    id = serializers.SerializerMethodField(help_text="The `webhook-id` of the message.")
    state = serializers.SerializerMethodField()

    class Meta:
        model = WebhookDelivery
        fields = [
            "id",
            "event",
            "state",
            "created_at",
            "attempts",
            "attempted_at",
            "due_at",
            "delivered_at",
            "response_status",
            "response_body",
            "error",
        ]
        read_only_fields = fields
        extra_kwargs = {"due_at": {"help_text": "Next attempt; null: none."}}

    def get_id(self, delivery: WebhookDelivery) -> str:
        return f"msg_{delivery.pk}"

    def get_state(self, delivery: WebhookDelivery) -> str:
        """Return `delivered`, `due` or `given_up`."""
        return delivery.state


def with_secret(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return dict(WebhookWithSecretOut(endpoint).data)
