"""Mail over a real socket, and concurrent runs."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from email import message_from_bytes, policy
from typing import ClassVar

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from agents.choices import NotificationKind
from agents.models import Notification
from agents.notify import notifications
from agents.notify.mail import mail_notifications, mail_overdue_digest
from tests.notify.mail_server import mail_server
from tests.support.threads import run_concurrently

MENTION = NotificationKind.MENTION


@pytest.fixture
def readers(make_reviewer):
    def make(*names):
        people = [make_reviewer(name) for name in names]
        for person in people:
            person.email = f"{person.username}@example.com"
            person.save()
        return people

    return make


@pytest.fixture
def server(settings):
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 5
        settings.DEFAULT_FROM_EMAIL = "Media assets <media@example.com>"
        yield running


def recipients(server):
    return [taken.recipients for taken in server.mails]


@pytest.mark.django_db
def test_mail_arrives_over_one_connection(server, make_item, reviewer, readers):
    mia, zoe = readers("mia", "zoe")
    item = make_item(due_at=timezone.now() - timedelta(hours=1))
    notifications.notify([mia, zoe], MENTION, item, by=reviewer, text=".\nÀ bientôt")

    assert mail_notifications() == {"sent": 2, "failed": 0}

    assert server.connections == 1
    assert sorted(recipients(server)) == [["mia@example.com"], ["zoe@example.com"]]
    taken = server.mails[0]
    message = message_from_bytes(taken.text, policy=policy.default)
    assert (taken.sender, message["From"]) == ("media@example.com", "Media assets <media@example.com>")
    assert (message["Subject"], message["To"]) == ("rosa mentioned you", taken.recipients[0])
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert "    > À bientôt" in message.get_content().splitlines()
    assert mail_overdue_digest() == {"sent": 2, "failed": 0}
    assert server.connections == 2


@pytest.mark.django_db
def test_unknown_recipient_does_not_hold_up_others(server, make_item, reviewer, readers):
    server.unknown.add("mia@example.com")
    mia, zoe = readers("mia", "zoe")
    for person in (mia, zoe):
        notifications.notify([person], MENTION, make_item(), by=reviewer)

    assert mail_notifications() == {"sent": 1, "failed": 1}
    assert recipients(server) == [["zoe@example.com"]]
    assert server.connections == 1


@pytest.mark.django_db
def test_rest_is_sent_later_if_the_server_hangs_up(server, make_item, reviewer, readers):
    server.hang_up_after = 1
    people = readers("ada", "bea", "cleo")
    for person in people:
        notifications.notify([person], MENTION, make_item(), by=reviewer)

    assert mail_notifications() == {"sent": 1, "failed": 1}
    server.hang_up_after = None
    Notification.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert mail_notifications() == {"sent": 2, "failed": 0}

    assert sorted(recipients(server)) == [["ada@example.com"], ["bea@example.com"], ["cleo@example.com"]]


@pytest.mark.django_db
def test_mail_waits_without_a_server(settings, server, make_item, reviewer, readers):
    with mail_server() as gone:
        pass
    settings.EMAIL_PORT = gone.port
    notifications.notify(readers("mia"), MENTION, make_item(), by=reviewer)

    assert mail_notifications() == {"sent": 0, "failed": 1}

    row = Notification.objects.get()
    assert (row.mail_due, row.mail_tries) == (True, 1)


class Slow(BaseEmailBackend):
    """A mail backend that delivers its first two mails at the same moment, and records all recipients."""

    brought: ClassVar[list[str]] = []
    first_two: ClassVar = threading.Semaphore(2)
    meeting: ClassVar = threading.Barrier(2)

    def send_messages(self, messages):
        if self.first_two.acquire(blocking=False):
            self.meeting.wait(60)
        self.brought.extend(message.to[0] for message in messages)
        return len(messages)


@pytest.mark.django_db(transaction=True)
def test_concurrent_runs_send_each_mail_once(settings, make_item, reviewer, readers):
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    people = readers(*(f"reader{number}" for number in range(30)))
    item = make_item()
    notifications.notify(people, MENTION, item, by=reviewer)

    runs = run_concurrently(*[mail_notifications] * 4)

    assert sorted(Slow.brought) == sorted(person.email for person in people)
    assert sum(run["sent"] for run in runs) == 30
    assert [run["failed"] for run in runs] == [0] * 4
    assert Notification.objects.filter(mail_due=False, mail_tries=1, mailed_at__isnull=False).count() == 30


class Watching(BaseEmailBackend):
    """A mail backend that checks from another connection that the mailed row is not locked."""

    answers: ClassVar[list[list[int]]] = []

    def send_messages(self, messages):
        def update():
            return Notification.objects.filter(mailed_at__isnull=True).update(text="seen")

        started = time.monotonic()
        self.answers.append([*run_concurrently(update), round(time.monotonic() - started)])
        return len(messages)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_during_smtp(settings, make_item, reviewer, readers):
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    notifications.notify(readers("mia"), MENTION, make_item(), by=reviewer)

    mail_notifications()

    assert Watching.answers == [[1, 0]]
    assert Notification.objects.get().text == "seen"
