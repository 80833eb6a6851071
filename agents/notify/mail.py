"""Mail: what people were told, as it happens, and once a day what is overdue.

At most once by choice. A notification stops being due when it is claimed, before the mail server hears of it, so
a worker that is killed in between loses one mail; the notification itself still waits in the application. The
other way round the same mail would come again. Only what the server did not take, or did not say it took, is
tried anew.
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

# How long after the notification each further try may start. An outage of two hours costs no mail; after the last
# try the mail is given up.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
MAX_TRIES = 1 + len(RETRY_AFTER)
# Mails of one run; the next one begins where it ends.
RUN_LIMIT = 200
# Items named in a digest.
MOST_NAMED = 10

# What the server says of one mail; the line to it stays open.
REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
# The server is away, or the line broke (smtplib's errors are OSErrors); or an address is none.
FAILURES = (OSError, ValueError)


def mail_notifications() -> dict[str, int]:
    """Send what waits to be mailed. Any number of runs at once send each mail once."""
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
    while sent + failed < RUN_LIMIT and (told := _claim()) is not None:
        if not (told.to.is_active and told.to.email):
            continue
        try:
            _send(server, notification_mail(told))
        except FAILURES as error:
            failed += 1
            _hand_back(told, error)
            if isinstance(error, OSError) and not isinstance(error, REFUSALS):
                # The line is broken. What else is due has not been tried, and waits for the next run.
                break
        else:
            sent += 1
            Notification.objects.filter(pk=told.pk).update(mailed_at=timezone.now())
    return {"sent": sent, "failed": failed}


def _claim() -> Notification | None:
    """The oldest mail that is due, which from now on nobody else sends; None where there is none."""
    with transaction.atomic():
        waiting = _due(timezone.now()).select_for_update(skip_locked=True, no_key=True)
        pk = waiting.order_by("at", "pk").values_list("pk", flat=True).first()
        if pk is None:
            return None
        Notification.objects.filter(pk=pk).update(mail_due=False, mail_tries=F("mail_tries") + 1)
        return Notification.objects.select_related("to", "by", "item__job").get(pk=pk)


def _due(now: datetime) -> QuerySet[Notification]:
    """Those whose next try may start."""
    is_time = Q(mail_tries=0)
    for tries, wait in enumerate(RETRY_AFTER, start=1):
        is_time |= Q(mail_tries=tries, at__lte=now - wait)
    return Notification.objects.filter(is_time, mail_due=True)


def _hand_back(told: Notification, error: Exception) -> None:
    """Have another try made, unless it was the last or the person has read it meanwhile."""
    if told.mail_tries >= MAX_TRIES:
        log.error("mail_given_up", notification_id=str(told.pk), tries=told.mail_tries, error=str(error))
        return
    log.warning("mail_not_sent", notification_id=str(told.pk), tries=told.mail_tries, error=str(error))
    Notification.objects.filter(pk=told.pk, read_at__isnull=True).update(mail_due=True)


def _count_failed_try() -> int:
    """A server that cannot be reached is a failed try of all that is due; how many that was."""
    with transaction.atomic():
        waiting = _due(timezone.now()).select_for_update(skip_locked=True, no_key=True)
        ids = list(waiting.order_by("at", "pk").values_list("pk", flat=True)[:RUN_LIMIT])
        tried = Notification.objects.filter(pk__in=ids)
        tried.update(mail_tries=F("mail_tries") + 1)
        given_up = tried.filter(mail_tries__gte=MAX_TRIES).update(mail_due=False)
    if given_up:
        log.error("mails_given_up", count=given_up, tries=MAX_TRIES)
    return len(ids)


def mail_overdue_digest() -> dict[str, int]:
    """Tell each reviewer who wants it of the overdue items that they could decide; nobody where there are none."""
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
        # Tomorrow there is a newer one.
        failed = len(mails) - sent
        log.warning("mail_server_away", waiting=failed, error=str(error))
    return {"sent": sent, "failed": failed}


def _digest_readers() -> list[User]:
    with_address = {person.pk: person for person in permissions.reviewers().exclude(email="").order_by("pk")}
    wishes = preferences.preferences_of_all(with_address)
    return [person for pk, person in with_address.items() if wishes[pk].email_overdue_digest]


def _digest_of(person: User, now: datetime) -> EmailMessage | None:
    overdue = ReviewItem.objects.overdue(now).judgeable_by(person)
    count = overdue.count()
    if not count:
        return None
    oldest = overdue.select_related("job").defer("job__output_data", "job__signals").queue_order()
    own = overdue.of_reviewer(person, now).count()
    return digest_mail(person, overdue=count, own=own, oldest=list(oldest[:MOST_NAMED]))


@contextmanager
def _mail_server() -> Iterator[BaseEmailBackend]:
    """An open line to the mail server, for all mails of a run."""
    server = get_connection()
    try:
        server.open()
        yield server
    finally:
        # All is said; a goodbye that fails changes nothing.
        with suppress(OSError):
            server.close()


def _send(server: BaseEmailBackend, mail: EmailMessage) -> None:
    # The server may take its time, and no database connection waits with us.
    if not database.in_atomic_block:
        database.close()
    server.send_messages([mail])
