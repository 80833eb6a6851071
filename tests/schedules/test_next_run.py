"""Due times of a crontab, also across changes of daylight saving time."""

from __future__ import annotations

from datetime import datetime

import pytest

from agents.errors import Invalid
from agents.schedules.timetable import next_run


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("crontab", "zone", "after", "expected"),
    [
        ("0 9 * * 1", "UTC", "2026-11-22T12:00Z", "2026-11-23T09:00Z"),
        ("*/15 * * * *", "UTC", "2026-11-22T12:00Z", "2026-11-22T12:15Z"),
        ("30 6 * * *", "Asia/Kolkata", "2026-11-22T12:00Z", "2026-11-23T01:00Z"),
        # London is on UTC in winter, an hour ahead in summer.
        ("0 9 * * *", "Europe/London", "2026-01-10T12:00Z", "2026-01-11T09:00Z"),
        ("0 9 * * *", "Europe/London", "2026-07-10T12:00Z", "2026-07-11T08:00Z"),
        # 29 March 2026: the clock goes from 01:00 to 02:00, so 02:00 replaces the missing 01:30.
        ("30 1 * * *", "Europe/London", "2026-03-28T12:00Z", "2026-03-29T01:00Z"),
        ("30 1 * * *", "Europe/London", "2026-03-29T01:00Z", "2026-03-30T00:30Z"),
        # 25 October 2026: 01:30 occurs twice and the job runs once, at the first.
        ("30 1 * * *", "Europe/London", "2026-10-24T12:00Z", "2026-10-25T00:30Z"),
        ("30 1 * * *", "Europe/London", "2026-10-25T00:30Z", "2026-10-26T01:30Z"),
        # An hourly job runs in both hours.
        ("30 * * * *", "Europe/London", "2026-10-25T00:30Z", "2026-10-25T01:30Z"),
        ("0 0 29 2 *", "UTC", "2026-11-22T12:00Z", "2028-02-29T00:00Z"),
    ],
)
def test_next_run_is_the_first_match(crontab, zone, after, expected):
    assert next_run(crontab, zone, at(after)) == at(expected)


def test_hourly_crontab_runs_every_hour_across_clock_changes():
    for day in ("2026-03-29T00:00Z", "2026-10-25T00:00Z"):
        moment, runs = at(day), []
        for _ in range(5):
            moment = next_run("0 * * * *", "Europe/London", moment)
            runs.append(moment.hour)

        assert runs == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "crontab",
    [
        "",
        "* * * *",
        "* * * * * *",
        "61 * * * *",
        "* 24 * * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "*/0 * * * *",
        "at noon every other day",
        "0 0 30 2 *",
        "@reboot",
    ],
)
def test_invalid_crontab_is_named(crontab):
    with pytest.raises(Invalid) as refusal:
        next_run(crontab, "UTC", at("2026-11-22T12:00Z"))

    assert [error.pointer for error in refusal.value.errors] == ["/crontab"]


@pytest.mark.parametrize(
    "zone",
    ["", "Mars/Olympus", "Europe/Londn", "../../etc/passwd", "/etc/localtime", "A\x00B", "x" * 300],
)
def test_unknown_time_zone_is_named(zone):
    with pytest.raises(Invalid) as refusal:
        next_run("0 9 * * *", zone, at("2026-11-22T12:00Z"))

    assert [error.pointer for error in refusal.value.errors] == ["/time_zone"]
