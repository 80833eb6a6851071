"""Preferences: validation, storage, and stored values that are no longer valid."""

from __future__ import annotations

from typing import Any

import pytest

from agents.choices import NotificationKind
from agents.errors import Invalid
from agents.models import UserPreference
from agents.notify.preferences import (
    Preferences,
    describe,
    preferences_of,
    preferences_of_all,
    save_preferences,
)

pytestmark = pytest.mark.django_db

DEFAULTS: dict[str, Any] = {
    "default_models": {},
    "tone": "",
    "language": "",
    "word_range": None,
    "review_threshold": None,
    "email_on_mention": True,
    "email_on_hand_over": True,
    "email_on_dispute": True,
    "email_on_verdict": True,
    "email_on_guest_opinion": True,
    "email_overdue_digest": True,
}


def values(user):
    return {key: value for key, value in describe(user).items() if not key.endswith("_at")}


def test_user_without_preferences_has_the_defaults(creator):
    assert describe(creator) == {**DEFAULTS, "created_at": None, "updated_at": None}
    assert preferences_of(creator.pk) == Preferences()
    assert not UserPreference.objects.exists()


def test_preferences_are_stored_as_given(creator):
    wishes = {
        "default_models": {"spatial": "claude-sonnet-5-5"},
        "tone": "wry",
        "language": "Welsh",
        "word_range": [100, 200],
        "review_threshold": 0.9,
        "email_on_mention": False,
        "email_on_hand_over": True,
        "email_on_dispute": False,
        "email_on_verdict": False,
        "email_on_guest_opinion": False,
        "email_overdue_digest": False,
    }

    row = save_preferences(creator, wishes, replace=True)

    assert row.preferences == values(creator) == wishes
    assert preferences_of(creator.pk).word_range == (100, 200)
    assert describe(creator)["created_at"] == row.created_at


def test_change_keeps_other_preferences_and_null_clears_one(creator):
    save_preferences(creator, {"tone": "wry", "language": "Welsh"}, replace=True)

    save_preferences(creator, {"tone": "grim", "language": None}, replace=False)

    assert UserPreference.objects.get().preferences == {"tone": "grim"}


def test_replace_clears_unnamed_preferences(creator):
    save_preferences(creator, {"tone": "wry"}, replace=True)

    save_preferences(creator, {"language": "Welsh"}, replace=True)

    assert UserPreference.objects.get().preferences == {"language": "Welsh"}


def test_preferences_are_per_user(creator, stranger):
    save_preferences(creator, {"tone": "wry"}, replace=True)

    assert values(stranger) == DEFAULTS


@pytest.mark.parametrize(
    ("wishes", "pointer"),
    [
        ({"colour": "red"}, "/colour"),
        ({"tone": 7}, "/tone"),
        ({"tone": "x" * 201}, "/tone"),
        ({"language": "x" * 51}, "/language"),
        ({"default_models": {"poet": "claude-haiku-5-5"}}, "/default_models"),
        ({"default_models": {"narrative": "gpt"}}, "/default_models"),
        ({"default_models": ["claude-haiku-5-5"]}, "/default_models"),
        ({"word_range": [200, 100]}, "/word_range"),
        ({"word_range": [49, 100]}, "/word_range"),
        ({"word_range": [100, 3001]}, "/word_range"),
        ({"word_range": [100]}, "/word_range"),
        ({"word_range": 100}, "/word_range"),
        ({"review_threshold": 0.74}, "/review_threshold"),
        ({"review_threshold": 1.01}, "/review_threshold"),
        ({"review_threshold": "0.9"}, "/review_threshold"),
        ({"email_on_mention": "false"}, "/email_on_mention"),
        ({"email_on_hand_over": 0}, "/email_on_hand_over"),
        ({"email_overdue_digest": "never"}, "/email_overdue_digest"),
    ],
)
def test_invalid_preference_names_the_key_and_changes_nothing(creator, wishes, pointer):
    save_preferences(creator, {"tone": "wry"}, replace=True)

    with pytest.raises(Invalid) as refusal:
        save_preferences(creator, wishes, replace=False)

    assert [error.pointer for error in refusal.value.errors] == [pointer]
    assert UserPreference.objects.get().preferences == {"tone": "wry"}


def test_threshold_must_not_be_below_any_site_threshold(creator, settings):
    settings.REVIEW_THRESHOLDS = {"narrative": 0.5, "spatial": 0.8, "consistency": 0.6}

    save_preferences(creator, {"review_threshold": 0.8}, replace=True)
    with pytest.raises(Invalid):
        save_preferences(creator, {"review_threshold": 0.79}, replace=True)

    assert preferences_of(creator.pk).review_threshold == 0.8


@pytest.mark.parametrize(
    "stale",
    [
        {"default_models": {"narrative": "claude-gone"}},
        {"word_range": [5, 9]},
        {"word_range": "many"},
        {"review_threshold": 7},
        {"colour": "red"},
    ],
)
def test_stored_preference_that_became_invalid_is_ignored(creator, stale):
    UserPreference.objects.create(user=creator, preferences={"tone": "wry", **stale})

    assert preferences_of(creator.pk) == Preferences(tone="wry")


def test_stored_nonsense_is_ignored(creator):
    UserPreference.objects.create(
        user=creator, preferences={"tone": 1, "colour": "red", "word_range": [9, 5]}
    )

    assert preferences_of(creator.pk) == Preferences()


def test_preferences_of_several_users_take_one_query(creator, stranger, staff, django_assert_num_queries):
    save_preferences(creator, {"tone": "wry"}, replace=True)
    UserPreference.objects.create(user=staff, preferences={"tone": "grim", "colour": "red"})

    with django_assert_num_queries(1):
        found = preferences_of_all([creator.pk, stranger.pk, staff.pk])

    assert found == {
        creator.pk: Preferences(tone="wry"),
        stranger.pk: Preferences(),
        staff.pk: Preferences(tone="grim"),
    }
    assert preferences_of_all([]) == {}


@pytest.mark.parametrize(
    ("switch", "kind"),
    [
        ("email_on_mention", "mention"),
        ("email_on_hand_over", "hand_over"),
        ("email_on_dispute", "dispute"),
        ("email_on_verdict", "verdict"),
        ("email_on_guest_opinion", "guest_opinion"),
    ],
)
def test_each_mail_preference_controls_one_kind(switch, kind):
    wishes = Preferences.model_validate({switch: False})

    assert {other for other in NotificationKind if not wishes.wants_mail(other)} == {
        kind,
        NotificationKind.INVITATION,
        NotificationKind.DRAFTS,
        NotificationKind.SCHEDULE,
    }
