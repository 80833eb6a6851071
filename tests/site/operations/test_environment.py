"""Invalid environment variables: reported, replaced by their default, and refused at start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mediaassets.settings import environment
from mediaassets.settings.environment import Environment
from tests.support.site.servers import ROOT


def read(value: str, expected: environment.Format, default: str = "") -> tuple[str, list[str]]:
    """Return what the settings get for a variable of this format, and the messages of its problems."""
    env = Environment({"NAME": value})
    result = env.text("NAME", default, expected)
    return result, [problem.message for problem in env.problems]


@pytest.mark.parametrize("value", ["1/s", "30/min", "100/hour", "5/d"])
def test_valid_rate_is_used(value):
    assert read(value, environment.RATE) == (value, [])


@pytest.mark.parametrize("value", ["30", "30/fortnight", "0/min", "-1/min", "many/min", "1/min/min"])
def test_invalid_rate_is_reported_and_replaced(value):
    assert read(value, environment.RATE, "30/min") == ("30/min", [f"NAME is {value!r}, which is not a rate."])


@pytest.mark.parametrize("value", ["  ", ""])
def test_empty_value_counts_as_unset(value):
    env = Environment({"NAME": value})

    assert env.text("NAME", "x", environment.RATE) == "x"
    assert env.flag("NAME", True) is True
    assert env.number("NAME", 3, minimum=0, maximum=5) == 3
    assert env.items("NAME", ["a"]) == ["a"]
    assert env.problems == []


@pytest.mark.parametrize(
    ("value", "is_valid"),
    [
        ("http://gateway:8080", True),
        ("https://user:word@gateway/path?query", True),
        ("http://[::1]:8000", True),
        ("", True),
        ("gateway:8080", False),
        ("http://:8080", False),
        ("http://[::1", False),
    ],
)
def test_web_url_needs_a_scheme_and_a_host(value, is_valid):
    url, messages = read(value, environment.WEB_URL)

    assert url == (value if is_valid else "")
    assert len(messages) == (not is_valid)


@pytest.mark.parametrize(
    ("value", "is_valid"),
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
def test_host_has_no_scheme_and_no_port(value, is_valid):
    host, messages = read(value, environment.HOST)

    assert host == (value if is_valid else "")
    assert len(messages) == (not is_valid)


@pytest.mark.parametrize("value", ["media@example.com", "Media assets <media@example.com>"])
def test_valid_mail_address_is_used(value):
    assert read(value, environment.MAIL_ADDRESS) == (value, [])


@pytest.mark.parametrize("value", ["media", "media@", "@example.com", "a@b.c\nBcc: d@e.f", "<>"])
def test_invalid_mail_address_is_reported_and_replaced(value):
    address, messages = read(value, environment.MAIL_ADDRESS, "me@localhost")

    assert address == "me@localhost"
    assert messages == [f"NAME is {value!r}, which is not a mail address."]


@pytest.mark.parametrize("value", ["sk 1", "sk-\u2019", "sk\n1"])
def test_report_of_an_invalid_secret_does_not_show_it(value):
    env = Environment({"KEY": value})

    assert env.text("KEY", expected=environment.HEADER_VALUE) == ""
    (problem,) = env.problems
    assert problem.message == "KEY is not a value that an HTTP header can carry."
    assert value not in problem.hint


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("7", "NAME is 7, outside 0 to 5."),
        ("nan", "NAME is nan, outside 0 to 5."),
        ("many", "NAME is 'many', which is not a number."),
    ],
)
def test_invalid_number_is_reported_and_replaced(value, message):
    env = Environment({"NAME": value})

    assert env.number("NAME", 3, minimum=0, maximum=5) == 3
    assert [problem.message for problem in env.problems] == [message]


def test_successors_are_pairs_that_form_no_cycle():
    env = Environment({"NEXT": "a=b, b = c ,c=a, a=d, d, =e, f=f, g=h=i"})

    assert env.successors("NEXT") == {"a": "b", "b": "c"}
    assert [problem.message for problem in env.problems] == [
        "NEXT has 'c=a', which conflicts with another pair.",
        "NEXT has 'a=d', which conflicts with another pair.",
        "NEXT has 'd', which is not a pair of models.",
        "NEXT has '=e', which is not a pair of models.",
        "NEXT has 'f=f', which conflicts with another pair.",
        "NEXT has 'g=h=i', which is not a pair of models.",
    ]


MAIL_SETTINGS = """
from mediaassets import settings as s
print(s.EMAIL_BACKEND.split(".")[-2], s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.DEFAULT_FROM_EMAIL)
print([problem.message for problem in s.ENVIRONMENT_PROBLEMS])
"""


@pytest.mark.parametrize(
    ("variables", "expected", "problems"),
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
            ["EMAIL_HOST_USER and EMAIL_HOST_PASSWORD belong together, and only one of them is set."],
        ),
    ],
)
def test_mail_settings_follow_the_environment(variables, expected, problems):
    result = subprocess.run(
        [sys.executable, "-c", MAIL_SETTINGS],
        env={**os.environ, **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert result.stdout.splitlines() == [expected, str(problems)]


def test_worker_refuses_to_start_with_an_invalid_setting():
    """A worker that fell back to the default database would serve an empty one."""
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
    assert "DATABASE_URL is not the address of a supported database." in worker.stderr
