"""GET/PUT/PATCH /users/me/preferences."""

from __future__ import annotations

from typing import Any

import pytest

from agents.models import UserPreference
from tests.support.problems import pointers_of, problem_of

pytestmark = pytest.mark.django_db

PATH = "/users/me/preferences"
NONE_SET: dict[str, Any] = {
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
ALL_SET: dict[str, Any] = {
    "default_models": {"narrative": "claude-sonnet-5-5"},
    "tone": "wry",
    "language": "Czech",
    "word_range": [300, 500],
    "review_threshold": 0.8,
    "email_on_mention": False,
    "email_on_hand_over": False,
    "email_on_dispute": False,
    "email_on_verdict": False,
    "email_on_guest_opinion": False,
    "email_overdue_digest": False,
}


def values(response):
    assert response.status_code == 200, response.content
    body = response.json()
    return {key: body[key] for key in body if key not in {"created_at", "updated_at"}}


def put(api, body, tag="*"):
    return api.put(PATH, body, headers={"If-Match": tag})


@pytest.mark.parametrize("slash", ["", "/"])
def test_reading_defaults_stores_nothing(api, slash):
    response = api.get(PATH + slash)

    assert response.json() == {**NONE_SET, "created_at": None, "updated_at": None}
    assert not UserPreference.objects.exists()


def test_put_replaces_all(api):
    first = put(api, ALL_SET)
    second = put(api, {**NONE_SET, "tone": "grim"})

    assert values(first) == ALL_SET
    assert values(second) == {**NONE_SET, "tone": "grim"}
    assert values(api.get(PATH)) == {**NONE_SET, "tone": "grim"}
    assert second.json()["created_at"] == first.json()["created_at"]
    assert second.json()["updated_at"] > first.json()["updated_at"]


def test_put_names_what_is_missing_and_changes_nothing(api):
    put(api, ALL_SET)

    refused = put(api, {key: value for key, value in ALL_SET.items() if key not in {"tone", "language"}})

    assert pointers_of(refused) == {"/tone": "required", "/language": "required"}
    assert values(api.get(PATH)) == ALL_SET


def test_patch_changes_given_keys_and_null_clears(api):
    put(api, ALL_SET)

    response = api.patch(
        PATH, {"tone": None, "word_range": None, "language": "Welsh", "email_on_mention": None}
    )

    changed = {"tone": "", "word_range": None, "language": "Welsh", "email_on_mention": True}
    assert values(response) == {**ALL_SET, **changed}


def test_preferences_are_per_user(api, stranger_api):
    put(api, ALL_SET)

    assert values(stranger_api.get(PATH)) == NONE_SET


REFUSED: dict[str, tuple[Any, Any]] = {
    "unknown key": ({"colour": "red"}, {"/colour": "unknown_field"}),
    "unknown key with null": ({"colour": None}, {"/colour": "unknown_field"}),
    "read-only key": ({"created_at": "2020-01-01T00:00:00Z"}, {"/created_at": "unknown_field"}),
    "number for tone": ({"tone": 5}, {"/tone": "wrong_type"}),
    "long tone": ({"tone": "x" * 201}, {"/tone": "too_long"}),
    "threshold under the site's": ({"review_threshold": 0.74}, {"/review_threshold": "too_low"}),
    "threshold over one": ({"review_threshold": 1.01}, {"/review_threshold": "less_than_equal"}),
    "text for threshold": ({"review_threshold": "0.8"}, {"/review_threshold": "wrong_type"}),
    "unknown agent": ({"default_models": {"poet": "claude-haiku-5-5"}}, {"/default_models": "unknown_agent"}),
    "unknown model": ({"default_models": {"narrative": "gpt"}}, {"/default_models": "unknown_model"}),
    "list of models": ({"default_models": ["narrative"]}, {"/default_models": "wrong_type"}),
    "one word count": ({"word_range": [300]}, {"/word_range": "wrong_type"}),
    "text for a switch": ({"email_on_mention": "no"}, {"/email_on_mention": "wrong_type"}),
    "number for a switch": ({"email_overdue_digest": 0}, {"/email_overdue_digest": "wrong_type"}),
    "text for range": ({"word_range": "300-500"}, {"/word_range": "wrong_type"}),
    "texts in range": ({"word_range": ["300", "500"]}, {"/word_range": "wrong_type"}),
    "two at once": ({"tone": [], "language": {}}, {"/tone": "wrong_type", "/language": "wrong_type"}),
}


@pytest.mark.parametrize("method", ["put", "patch"])
@pytest.mark.parametrize("case", REFUSED)
def test_bad_preferences_are_named_and_change_nothing(api, method, case):
    sent, expected = REFUSED[case]

    body = {**NONE_SET, **sent} if method == "put" else sent
    first = getattr(api, method)(PATH, body, headers={"If-Match": "*"})
    nothing_stored = not UserPreference.objects.exists()
    put(api, ALL_SET)
    second = getattr(api, method)(PATH, body, headers={"If-Match": "*"})

    assert pointers_of(first) == pointers_of(second) == expected
    assert nothing_stored
    assert values(api.get(PATH)) == ALL_SET


@pytest.mark.parametrize("word_range", [[500, 300], [10, 100], [100, 30_000]])
def test_word_range_must_be_ordered_and_in_bounds(api, word_range):
    response = api.patch(PATH, {"word_range": word_range})

    assert problem_of(response, 400, "invalid")["errors"] == [
        {
            "pointer": "/word_range",
            "detail": "A word range lies within 50 and 3000, its smaller number first.",
            "code": "out_of_range",
        }
    ]
    assert not UserPreference.objects.exists()


@pytest.mark.parametrize("body", ["[]", "null", '"tone"', "5", "true"])
def test_body_must_be_an_object(api, body):
    response = api.patch(PATH, body, content_type="application/json")

    assert pointers_of(response) == {"": "not_an_object"}


def test_threshold_equal_to_the_site_threshold_is_accepted(api):
    assert values(api.patch(PATH, {"review_threshold": 0.75}))["review_threshold"] == 0.75


def test_word_range_is_taken_as_a_list_or_an_object(api):
    for given in ([400, 500], {"low": 400, "high": 500}):
        answer = api.patch("/users/me/preferences", {"word_range": given})
        assert (answer.status_code, answer.json()["word_range"]) == (200, [400, 500])
