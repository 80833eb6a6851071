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

MENTION, HAND_OVER, DISPUTE = NotificationKind


@pytest.fixture
def with_address(make_reviewer):
    user = make_reviewer("mia")
    user.email = "mia@example.com"
    user.save()
    return user


def told():
    return {(row.to.username, row.kind, row.text) for row in Notification.objects.select_related("to")}


def test_each_is_told_once_and_never_of_what_they_did(item, reviewer, second_reviewer, superuser):
    rows = notify(
        [second_reviewer, superuser, reviewer, second_reviewer], MENTION, item, by=reviewer, text="Look."
    )

    assert told() == {("rudi", "mention", "Look."), ("root", "mention", "Look.")}
    assert {row.by for row in rows} == {reviewer}
    assert [unread_count(user) for user in (reviewer, second_reviewer, superuser)] == [0, 1, 1]


def test_the_system_tells_everybody(item, reviewer, second_reviewer):
    notify([reviewer, second_reviewer], DISPUTE, item, by=None)

    assert told() == {("rosa", "dispute", ""), ("rudi", "dispute", "")}


def test_nobody_is_told_who_has_left(item, reviewer, second_reviewer):
    second_reviewer.is_active = False

    assert notify([second_reviewer], MENTION, item, by=reviewer) == []
    assert not Notification.objects.exists()


def test_of_gold_only_its_own_reviewer_hears(make_item, reviewer, second_reviewer, superuser):
    gold = make_item(kind="gold", only_for=second_reviewer, is_blind=True)

    notify([second_reviewer, superuser], MENTION, gold, by=reviewer, text="Hm.")

    assert told() == {("rudi", "mention", "Hm.")}


def test_what_is_told_goes_with_the_transaction_that_it_is_told_in(item, reviewer, second_reviewer):
    with transaction.atomic():
        notify([second_reviewer], MENTION, item, by=reviewer)
        transaction.set_rollback(True)

    assert unread_count(second_reviewer) == 0


def test_handing_over_tells_the_one_it_is_handed_to(item, reviewer, second_reviewer):
    claims.hand_to(item.pk, second_reviewer, by=reviewer, note="You know her.")

    row = Notification.objects.get()
    assert (row.to, row.kind, row.by, row.text) == (second_reviewer, HAND_OVER, reviewer, "You know her.")
    assert row.item == item


def test_handing_over_to_oneself_tells_nobody(item, reviewer):
    claims.hand_to(item.pk, reviewer, by=reviewer)

    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("kind", "switch"),
    [(MENTION, "email_on_mention"), (HAND_OVER, "email_on_hand_over"), (DISPUTE, "email_on_dispute")],
)
def test_mail_is_due_unless_its_own_switch_is_off(item, with_address, reviewer, kind, switch):
    (wanted,) = notify([with_address], kind, item, by=reviewer)
    preferences.save_preferences(with_address, {switch: False}, replace=True)
    (unwanted,) = notify([with_address], kind, item, by=reviewer)

    assert (wanted.mail_due, unwanted.mail_due) == (True, False)
    assert unread_count(with_address) == 2


def test_without_an_address_no_mail_is_due(item, reviewer, second_reviewer):
    (row,) = notify([second_reviewer], MENTION, item, by=reviewer)

    assert row.mail_due is False


def test_telling_many_costs_what_telling_one_does(item, reviewer, make_user, django_assert_num_queries):
    people = [make_user(f"reader{number}") for number in range(20)]

    with django_assert_num_queries(2):
        notify(people, MENTION, item, by=reviewer)

    assert Notification.objects.count() == 20


# --- Reading


@pytest.fixture
def three(item, make_item, reviewer, second_reviewer):
    """Three for ``second``, of two items, the newest first; and one of somebody else."""
    other = make_item()
    rows = [
        notify([second_reviewer], MENTION, item, by=reviewer, text="one")[0],
        notify([second_reviewer], HAND_OVER, item, by=reviewer, text="two")[0],
        notify([second_reviewer], MENTION, other, by=reviewer, text="three")[0],
    ]
    notify([reviewer], MENTION, item, by=second_reviewer)
    return rows[::-1]


def test_ones_own_come_newest_first_without_their_outputs(three, second_reviewer, django_assert_num_queries):
    with django_assert_num_queries(1):
        shown = [
            (row.text, str(row.by), row.item.job.agent_type) for row in notifications_of(second_reviewer)
        ]

    assert shown == [(text, "rosa", "narrative") for text in ("three", "two", "one")]
    assert notifications_of(second_reviewer)[0].item.job.get_deferred_fields() == {"output_data", "signals"}


def test_those_named_are_read_and_only_ones_own(three, reviewer, second_reviewer):
    theirs = Notification.objects.get(to=reviewer)

    changed = mark_read(second_reviewer, [three[0].pk, theirs.pk, uuid.uuid4()])

    assert changed == 1
    assert (unread_count(second_reviewer), unread_count(reviewer)) == (2, 1)
    assert Notification.objects.get(pk=three[0].pk).read_at is not None


def test_all_are_read_at_once_and_the_first_time_counts(three, reviewer, second_reviewer):
    mark_read(second_reviewer, [three[0].pk])
    first = Notification.objects.get(pk=three[0].pk).read_at

    assert mark_read(second_reviewer, None) == 2
    assert mark_read(second_reviewer, None) == 0
    assert (unread_count(second_reviewer), unread_count(reviewer)) == (0, 1)
    assert Notification.objects.get(pk=three[0].pk).read_at == first


def test_naming_none_reads_none(three, second_reviewer):
    assert mark_read(second_reviewer, []) == 0
    assert unread_count(second_reviewer) == 3


def test_looking_at_an_item_reads_what_was_told_of_it(three, item, reviewer, second_reviewer):
    assert mark_item_read(second_reviewer, item.pk) == 2
    assert [row.text for row in notifications_of(second_reviewer) if row.read_at is None] == ["three"]
    assert unread_count(reviewer) == 1


def test_what_was_read_is_not_mailed_any_more(item, with_address, reviewer):
    (row,) = notify([with_address], MENTION, item, by=reviewer)
    assert row.mail_due

    mark_item_read(with_address, item.pk)

    row.refresh_from_db()
    assert (row.mail_due, row.mailed_at) == (False, None)


def test_the_badge_is_one_query(three, second_reviewer, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert unread_count(second_reviewer) == 3


def test_the_database_knows_the_kinds(item, second_reviewer):
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(to=second_reviewer, kind="gossip", item=item)
