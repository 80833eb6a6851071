"""Delivery of due messages by the workers, their retries, and the end of an endpoint that always fails."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.core.mail import send_mail
from django.db import OperationalError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from agents.common.database import connections
from agents.models import WebhookDelivery, WebhookEndpoint
from agents.notify.webhooks import sending
from agents.notify.webhooks.sending import Reply

log = structlog.get_logger(__name__)

# Pauses after the failed attempts; they end after a good day.
BACK_OFF_S: Final = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800)
# An endpoint that has only failed for so long is switched off.
PATIENCE: Final = timedelta(days=1)
KEPT_FOR: Final = timedelta(days=30)
GONE: Final = 410

# Time after which another worker may try, because this one has died; renewed while the call lasts.
_LEASE: Final = timedelta(seconds=10)
_RENEWALS: Final = 5
_AT_ONCE: Final = 16
# A slow endpoint must not take all threads.
_AT_ONCE_OF_ENDPOINT: Final = 4


def deliver_due() -> int:
    """Try the messages that are due now; return how many were tried. Any number of processes may do so."""
    tried = 0
    while due := _claim():
        with ThreadPoolExecutor(len(due), thread_name_prefix="webhook") as threads:
            calls = {threads.submit(sending.send, delivery): delivery for delivery in due}
            while calls:
                ended, _ = wait(calls, _LEASE.total_seconds() / _RENEWALS, FIRST_COMPLETED)
                for call in ended:
                    _record(calls.pop(call), call.result())
                _renew(calls.values())
        tried += len(due)
    return tried


def due_messages(now: datetime) -> QuerySet[WebhookDelivery]:
    """Return due messages of endpoints that are on and whose owner may still sign in, the oldest first."""
    active = WebhookDelivery.objects.filter(endpoint__is_active=True, endpoint__owner__is_active=True)
    return active.filter(due_at__lte=now).order_by("due_at", "pk")


def _claim() -> list[WebhookDelivery]:
    now = timezone.now()
    claimed: list[WebhookDelivery] = []
    of_endpoint: Counter[object] = Counter()
    for delivery in due_messages(now).select_related("endpoint__owner")[: 20 * _AT_ONCE]:
        if len(claimed) == _AT_ONCE:
            break
        if of_endpoint[delivery.endpoint_id] == _AT_ONCE_OF_ENDPOINT:
            continue
        # The time that was read is the fence: of two workers one finds it unchanged.
        mine = WebhookDelivery.objects.filter(pk=delivery.pk, due_at=delivery.due_at)
        if mine.update(due_at=now + _LEASE, attempts=F("attempts") + 1, attempted_at=now):
            delivery.due_at, delivery.attempts = now + _LEASE, delivery.attempts + 1
            of_endpoint[delivery.endpoint_id] += 1
            claimed.append(delivery)
    connections.release()
    return claimed


def _renew(deliveries: Iterable[WebhookDelivery]) -> None:
    """Extend the leases of which a part is over; while the database is away they go on to run out."""
    until = timezone.now() + _LEASE
    try:
        for delivery in deliveries:
            if delivery.due_at is None or until - delivery.due_at < _LEASE / _RENEWALS:
                continue
            if WebhookDelivery.objects.filter(pk=delivery.pk, due_at=delivery.due_at).update(due_at=until):
                delivery.due_at = until
    except OperationalError as error:
        log.warning("webhook_lease_not_renewed", error=str(error))
    connections.release()


def _record(delivery: WebhookDelivery, reply: Reply) -> None:
    now = timezone.now()
    endpoint = WebhookEndpoint.objects.filter(pk=delivery.endpoint_id)
    with transaction.atomic():
        # A worker that was too slow for its lease finds another time.
        WebhookDelivery.objects.filter(pk=delivery.pk, due_at=delivery.due_at).update(
            due_at=None if reply.is_success else _next_attempt(delivery, now),
            delivered_at=now if reply.is_success else None,
            response_status=reply.status,
            response_body=reply.body,
            error=reply.error[:300],
        )
        if reply.is_success:
            endpoint.filter(failing_since__isnull=False).update(failing_since=None)
            return
        endpoint.filter(failing_since__isnull=True).update(failing_since=now)
        is_off = bool(_switch_off(endpoint, reply, now))
    if is_off:
        _tell_owner(delivery.endpoint)


def _next_attempt(delivery: WebhookDelivery, now: datetime) -> datetime | None:
    if delivery.attempts > len(BACK_OFF_S):
        return None
    pause_s = BACK_OFF_S[delivery.attempts - 1] * random.uniform(1, 1.2)  # noqa: S311
    return now + timedelta(seconds=pause_s)


def _switch_off(endpoint: QuerySet[WebhookEndpoint], reply: Reply, now: datetime) -> int:
    if reply.status == GONE:
        return endpoint.filter(is_active=True).update(
            is_active=False, disabled_reason="Switched off: it answered 410 Gone."
        )
    reason = f"Switched off: all attempts have failed for a day, the last with {reply.status or reply.error}."
    return endpoint.filter(is_active=True, failing_since__lte=now - PATIENCE).update(
        is_active=False, disabled_reason=reason[:500]
    )


def _tell_owner(endpoint: WebhookEndpoint) -> None:
    endpoint.refresh_from_db()
    log.warning("webhook_switched_off", endpoint=str(endpoint.pk), reason=endpoint.disabled_reason)
    if not endpoint.owner.email:
        return
    how = f"Switch it on again with PATCH /agents/webhooks/{endpoint.pk}."
    text = f"{endpoint.disabled_reason}\n\n{endpoint.url}\n\n{how}"
    try:
        send_mail("A webhook was switched off", text, None, [endpoint.owner.email])
    except OSError as error:
        log.warning("webhook_mail_failed", endpoint=str(endpoint.pk), error=str(error))


def delete_old() -> int:
    """Delete messages that are older than ``KEPT_FOR``."""
    deleted, _ = WebhookDelivery.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
