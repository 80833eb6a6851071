"""Admin pages of webhooks and their messages. Secrets are on no page, and neither is the query of an address."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, act_on_each, link, signed_in_staff
from agents.models import WebhookDelivery, WebhookEndpoint
from agents.notify.webhooks import endpoints


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyAdmin):
    list_note = "Waiting: messages that are due or being retried."
    empty_text = "No webhooks yet. Clients create them with POST /agents/webhooks."
    list_display = ["address", "owner", "events", "is_active", "waiting", "failing_since", "created_at"]
    list_select_related = ["owner"]
    list_filter = ["is_active", "created_at"]
    search_fields = ["owner__username", "description"]
    search_help_text = "By its owner or its description."
    actions = ["switch_on", "switch_off"]
    fields = [
        "address",
        "owner",
        "description",
        "events",
        "is_active",
        "disabled_reason",
        "failing_since",
        "messages",
        "created_at",
        "updated_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        due = Count("deliveries", filter=Q(deliveries__due_at__isnull=False))
        endpoints_shown: QuerySet[WebhookEndpoint] = super().get_queryset(request).annotate(due=due)
        return endpoints_shown

    @admin.display(description="Address", ordering="url")
    def address(self, endpoint: WebhookEndpoint) -> SafeString:
        return display.isolated(endpoint)

    @admin.display(description="Waiting")
    def waiting(self, endpoint: WebhookEndpoint) -> int:
        return int(endpoint.due)  # type: ignore[attr-defined]

    @admin.display(description="Messages")
    def messages(self, endpoint: WebhookEndpoint) -> SafeString:
        page = reverse("admin:agents_webhookdelivery_changelist")
        return format_html('<a href="{}?webhook={}">All of the last 30 days</a>', page, endpoint.pk)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(endpoints.CHANGE)

    @admin.action(description="Switch on", permissions=["operate"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        self._switch(request, queryset, to=True)

    @admin.action(description="Switch off", permissions=["operate"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        self._switch(request, queryset, to=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint], *, to: bool) -> None:
        by = signed_in_staff(request)
        act_on_each(
            request,
            list(queryset),
            lambda endpoint: endpoints.switch(endpoint, to=to, by=by),
            "{} switched on" if to else "{} switched off",
            noun="webhook",
        )


class WebhookFilter(admin.SimpleListFilter):
    """Messages of one webhook, to which its page leads."""

    title = "webhook"
    parameter_name = "webhook"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[WebhookDelivery]
    ) -> list[tuple[str, str]]:
        chosen = self._chosen()
        return [(str(chosen.pk), str(chosen))] if chosen else [("", "")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]
    ) -> QuerySet[WebhookDelivery]:
        if self.value() is None:
            return queryset
        chosen = self._chosen()
        return queryset.filter(endpoint=chosen) if chosen else queryset.none()

    def _chosen(self) -> WebhookEndpoint | None:
        with suppress(ValueError):
            return WebhookEndpoint.objects.filter(pk=uuid.UUID(self.value() or "")).first()
        return None


STATES = {
    "due": Q(delivered_at__isnull=True, due_at__isnull=False),
    "delivered": Q(delivered_at__isnull=False),
    "given_up": Q(delivered_at__isnull=True, due_at__isnull=True),
}
TONES = {"due": "info", "delivered": "good", "given_up": "bad"}


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[WebhookDelivery]
    ) -> list[tuple[str, str]]:
        return [(state, state.replace("_", " ")) for state in STATES]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]
    ) -> QuerySet[WebhookDelivery]:
        chosen = STATES.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_note = "Messages are kept for 30 days."
    empty_text = "No messages yet. Each event sent to a webhook is listed here."
    list_display = [
        "message",
        "event",
        "webhook",
        "owner",
        "state",
        "attempts",
        "response_status",
        "created_at",
    ]
    list_select_related = ["endpoint__owner"]
    list_filter = [StateFilter, WebhookFilter, "created_at"]
    ordering = ["-id"]
    actions = ["replay"]
    fields = [
        "message",
        "event",
        "webhook",
        "owner",
        "state",
        "data_shown",
        "attempts",
        "created_at",
        "attempted_at",
        "due_at",
        "delivered_at",
        "response_status",
        "response_shown",
        "error",
    ]

    @admin.display(description="Message", ordering="id")
    def message(self, delivery: WebhookDelivery) -> str:
        return f"msg_{delivery.pk}"

    @admin.display(description="Webhook")
    def webhook(self, delivery: WebhookDelivery) -> SafeString | str:
        return link("agents_webhookendpoint_change", delivery.endpoint_id, str(delivery.endpoint))

    @admin.display(description="Owner")
    def owner(self, delivery: WebhookDelivery) -> SafeString:
        return display.isolated(delivery.endpoint.owner)

    @admin.display(description="State")
    def state(self, delivery: WebhookDelivery) -> SafeString:
        return display.badge(delivery.state.replace("_", " "), TONES[delivery.state])

    @admin.display(description="Data")
    def data_shown(self, delivery: WebhookDelivery) -> SafeString:
        return display.json_block(delivery.data)

    @admin.display(description="Answer (first kilobyte)")
    def response_shown(self, delivery: WebhookDelivery) -> SafeString:
        return display.visible(delivery.response_body)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(endpoints.REPLAY)

    @admin.action(description="Send again", permissions=["operate"])
    def replay(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        act_on_each(request, list(queryset), endpoints.replay, "{} will be sent again", noun="message")
