"""Timetables in words, their next runs, the least interval, and suggestions for time zones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agents.errors import Invalid
from agents.schedules import timetable

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("crontab", "words"),
    [
        ("0 9 * * 1", "At 09:00 on Monday (Europe/Rome)."),
        ("@daily", "At 00:00 every day (Europe/Rome)."),
        ("*/15 * * * *", "Every 15th minute of every hour (Europe/Rome)."),
        ("0 9 31 * *", "At 09:00 on the 31st day of every month (Europe/Rome)."),
        ("0 9 12 * *", "At 09:00 on the 12th day of every month (Europe/Rome)."),
    ],
)
def test_timetable_in_words(crontab, words):
    assert timetable.in_words(crontab, "Europe/Rome") == words


@pytest.mark.parametrize(("nickname", "crontab"), timetable.NICKNAMES.items())
def test_nickname_runs_as_its_crontab(nickname, crontab):
    assert timetable.next_run(nickname, "UTC", NOW) == timetable.next_run(crontab, "UTC", NOW)


def test_next_runs_begin_with_the_first_and_end_where_there_are_no_more():
    first = timetable.next_run("0 9 * * 1", "UTC", NOW)

    runs = timetable.runs_from("0 9 * * 1", "UTC", first, count=3)

    assert [f"{run:%m-%d %H:%M}" for run in runs] == ["11-23 09:00", "11-30 09:00", "12-07 09:00"]
    assert timetable.runs_from("0 9 * * 1", "Europe/Atlantis", first, count=3) == [first]


@pytest.mark.parametrize(
    "crontab", ["* * * * *", "*/4 * * * *", "0,4 9 * * 1", "0,58 * * * *", "0-3 0 1 1 *"]
)
def test_runs_too_close_are_refused(crontab):
    with pytest.raises(Invalid) as refused:
        timetable.check_interval(crontab, "UTC", NOW)

    assert [(error.pointer, error.detail) for error in refused.value.errors] == [
        ("/crontab", "Two runs are less than 5 minutes apart, which is the least here.")
    ]


@pytest.mark.parametrize("crontab", ["*/5 * * * *", "58 8,9 * * *", "0,5 9 * * 1", "@hourly", "0 0 29 2 *"])
def test_runs_far_enough_apart_are_accepted(crontab):
    timetable.check_interval(crontab, "UTC", NOW)


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("europe/rome", "did you mean Europe/Rome?"),
        ("Rome", "did you mean Europe/Rome?"),
        ("new york", "did you mean America/New_York?"),
        ("Europe/Londn", "did you mean Europe/London?"),
        ("utc", "did you mean UTC?"),
        ("localtime", "use a name such as Europe/Rome."),
        ("Factory", "use a name such as Europe/Rome."),
        ("Mars/Olympus", "use a name such as Europe/Rome."),
    ],
)
def test_zone_that_is_none_gets_a_suggestion(zone, hint):
    with pytest.raises(Invalid) as refused:
        timetable.next_run("0 9 * * *", zone, NOW)

    [error] = refused.value.errors
    assert (error.pointer, error.detail) == ("/time_zone", f"“{zone}” is not a time zone; {hint}")
