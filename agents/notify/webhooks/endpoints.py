"""Endpoints of an account, their secrets, and the messages to them."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from agents.errors import BudgetExceeded, Conflict, NotFound
from agents.models import WebhookDelivery, WebhookEndpoint
from agents.notify.webhooks import guard

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BUDGET_EXCEEDED: Final = "budget.exceeded"
EVENTS: Final = (
    "job.completed",
    "job.failed",
    "job.cancelled",
    "review.decided",
    "canon.changed",
    BUDGET_EXCEEDED,
)
MAX_ENDPOINTS: Final = 20
# Permissions to switch the endpoints of others, and to send their messages again.
CHANGE: Final = "agents.change_webhookendpoint"
REPLAY: Final = "agents.change_webhookdelivery"
# Time for which the secret before a new one signs as well.
OVERLAP: Final = timedelta(hours=24)


def endpoints_of(owner: User) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(owner=owner).order_by("-created_at", "-id")


def get_endpoint(owner: User, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    endpoint = endpoints_of(owner).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotFound(f"There is no webhook {endpoint_id}.", code="webhook_not_found")
    return endpoint


def create_endpoint(
    owner: User, *, url: str, events: Collection[str], description: str = "", is_active: bool = True
) -> WebhookEndpoint:
    """Create an endpoint; its ``secret`` is shown to the owner this once."""
    usable = guard.checked_url(url)
    with transaction.atomic():
        # The row of the account makes two requests count one after the other.
        type(owner).objects.select_for_update(no_key=True).get(pk=owner.pk)
        if endpoints_of(owner).count() >= MAX_ENDPOINTS:
            raise Conflict(f"You have {MAX_ENDPOINTS} webhooks. Delete one.", code="too_many_webhooks")
        return WebhookEndpoint.objects.create(
            owner=owner,
            url=usable,
            events=_stored(events),
            description=description,
            is_active=is_active,
            secret=_new_secret(),
        )


def change_endpoint(endpoint: WebhookEndpoint, changes: Mapping[str, Any]) -> WebhookEndpoint:
    """Change an endpoint; one that is switched on again begins without failures."""
    given = dict(changes)
    if "url" in given:
        given["url"] = guard.checked_url(given["url"])
    if "events" in given:
        given["events"] = _stored(given["events"])
    if given.get("is_active"):
        given |= {"disabled_reason": "", "failing_since": None}
    for name, value in given.items():
        setattr(endpoint, name, value)
    endpoint.save(update_fields=[*given, "updated_at"])
    return endpoint


def switch(endpoint: WebhookEndpoint, *, to: bool, by: User) -> WebhookEndpoint:
    """Switch an endpoint on or off for its owner, who may switch it on again; raise ``Conflict`` if it is already."""
    if endpoint.is_active == to:
        raise Conflict(f"The webhook of {endpoint.owner.get_username()} is {'on' if to else 'off'} already.")
    reason = "" if to else f"Switched off by {by.get_username()}."
    return change_endpoint(endpoint, {"is_active": to, "disabled_reason": reason})


def rotate_secret(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Give an endpoint a new secret; the present one signs as well for a day."""
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, timezone.now() + OVERLAP
    endpoint.secret = _new_secret()
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until", "updated_at"])
    return endpoint


def get_delivery(endpoint: WebhookEndpoint, raw_id: str) -> WebhookDelivery:
    number = raw_id.removeprefix("msg_")
    is_number = number.isascii() and number.isdigit() and len(number) <= 18
    delivery = endpoint.deliveries.filter(pk=int(number)).first() if is_number else None
    if delivery is None:
        raise NotFound(f"There is no delivery {raw_id[:50]!r}.", code="delivery_not_found")
    return delivery


def replay(delivery: WebhookDelivery) -> WebhookDelivery:
    """Send a message again, with all its retries, whatever has become of it."""
    if not delivery.endpoint.is_active:
        raise Conflict("The webhook is switched off. Switch it on first.", code="webhook_is_off")
    delivery.due_at, delivery.attempts, delivery.delivered_at = timezone.now(), 0, None
    delivery.save(update_fields=["due_at", "attempts", "delivered_at"])
    return delivery


def tell_of_exceeded(owner_id: int, refusals: Iterable[BudgetExceeded]) -> None:
    """Tell an account's endpoints of budgets that have refused a job, once for each period of a budget.

    Call it outside of the transaction that was refused, which leaves nothing.
    """
    budgets = {(r.details["budget"]["id"], r.details["budget"]["next_period_at"]): r for r in refusals}
    told = WebhookEndpoint.objects.filter(owner=owner_id, is_active=True, events__contains=BUDGET_EXCEEDED)
    rows = [
        WebhookDelivery(
            endpoint=endpoint,
            event=BUDGET_EXCEEDED,
            source=f"budget {budget_id} until {until}",
            data=refusal.details["budget"],
            due_at=timezone.now(),
        )
        for endpoint in told
        for (budget_id, until), refusal in budgets.items()
    ]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _stored(events: Collection[str]) -> str:
    return " ".join(name for name in EVENTS if name in events)
