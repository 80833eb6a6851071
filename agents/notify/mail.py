"""Mail: notifications as they happen, and a daily digest of overdue items.

Delivery is at most once. A notification is claimed, and no longer due, before it goes to the mail server, so a worker
killed in between loses one mail while the notification stays in the application. Only mails that the server did not
accept are tried again.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from agents.common import permissions
from agents.models import Notification, ReviewItem
from agents.notify import preferences
from agents.notify.mail_templates import digest_mail, notification_mail

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.core.mail import EmailMessage

log = structlog.get_logger(__name__)

# Earliest start of each retry after the notification. An outage of two hours costs no mail.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
MAX_TRIES = 1 + len(RETRY_AFTER)
# Mails per run; the next run continues.
MAX_PER_RUN = 200
# Items listed in a digest.
MAX_LISTED = 10

# Refusals of one mail; the connection stays usable.
REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
# The server is away or the connection broke (smtplib's errors are OSErrors), or an address is invalid.
FAILURES = (OSError, ValueError)


def mail_notifications() -> dict[str, int]:
    """Send the mails that are due; concurrent runs send each mail once."""
    if not _due(timezone.now()).exists():
        return {"sent": 0, "failed": 0}
    try:
        with _mail_server() as server:
            return _send_due(server)
    except OSError as error:
        failed = _count_failed_try()
        log.warning("mail_server_away", waiting=failed, error=str(error))
        return {"sent": 0, "failed": failed}


def _send_due(server: BaseEmailBackend) -> dict[str, int]:
    sent = failed = 0
    while sent + failed < MAX_PER_RUN and (notification := _claim()) is not None:
        if not (notification.to.is_active and notification.to.email):
            continue
        try:
            _send(server, notification_mail(notification))
        except FAILURES as error:
            failed += 1
            _retry_later(notification, error)
            if isinstance(error, OSError) and not isinstance(error, REFUSALS):
                # The connection is broken; the remaining mails wait for the next run.
                break
        else:
            sent += 1
            Notification.objects.filter(pk=notification.pk).update(mailed_at=timezone.now())
    return {"sent": sent, "failed": failed}


def _claim() -> Notification | None:
    """Claim the oldest due mail for this run; return None if there is none."""
    with transaction.atomic():
        waiting = _due(timezone.now()).select_for_update(skip_locked=True, no_key=True)
        pk = waiting.order_by("at", "pk").values_list("pk", flat=True).first()
        if pk is None:
            return None
        Notification.objects.filter(pk=pk).update(mail_due=False, mail_tries=F("mail_tries") + 1)
        return Notification.objects.select_related("to", "by", "item__job").get(pk=pk)


def _due(now: datetime) -> QuerySet[Notification]:
    """Return notifications whose next try may start now."""
    is_time = Q(mail_tries=0)
    for tries, wait in enumerate(RETRY_AFTER, start=1):
        is_time |= Q(mail_tries=tries, at__lte=now - wait)
    return Notification.objects.filter(is_time, mail_due=True)


def _retry_later(notification: Notification, error: Exception) -> None:
    """Mark a mail as due again, unless this was the last try or the person has read the notification."""
    if notification.mail_tries >= MAX_TRIES:
        log.error(
            "mail_given_up",
            notification_id=str(notification.pk),
            tries=notification.mail_tries,
            error=str(error),
        )
        return
    log.warning(
        "mail_not_sent", notification_id=str(notification.pk), tries=notification.mail_tries, error=str(error)
    )
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(mail_due=True)


def _count_failed_try() -> int:
    """Count an unreachable server as a failed try of every due mail; return their number."""
    with transaction.atomic():
        waiting = _due(timezone.now()).select_for_update(skip_locked=True, no_key=True)
        ids = list(waiting.order_by("at", "pk").values_list("pk", flat=True)[:MAX_PER_RUN])
        tried = Notification.objects.filter(pk__in=ids)
        tried.update(mail_tries=F("mail_tries") + 1)
        given_up = tried.filter(mail_tries__gte=MAX_TRIES).update(mail_due=False)
    if given_up:
        log.error("mails_given_up", count=given_up, tries=MAX_TRIES)
    return len(ids)


def mail_overdue_digest() -> dict[str, int]:
    """Mail the overdue items to each reviewer who may decide some and wants the digest."""
    now = timezone.now()
    if not ReviewItem.objects.overdue(now).exists():
        return {"sent": 0, "failed": 0}
    mails = [mail for person in _digest_readers() if (mail := _digest_of(person, now)) is not None]
    sent = failed = 0
    if not mails:
        return {"sent": sent, "failed": failed}
    try:
        with _mail_server() as server:
            for mail in mails:
                try:
                    _send(server, mail)
                    sent += 1
                except (*REFUSALS, ValueError) as error:
                    failed += 1
                    log.warning("digest_not_sent", error=str(error))
    except OSError as error:
        # No retry: tomorrow's digest is newer.
        failed = len(mails) - sent
        log.warning("mail_server_away", waiting=failed, error=str(error))
    return {"sent": sent, "failed": failed}


def _digest_readers() -> list[User]:
    addressed = {person.pk: person for person in permissions.reviewers().exclude(email="").order_by("pk")}
    by_person = preferences.preferences_of_all(addressed)
    return [person for pk, person in addressed.items() if by_person[pk].email_overdue_digest]


def _digest_of(person: User, now: datetime) -> EmailMessage | None:
    overdue = ReviewItem.objects.overdue(now).judgeable_by(person)
    count = overdue.count()
    if not count:
        return None
    oldest = overdue.select_related("job").defer("job__output_data", "job__signals").queue_order()
    own = overdue.of_reviewer(person, now).count()
    return digest_mail(person, overdue=count, own=own, oldest=list(oldest[:MAX_LISTED]))


@contextmanager
def _mail_server() -> Iterator[BaseEmailBackend]:
    """Open one connection to the mail server for all mails of a run."""
    server = get_connection()
    try:
        server.open()
        yield server
    finally:
        # Every mail is sent by now; a failing QUIT changes nothing.
        with suppress(OSError):
            server.close()


def _send(server: BaseEmailBackend, mail: EmailMessage) -> None:
    # Hold no database connection while the mail server answers.
    if not database.in_atomic_block:
        database.close()
    server.send_messages([mail])
