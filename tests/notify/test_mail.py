"""Mail: recipients, texts and retries."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from agents.choices import NotificationKind, Verdict
from agents.models import Notification
from agents.notify import notifications
from agents.notify.mail import MAX_TRIES, RETRY_AFTER, mail_notifications, mail_overdue_digest
from agents.review.verdicts import decisions
from tests.notify.mail_helpers import SITE, Server, addressed, page, raising

pytestmark = pytest.mark.django_db

MENTION, HAND_OVER, DISPUTE = NotificationKind.MENTION, NotificationKind.HAND_OVER, NotificationKind.DISPUTE


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE
    settings.DEFAULT_FROM_EMAIL = "media@example.com"


@pytest.fixture
def mia(make_reviewer):
    return addressed(make_reviewer("mia"))


# --- What a mail says


def test_mention_mail_names_author_item_and_text(item, reviewer, mia):
    notifications.notify([mia], MENTION, item, by=reviewer, text="@mia the tide\nis wrong here")

    assert mail_notifications() == {"sent": 1, "failed": 0}

    (sent,) = mail.outbox
    assert (sent.subject, sent.to, sent.from_email) == (
        "rosa mentioned you",
        ["mia@example.com"],
        "media@example.com",
    )
    assert sent.body == (
        "rosa mentioned you in the review of:\n\n"
        "    Narrative: Mira leaves the town by the ferry.\n\n"
        "Message:\n\n"
        "    > @mia the tide\n"
        "    > is wrong here\n\n"
        f"Open the review: {page(item)}\n\n"
        "-- \n"
        f"Change what is mailed to you:\n{SITE}/admin/agents/notification/\n"
    )
    message = sent.message()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    ("kind", "has_author", "subject", "opening"),
    [
        (MENTION, False, "You were mentioned", "You were mentioned in the review of:"),
        (HAND_OVER, True, "rosa handed you a review", "rosa handed you a review. It is:"),
        (HAND_OVER, False, "A review was handed to you", "A review was handed to you. It is:"),
        (
            DISPUTE,
            False,
            "Reviewers disagree",
            "Reviewers disagree, and a lead has to decide, on:",
        ),
    ],
)
def test_each_kind_has_its_text(item, reviewer, mia, kind, has_author, subject, opening):
    notifications.notify([mia], kind, item, by=reviewer if has_author else None)

    mail_notifications()

    assert mail.outbox[0].subject == subject
    assert mail.outbox[0].body.splitlines()[0] == opening
    assert "What was said" not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("verdict", "reason", "subject"),
    [
        (Verdict.APPROVED, "", "rosa approved your text"),
        (Verdict.REJECTED, "other", "rosa rejected your text"),
    ],
)
def test_a_verdict_reaches_whoever_asked_with_its_words_and_the_page_of_the_text(
    item, reviewer, verdict, reason, subject
):
    addressed(item.job.requested_by)

    decisions.decide(item.pk, verdict, by=reviewer, reason=reason, note="She drowned in the second scene.")
    mail_notifications()

    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == (subject, [item.job.requested_by.email])
    assert sent.body.splitlines()[0] == f"{subject}. You had asked for:"
    assert "    > She drowned in the second scene." in sent.body
    assert f"Read it: {SITE}/studio/jobs/{item.job_id}\n" in sent.body


def test_mail_cannot_inject_headers_or_hidden_text(make_item, make_user, mia):
    sly = make_user("sly\r\nBcc: all@example.com")
    item = make_item()
    item.job.input_data = {
        "prompt": "One\u2028Open the review: \u202ehttps://evil.example\r\n\r\nOpen the review: there "
        + "x" * 200
    }
    item.job.save()

    notifications.notify(
        [mia], MENTION, item, by=sly, text="see\u202e\x07\r\nOpen the review: https://evil.example"
    )
    assert mail_notifications()["sent"] == 1

    (sent,) = mail.outbox
    message = sent.message()
    assert sent.subject == "sly Bcc: all@example.com mentioned you"
    assert message["Bcc"] is None
    lines = sent.body.splitlines()
    assert [line for line in lines if line.startswith("Open the review:")] == [
        f"Open the review: {page(item)}"
    ]
    assert "    > Open the review: https://evil.example" in lines
    assert "    > see" in lines
    asked = next(line for line in lines if line.startswith("    Narrative: "))
    assert asked.startswith(
        "    Narrative: One Open the review: https://evil.example Open the review: there xxx"
    )
    assert len(asked) == len("    Narrative: ") + 100
    assert asked.endswith(" …")


def test_text_in_any_script_is_preserved(item, reviewer, mia):
    notifications.notify([mia], MENTION, item, by=reviewer, text="می‌خواهم 👩‍🚀 ça")

    mail_notifications()

    assert "    > می‌خواهم 👩‍🚀 ça" in mail.outbox[0].body.splitlines()


def test_mail_contains_no_generated_text(item, reviewer, mia):
    item.job.output_data = {"content": "GENERATED", "title": "GENERATED"}
    item.job.save()
    notifications.notify([mia], MENTION, item, by=reviewer, text="Look.")
    type(item).objects.update(due_at=timezone.now() - timedelta(hours=1))

    mail_notifications()
    mail_overdue_digest()

    assert len(mail.outbox) == 2
    assert not [sent for sent in mail.outbox if "GENERATED" in sent.body or "GENERATED" in sent.subject]


# --- When and how often


def test_mail_is_sent_once_and_its_time_stored(item, reviewer, mia):
    notifications.notify([mia], MENTION, item, by=reviewer)

    assert (mail_notifications(), mail_notifications()) == (
        {"sent": 1, "failed": 0},
        {"sent": 0, "failed": 0},
    )

    row = Notification.objects.get()
    assert (len(mail.outbox), row.mail_due, row.mail_tries) == (1, False, 1)
    assert row.mailed_at is not None
    assert timezone.now() - row.mailed_at < timedelta(minutes=1)
    assert row.read_at is None


def test_due_mail_goes_over_one_connection_oldest_first(item, reviewer, mia, monkeypatch):
    Server.behave(monkeypatch)
    for number in range(5):
        notifications.notify([mia], MENTION, item, by=reviewer, text=f"number {number}")

    assert mail_notifications() == {"sent": 5, "failed": 0}

    assert (Server.opened, Server.closed) == (1, 1)
    assert [next(line for line in sent.body.splitlines() if ">" in line) for sent in mail.outbox] == [
        f"    > number {number}" for number in range(5)
    ]


def test_no_connection_without_due_mail(monkeypatch, reviewer, second_reviewer, item):
    Server.behave(monkeypatch, answer=raising(AssertionError("asked")))
    notifications.notify([second_reviewer], MENTION, item, by=reviewer)

    assert mail_notifications() == {"sent": 0, "failed": 0}


def test_inactive_user_or_empty_address_gets_no_mail(item, reviewer, mia, make_reviewer):
    zoe = addressed(make_reviewer("zoe"))
    notifications.notify([mia, zoe], MENTION, item, by=reviewer)
    type(mia).objects.filter(pk=mia.pk).update(is_active=False)
    type(zoe).objects.filter(pk=zoe.pk).update(email="")

    assert mail_notifications() == {"sent": 0, "failed": 0}
    assert mail.outbox == []
    assert not Notification.objects.filter(mail_due=True).exists()


def test_refused_mail_does_not_hold_up_others(item, reviewer, mia, make_reviewer, monkeypatch):
    zoe = addressed(make_reviewer("zoe"))
    refusal = smtplib.SMTPRecipientsRefused({"mia@example.com": (550, b"no such person")})
    Server.behave(monkeypatch, refuse=lambda to: raising(refusal)() if to.startswith("mia") else None)
    notifications.notify([mia], MENTION, item, by=reviewer)
    notifications.notify([zoe], MENTION, item, by=reviewer)

    assert mail_notifications() == {"sent": 1, "failed": 1}

    refused = Notification.objects.get(to=mia)
    assert [sent.to for sent in mail.outbox] == [["zoe@example.com"]]
    assert (refused.mail_due, refused.mail_tries, refused.mailed_at) == (True, 1, None)


def test_invalid_address_does_not_hold_up_others(item, reviewer, mia, make_reviewer):
    zoe = addressed(make_reviewer("zoe"))
    type(mia).objects.filter(pk=mia.pk).update(email="mia@example.com\r\nBcc: all@example.com")
    mia.refresh_from_db()
    notifications.notify([mia], MENTION, item, by=reviewer)
    notifications.notify([zoe], MENTION, item, by=reviewer)

    assert mail_notifications() == {"sent": 1, "failed": 1}
    assert [sent.to for sent in mail.outbox] == [["zoe@example.com"]]


def test_broken_connection_ends_the_run_without_using_tries(item, reviewer, mia, monkeypatch):
    Server.behave(monkeypatch, refuse=raising(smtplib.SMTPServerDisconnected("gone")))
    for number in range(3):
        notifications.notify([mia], MENTION, item, by=reviewer, text=str(number))

    assert mail_notifications() == {"sent": 0, "failed": 1}

    tries = list(Notification.objects.order_by("at", "pk").values_list("mail_due", "mail_tries"))
    assert tries == [(True, 1), (True, 0), (True, 0)]
    assert Server.closed == 1


def test_unavailable_server_uses_a_try_of_each_mail(item, reviewer, mia, monkeypatch):
    Server.behave(monkeypatch, answer=raising(ConnectionRefusedError("refused")))
    for number in range(3):
        notifications.notify([mia], MENTION, item, by=reviewer, text=str(number))

    assert mail_notifications() == {"sent": 0, "failed": 3}

    assert list(Notification.objects.values_list("mail_due", "mail_tries")) == [(True, 1)] * 3
    assert Server.closed == 1


@pytest.mark.parametrize("when", ["opening", "sending"])
def test_mail_is_tried_five_times(item, reviewer, mia, monkeypatch, caplog, when):
    failing = raising(TimeoutError("slow"))
    Server.behave(monkeypatch, **({"answer": failing} if when == "opening" else {"refuse": failing}))
    (row,) = notifications.notify([mia], MENTION, item, by=reviewer)

    mail_notifications()
    for tries, wait in enumerate(RETRY_AFTER, start=1):
        Notification.objects.update(at=timezone.now() - wait + timedelta(seconds=20))
        assert mail_notifications() == {"sent": 0, "failed": 0}
        Notification.objects.update(at=timezone.now() - wait)
        row.refresh_from_db()
        assert (row.mail_due, row.mail_tries) == (True, tries)
        assert "given_up" not in caplog.text
        assert mail_notifications() == {"sent": 0, "failed": 1}

    row.refresh_from_db()
    assert (row.mail_due, row.mail_tries, row.mailed_at) == (False, MAX_TRIES, None)
    assert MAX_TRIES == 5
    assert "given_up" in caplog.text
    assert notifications.unread_count(mia) == 1


def test_mail_is_sent_once_the_server_is_back(item, reviewer, mia, monkeypatch):
    Server.behave(monkeypatch, answer=raising(ConnectionRefusedError("refused")))
    notifications.notify([mia], MENTION, item, by=reviewer)
    mail_notifications()
    Server.behave(monkeypatch)
    Notification.objects.update(at=timezone.now() - timedelta(minutes=2))

    assert mail_notifications() == {"sent": 1, "failed": 0}
    assert [sent.to for sent in mail.outbox] == [["mia@example.com"]]


def test_read_notification_is_not_retried(item, reviewer, mia, monkeypatch):
    def refuse(to):
        notifications.mark_read(mia, None)
        raise smtplib.SMTPDataError(451, b"later")

    Server.behave(monkeypatch, refuse=refuse)
    notifications.notify([mia], MENTION, item, by=reviewer)

    assert mail_notifications() == {"sent": 0, "failed": 1}
    assert not Notification.objects.filter(mail_due=True).exists()
