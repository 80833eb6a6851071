"""The daily digest of overdue items: recipients and text."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from agents.notify import preferences
from agents.notify.mail import mail_overdue_digest
from agents.review import claims
from tests.notify.mail_helpers import SITE, Server, addressed, page, raising

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def mia(make_reviewer):
    return addressed(make_reviewer("mia"))


@pytest.fixture
def overdue(make_item):
    """Twelve items due from twelve hours to one hour ago, and one that is not due yet."""
    now = timezone.now()
    make_item(due_at=now + timedelta(hours=1))
    return [make_item(due_at=now - timedelta(hours=hours)) for hours in range(12, 0, -1)]


def test_digest_counts_items_and_names_the_oldest_ten(overdue, mia):
    claims.claim(overdue[3].pk, mia)
    claims.hand_to(overdue[11].pk, mia, by=mia)

    assert mail_overdue_digest() == {"sent": 1, "failed": 0}

    (sent,) = mail.outbox
    lines = sent.body.splitlines()
    assert (sent.subject, sent.to) == ("12 reviews are overdue", ["mia@example.com"])
    assert lines[0] == "12 reviews are overdue. 2 of them are yours: claimed by you or handed to you."
    assert lines[2] == "The 10 oldest:"
    assert [line.strip() for line in lines if "/change/" in line] == [page(item) for item in overdue[:10]]
    first = overdue[0].due_at
    assert lines[4] == f"  {first:%Y-%m-%d %H:%M} UTC  Narrative: Mira leaves the town by the ferry."
    assert f"In the queue: {SITE}/admin/agents/reviewitem/?overdue=true" in lines


@pytest.mark.parametrize(
    ("is_mine", "first_line"),
    [
        (False, "1 review is overdue."),
        (True, "1 review is overdue. It is yours: claimed by you or handed to you."),
    ],
)
def test_one_overdue_item_is_singular(make_item, mia, is_mine, first_line):
    item = make_item(due_at=timezone.now() - timedelta(minutes=1))
    if is_mine:
        claims.claim(item.pk, mia)

    mail_overdue_digest()

    assert mail.outbox[0].subject == "1 review is overdue"
    assert mail.outbox[0].body.splitlines()[0] == first_line
    assert "oldest" not in mail.outbox[0].body


def test_digest_goes_to_reviewers_with_address_and_preference(
    overdue, mia, make_reviewer, reviewer, creator, superuser, staff
):
    unwilling, gone = addressed(make_reviewer("uma")), addressed(make_reviewer("gus"))
    preferences.save_preferences(unwilling, {"email_overdue_digest": False}, replace=True)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    for nobody in (creator, staff):
        addressed(nobody)
    addressed(superuser)

    assert mail_overdue_digest() == {"sent": 2, "failed": 0}
    assert sorted(sent.to[0] for sent in mail.outbox) == ["mia@example.com", "root@example.com"]


def test_nothing_overdue_sends_no_digest(make_item, mia, monkeypatch):
    Server.behave(monkeypatch, answer=raising(AssertionError("asked")))
    make_item(due_at=timezone.now() + timedelta(minutes=5))

    assert mail_overdue_digest() == {"sent": 0, "failed": 0}


def test_digest_lists_only_items_the_reviewer_may_decide(make_item, mia, superuser, monkeypatch):
    """Reviewers see only their own gold, and only leads see disputes."""
    past = timezone.now() - timedelta(hours=1)
    gold = make_item(kind="gold", only_for=mia, is_blind=True, due_at=past)
    disputed = make_item(due_at=past, disputed_at=past)
    addressed(superuser)

    assert mail_overdue_digest() == {"sent": 2, "failed": 0}

    by_person = {sent.to[0]: sent.body for sent in mail.outbox}
    assert page(gold) in by_person["mia@example.com"]
    assert page(disputed) not in by_person["mia@example.com"]
    assert page(disputed) in by_person["root@example.com"]
    assert page(gold) not in by_person["root@example.com"]


def test_reviewer_without_eligible_items_gets_no_digest(make_item, mia, reviewer, monkeypatch):
    Server.behave(monkeypatch, answer=raising(AssertionError("asked")))
    make_item(kind="gold", only_for=reviewer, is_blind=True, due_at=timezone.now() - timedelta(hours=1))

    assert mail_overdue_digest() == {"sent": 0, "failed": 0}


def test_refused_digest_does_not_hold_up_others(overdue, mia, make_reviewer, monkeypatch):
    addressed(make_reviewer("zoe"))
    refusal = smtplib.SMTPRecipientsRefused({"mia@example.com": (550, b"no such person")})
    Server.behave(monkeypatch, refuse=lambda to: raising(refusal)() if to.startswith("mia") else None)

    assert mail_overdue_digest() == {"sent": 1, "failed": 1}
    assert [sent.to for sent in mail.outbox] == [["zoe@example.com"]]


def test_unavailable_server_skips_the_digest_of_the_day(overdue, mia, monkeypatch, caplog):
    Server.behave(monkeypatch, answer=raising(ConnectionRefusedError("refused")))

    assert mail_overdue_digest() == {"sent": 0, "failed": 1}
    assert "mail_server_away" in caplog.text


def test_digest_takes_few_queries_per_reviewer(overdue, mia, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        mail_overdue_digest()
