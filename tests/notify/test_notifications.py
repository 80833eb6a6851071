"""Notifications: recipients, read marks, and mails that are due."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from agents.choices import NotificationKind
from agents.models import Notification
from agents.notify import preferences
from agents.notify.notifications import mark_item_read, mark_read, notifications_of, notify, unread_count
from agents.review import claims

pytestmark = pytest.mark.django_db

MENTION, HAND_OVER, DISPUTE = NotificationKind.MENTION, NotificationKind.HAND_OVER, NotificationKind.DISPUTE


@pytest.fixture
def with_address(make_reviewer):
    user = make_reviewer("mia")
    user.email = "mia@example.com"
    user.save()
    return user


def notified():
    return {(row.to.username, row.kind, row.text) for row in Notification.objects.select_related("to")}


def test_users_are_notified_once_and_never_of_own_actions(item, reviewer, second_reviewer, superuser):
    rows = notify(
        [second_reviewer, superuser, reviewer, second_reviewer], MENTION, item, by=reviewer, text="Look."
    )

    assert notified() == {("rudi", "mention", "Look."), ("root", "mention", "Look.")}
    assert {row.by for row in rows} == {reviewer}
    assert [unread_count(user) for user in (reviewer, second_reviewer, superuser)] == [0, 1, 1]


def test_system_notification_reaches_everyone(item, reviewer, second_reviewer):
    notify([reviewer, second_reviewer], DISPUTE, item, by=None)

    assert notified() == {("rosa", "dispute", ""), ("rudi", "dispute", "")}


def test_inactive_users_are_not_notified(item, reviewer, second_reviewer):
    second_reviewer.is_active = False

    assert notify([second_reviewer], MENTION, item, by=reviewer) == []
    assert not Notification.objects.exists()


def test_gold_notifies_only_its_reviewer(make_item, reviewer, second_reviewer, superuser):
    gold = make_item(kind="gold", only_for=second_reviewer, is_blind=True)

    notify([second_reviewer, superuser], MENTION, gold, by=reviewer, text="Hm.")

    assert notified() == {("rudi", "mention", "Hm.")}


def test_notification_is_rolled_back_with_its_transaction(item, reviewer, second_reviewer):
    with transaction.atomic():
        notify([second_reviewer], MENTION, item, by=reviewer)
        transaction.set_rollback(True)

    assert unread_count(second_reviewer) == 0


def test_hand_over_notifies_the_assignee(item, reviewer, second_reviewer):
    claims.hand_to(item.pk, second_reviewer, by=reviewer, note="You know her.")

    row = Notification.objects.get()
    assert (row.to, row.kind, row.by, row.text) == (second_reviewer, HAND_OVER, reviewer, "You know her.")
    assert row.item == item


def test_hand_over_to_oneself_notifies_nobody(item, reviewer):
    claims.hand_to(item.pk, reviewer, by=reviewer)

    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("kind", "switch"),
    [(MENTION, "email_on_mention"), (HAND_OVER, "email_on_hand_over"), (DISPUTE, "email_on_dispute")],
)
def test_mail_is_due_unless_its_preference_is_off(item, with_address, reviewer, kind, switch):
    (wanted,) = notify([with_address], kind, item, by=reviewer)
    preferences.save_preferences(with_address, {switch: False}, replace=True)
    (unwanted,) = notify([with_address], kind, item, by=reviewer)

    assert (wanted.mail_due, unwanted.mail_due) == (True, False)
    assert unread_count(with_address) == 2


def test_no_mail_is_due_without_an_address(item, reviewer, second_reviewer):
    (row,) = notify([second_reviewer], MENTION, item, by=reviewer)

    assert row.mail_due is False


def test_query_count_does_not_grow_with_recipients(item, reviewer, make_user, django_assert_num_queries):
    people = [make_user(f"reader{number}") for number in range(20)]

    with django_assert_num_queries(2):
        notify(people, MENTION, item, by=reviewer)

    assert Notification.objects.count() == 20


# --- Reading


@pytest.fixture
def three(item, make_item, reviewer, second_reviewer):
    """Three of the second reviewer, of two items, newest first; and one of another user."""
    other = make_item()
    rows = [
        notify([second_reviewer], MENTION, item, by=reviewer, text="one")[0],
        notify([second_reviewer], HAND_OVER, item, by=reviewer, text="two")[0],
        notify([second_reviewer], MENTION, other, by=reviewer, text="three")[0],
    ]
    notify([reviewer], MENTION, item, by=second_reviewer)
    return rows[::-1]


def test_list_is_newest_first_without_outputs(three, second_reviewer, django_assert_num_queries):
    with django_assert_num_queries(1):
        shown = [
            (row.text, str(row.by), row.item.job.agent_type)
            for row in notifications_of(second_reviewer)
            if row.item
        ]

    assert shown == [(text, "rosa", "narrative") for text in ("three", "two", "one")]
    item = notifications_of(second_reviewer)[0].item
    assert item
    assert item.job.get_deferred_fields() == {"output_data", "signals"}


def test_named_own_notifications_are_marked_as_read(three, reviewer, second_reviewer):
    theirs = Notification.objects.get(to=reviewer)

    changed = mark_read(second_reviewer, [three[0].pk, theirs.pk, uuid.uuid4()])

    assert changed == 1
    assert (unread_count(second_reviewer), unread_count(reviewer)) == (2, 1)
    assert Notification.objects.get(pk=three[0].pk).read_at is not None


def test_mark_all_keeps_the_first_read_time(three, reviewer, second_reviewer):
    mark_read(second_reviewer, [three[0].pk])
    first = Notification.objects.get(pk=three[0].pk).read_at

    assert mark_read(second_reviewer, None) == 2
    assert mark_read(second_reviewer, None) == 0
    assert (unread_count(second_reviewer), unread_count(reviewer)) == (0, 1)
    assert Notification.objects.get(pk=three[0].pk).read_at == first


def test_empty_selection_marks_none(three, second_reviewer):
    assert mark_read(second_reviewer, []) == 0
    assert unread_count(second_reviewer) == 3


def test_opening_an_item_marks_its_notifications_as_read(three, item, reviewer, second_reviewer):
    assert mark_item_read(second_reviewer, item.pk) == 2
    assert [row.text for row in notifications_of(second_reviewer) if row.read_at is None] == ["three"]
    assert unread_count(reviewer) == 1


def test_read_notification_is_not_mailed(item, with_address, reviewer):
    (row,) = notify([with_address], MENTION, item, by=reviewer)
    assert row.mail_due

    mark_item_read(with_address, item.pk)

    row.refresh_from_db()
    assert (row.mail_due, row.mailed_at) == (False, None)


def test_badge_takes_one_query(three, second_reviewer, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert unread_count(second_reviewer) == 3


def test_kinds_are_constrained(item, second_reviewer):
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(to=second_reviewer, kind="gossip", item=item)
