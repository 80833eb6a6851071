"""Values of the environment that cannot be used: named, replaced by the default, and refused at the start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mediaassets import environment
from tests.site.servers import ROOT


@pytest.fixture
def problems(monkeypatch):
    found: list[environment.Problem] = []
    monkeypatch.setattr(environment, "PROBLEMS", found)
    return found


@pytest.mark.parametrize("value", ["1/s", "30/min", "100/hour", "5/d"])
def test_rate_is_taken_as_it_is(monkeypatch, problems, value):
    monkeypatch.setenv("RATE", value)

    assert (environment.rate("RATE", "30/min"), problems) == (value, [])


@pytest.mark.parametrize("value", ["30", "30/fortnight", "0/min", "-1/min", "many/min", "1/min/min"])
def test_rate_that_is_none_is_named_and_replaced(monkeypatch, problems, value):
    monkeypatch.setenv("RATE", value)

    assert environment.rate("RATE", "30/min") == "30/min"
    assert [problem.message for problem in problems] == [f"RATE is {value!r}, which is not a rate."]


@pytest.mark.parametrize(
    ("value", "is_sound"), [("http://gateway:8080", True), ("", True), ("gateway:8080", False)]
)
def test_web_address_needs_a_scheme_and_a_host(monkeypatch, problems, value, is_sound):
    monkeypatch.setenv("ADDRESS", value)

    assert environment.web_address("ADDRESS") == (value if is_sound else "")
    assert len(problems) == (not is_sound)


@pytest.mark.parametrize(
    ("value", "is_sound"),
    [
        ("mail.example.com", True),
        ("localhost", True),
        ("10.0.0.5", True),
        ("2001:db8::25", True),
        ("", True),
        ("smtp://mail.example.com", False),
        ("mail.example.com:25", False),
        ("two names", False),
    ],
)
def test_host_is_a_name_alone(monkeypatch, problems, value, is_sound):
    monkeypatch.setenv("HOST", value)

    assert environment.host("HOST") == (value if is_sound else "")
    assert len(problems) == (not is_sound)


@pytest.mark.parametrize("value", ["media@example.com", "Media assets <media@example.com>"])
def test_mail_address_is_taken_as_it_is(monkeypatch, problems, value):
    monkeypatch.setenv("SENDER", value)

    assert (environment.mail_address("SENDER", "me@localhost"), problems) == (value, [])


@pytest.mark.parametrize("value", ["media", "media@", "@example.com", "a@b.c\nBcc: d@e.f", "<>"])
def test_mail_address_that_is_none_is_named_and_replaced(monkeypatch, problems, value):
    monkeypatch.setenv("SENDER", value)

    assert environment.mail_address("SENDER", "me@localhost") == "me@localhost"
    assert [problem.message for problem in problems] == [f"SENDER is {value!r}, which is not a mail address."]


MAIL_SETTINGS = """
from mediaassets import settings as s
print(s.EMAIL_BACKEND.split(".")[-2], s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.DEFAULT_FROM_EMAIL)
print([problem.message for problem in s.ENVIRONMENT_PROBLEMS])
"""


@pytest.mark.parametrize(
    ("given", "expected", "found"),
    [
        ({}, "console 587 True False media-assets@127.0.0.1", []),
        (
            {"EMAIL_HOST": "mail.example.com", "SITE_URL": "https://media.example.com"},
            "smtp 587 True False media-assets@media.example.com",
            [],
        ),
        (
            {"EMAIL_HOST": "relay", "EMAIL_PORT": "25", "EMAIL_USE_TLS": "false"},
            "smtp 25 False False media-assets@127.0.0.1",
            [],
        ),
        (
            {"EMAIL_HOST": "relay", "EMAIL_PORT": "465", "DEFAULT_FROM_EMAIL": "us@example.com"},
            "smtp 465 False True us@example.com",
            [],
        ),
        (
            {"SITE_URL": "http://[::1]:8000", "EMAIL_HOST_USER": "media"},
            "console 587 True False media-assets@localhost",
            ["Of EMAIL_HOST_USER and EMAIL_HOST_PASSWORD only one is set."],
        ),
    ],
)
def test_mail_goes_where_the_environment_says(given, expected, found):
    answer = subprocess.run(
        [sys.executable, "-c", MAIL_SETTINGS],
        env={**os.environ, **given},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert answer.stdout.splitlines() == [expected, str(found)]


@pytest.mark.parametrize("value", ["sk 1", "sk-\u2019", "sk\n1"])
def test_key_that_cannot_be_sent_is_named_and_not_shown(monkeypatch, problems, value):
    monkeypatch.setenv("KEY", value)

    assert environment.header_text("KEY") == ""
    (problem,) = problems
    assert problem.message == "KEY has spaces or characters that cannot be sent."
    assert value not in problem.hint


def test_worker_with_a_configuration_that_cannot_work_does_not_start():
    """It would take its jobs from an empty database of its own."""
    worker = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "mediaassets", "worker", "-Q", "jobs"],
        env={**os.environ, "DATABASE_URL": "mysql://media@localhost/media"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert worker.returncode == 1
    assert "DATABASE_URL starts with 'mysql', which is not supported." in worker.stderr


def test_successors_are_pairs_of_which_none_leads_back(monkeypatch, problems):
    monkeypatch.setenv("NEXT", "a=b, b = c ,c=a, a=d, d, =e, f=f, g=h=i")

    assert environment.successors("NEXT") == {"a": "b", "b": "c"}
    assert [problem.message for problem in problems] == [
        "NEXT has 'c=a', which does not fit the others.",
        "NEXT has 'a=d', which does not fit the others.",
        "NEXT has 'd', which is no pair of models.",
        "NEXT has '=e', which is no pair of models.",
        "NEXT has 'f=f', which does not fit the others.",
        "NEXT has 'g=h=i', which is no pair of models.",
    ]
