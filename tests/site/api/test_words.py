"""No sentence of a framework reaches a client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import django.core.validators
import django_filters.fields  # noqa: F401
import pytest
import rest_framework.validators
import rest_framework_simplejwt.exceptions
import rest_framework_simplejwt.serializers  # noqa: F401
from django import forms
from django.contrib.auth.models import User
from rest_framework import exceptions, serializers
from rest_framework.test import APIClient

from agents.errors import Invalid
from agents.schedules import timetable
from mediaassets.api.words import SENTENCES, in_our_words
from tests.support.problems import problem_of

FRAMEWORKS = ("django", "rest_framework", "rest_framework_simplejwt", "django_filters")
# Fields that only the frameworks' own pages have.
PAGES = ("django.contrib",)
# Words that only a programmer or a page has for what a client sends.
THEIRS = (
    "ensure",
    "dictionary",
    "valid string",
    "valid choice",
    "valid integer",
    "this field",
    "enter a",
    "pk ",
)


def with_subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    yield kind
    below: type[Any]
    for below in kind.__subclasses__():
        yield from with_subclasses(below)


def is_framework(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in FRAMEWORKS and not kind.__module__.startswith(PAGES)


def messages_of(kind: Any) -> Iterator[Any]:
    yield from vars(kind).get("default_error_messages", {}).values()
    # Django's validator of decimal numbers.
    if isinstance(several := vars(kind).get("messages"), dict):
        yield from several.values()
    for name in ("message", "missing_message", "default_detail"):
        if vars(kind).get(name):
            yield vars(kind)[name]


def filled(message: Any, count: int) -> str:
    """Write values into the places of a message, as Django and DRF do."""
    values: Any = defaultdict(lambda: count)
    if has_number(message):
        return str(message % values)
    text = str(message)
    return text % values if "%(" in text else text.format_map(values)


def has_number(message: Any) -> bool:
    """Tell whether the message has a form for one and one for many."""
    return hasattr(message, "_get_number_value")


def defaults() -> dict[str, str]:
    kinds = [
        *with_subclasses(serializers.Field),
        *with_subclasses(forms.Field),
        *with_subclasses(exceptions.APIException),
        *vars(django.core.validators).values(),
        *vars(rest_framework.validators).values(),
    ]
    found = {}
    for kind in kinds:
        if isinstance(kind, type) and is_framework(kind):
            for message in messages_of(kind):
                for count in (1, 2):
                    found[filled(message, count)] = kind.__name__
    return found


DEFAULTS = defaults()


def test_defaults_are_found():
    assert len(DEFAULTS) > 90
    assert {
        "This field is required.",
        "Ensure this field has at least 1 elements.",
        "Invalid data. Expected a dictionary, but got 1.",
        "Select a valid choice. 1 is not one of the available choices.",
        "Ensure this value has at most 1 character (it has 1).",
        "Ensure that there are no more than 2 digits in total.",
        "This field must be unique.",
        "Request was throttled.",
    } <= DEFAULTS.keys()


@pytest.mark.parametrize("sentence", sorted(DEFAULTS))
def test_default_sentence_of_a_framework_has_one_of_ours(sentence):
    ours = in_our_words(sentence)

    assert ours != sentence, DEFAULTS[sentence]
    assert not [words for words in THEIRS if words in ours.lower()]


@pytest.mark.parametrize("ours", sorted(set(SENTENCES.values())))
def test_our_sentences_stay_as_they_are(ours):
    assert in_our_words(ours) == ours


def test_value_that_was_sent_is_said_and_cut():
    assert in_our_words('"pl\n"a" is not a valid choice.') == "'pl\\n\"a' is not one of the choices."
    assert len(in_our_words(f'"{"x" * 50_000}" is not a valid choice.')) < 150


@pytest.fixture
def root(db):
    client = APIClient()
    client.force_authenticate(User.objects.create(username="root", is_superuser=True))
    return client


@pytest.mark.parametrize(
    ("path", "body", "details"),
    [
        ("/universes", [], {"": "Must be an object."}),
        ("/universes", {}, {"/name": "This is missing."}),
        ("/universes", {"name": None}, {"/name": "This must not be null."}),
        ("/universes", {"name": 5}, {"/name": "Must be text."}),
        ("/universes", {"name": " "}, {"/name": "This must not be empty."}),
        ("/universes", {"name": "x" * 201}, {"/name": "Must have at most 200 characters."}),
        (
            "/universes",
            {"name": "x", "trusted_output": "maybe"},
            {"/trusted_output": "'maybe' is not one of the choices."},
        ),
        (
            "/agents/webhooks",
            {"url": "https://a.example/", "events": []},
            {"/events": "Must have at least 1 entries."},
        ),
        (
            "/agents/budgets",
            {"scope": "site", "period": "day", "limit_usd": "x"},
            {"/limit_usd": "Must be a number."},
        ),
        ("/agents/jobs/batch", {"jobs": {}}, {"/jobs": "Must be a list."}),
    ],
)
def test_invalid_body_is_told_in_our_words(root, path, body, details):
    problem = problem_of(root.post(path, body), 400, "invalid")

    assert {error["pointer"]: error["detail"] for error in problem["errors"]} == details


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("status=done", "'done' is not one of the choices."),
        ("updated_since=yesterday", "Must be a date and time, such as 2026-11-29T20:02:00Z."),
        ("universe_id=x", "Must be a UUID."),
    ],
)
def test_invalid_query_is_told_in_our_words(root, query, detail):
    problem = problem_of(root.get(f"/agents/jobs?{query}"), 400, "invalid")

    assert [error["detail"] for error in problem["errors"]] == [detail]


@pytest.mark.parametrize(
    ("crontab", "detail"),
    [
        ("60 * * * *", "The minute is 0 to 59."),
        ("0 24 * * *", "The hour is 0 to 23."),
        ("0 0 0 * *", "The day is 1 to 31, and one that the month has."),
        ("0 0 31 2 *", "The day is 1 to 31, and one that the month has."),
        ("0 0 1 x *", "The month is 1 to 12, or a name such as JAN."),
        ("0 0 * * 8", "The weekday is 0 to 7, or a name such as MON."),
    ],
)
def test_crontab_is_told_in_our_words(crontab, detail):
    with pytest.raises(Invalid) as refused:
        timetable.in_words(crontab, "UTC")

    assert [error.detail for error in refused.value.errors] == [detail]
