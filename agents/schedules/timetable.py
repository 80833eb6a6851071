"""Crontabs and time zones: when a schedule runs, and in which words."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice, pairwise, takewhile
from typing import Final

from cronsim import CronSim, CronSimError
from django.conf import settings

from agents.errors import FieldError, Invalid

# Names for common crontabs, as cron knows them.
NICKNAMES: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
# The library writes "31th".
_ORDINAL: Final = re.compile(r"\b([23]?[123])th\b")
_ENDINGS: Final = {"1": "st", "2": "nd", "3": "rd"}
# What the library says of a field that it cannot read.
_FIELDS: Final = {
    "Bad minute": "The minute is 0 to 59.",
    "Bad hour": "The hour is 0 to 23.",
    "Bad day-of-month": "The day is 1 to 31, and one that the month has.",
    "Bad month": "The month is 1 to 12, or a name such as JAN.",
    "Bad day-of-week": "The weekday is 0 to 7, or a name such as MON.",
}
# Names that the machine knows, but that say nothing: the zone of this machine, and none at all.
_NOT_ZONES: Final = frozenset({"localtime", "posixrules", "Factory"})


def next_run(crontab: str, time_zone: str, after: datetime) -> datetime:
    """Return the first run after ``after``, in UTC; daylight saving follows the time zone.

    Raises ``Invalid`` that names ``/crontab`` or ``/time_zone``.
    """
    try:
        return next(_runs(crontab, time_zone, after))
    except StopIteration:
        raise _bad_crontab("This date never occurs.") from None


def runs_from(crontab: str, time_zone: str, first: datetime, *, count: int) -> list[datetime]:
    """Return the run at ``first`` and those after it, ``count`` in all or as many as there are."""
    try:
        return [first, *islice(_runs(crontab, time_zone, first), count - 1)]
    except Invalid:
        # The machine no longer knows the time zone; the run at ``first`` will switch the schedule off.
        return [first]


def count_runs(crontab: str, time_zone: str, after: datetime, until: datetime) -> int:
    """Return the number of runs after ``after`` and up to ``until``."""
    return sum(1 for _ in takewhile(lambda run: run <= until, _runs(crontab, time_zone, after)))


def in_words(crontab: str, time_zone: str) -> str:
    """Return the timetable as a sentence, such as "At 09:00 on Monday (Europe/Rome)."."""
    told = _ORDINAL.sub(
        lambda day: day[1] + _ENDINGS[day[1][-1]], _parsed(crontab, datetime.now(UTC)).explain()
    )
    return f"{told} ({time_zone})."


def check_interval(crontab: str, time_zone: str, after: datetime) -> None:
    """Raise ``Invalid`` if two runs are closer than ``SCHEDULE_MIN_INTERVAL_S``."""
    floor = timedelta(seconds=settings.SCHEDULE_MIN_INTERVAL_S)
    # A crontab repeats its minutes each day, and so many runs are a day at least.
    in_a_day = timedelta(days=1) // floor + 2
    for earlier, later in pairwise(islice(_runs(crontab, time_zone, after), in_a_day)):
        if later - earlier < floor:
            shown = f"{floor.total_seconds() / 60:g} minutes"
            raise _bad_crontab(f"Two runs are less than {shown} apart, which is the least here.")


def _runs(crontab: str, time_zone: str, after: datetime) -> Iterator[datetime]:
    zone = _zone(time_zone)
    return (moment.astimezone(UTC) for moment in _parsed(crontab, after.astimezone(zone)))


def _parsed(crontab: str, after: datetime) -> CronSim:
    fields = NICKNAMES.get(crontab.strip().lower(), crontab)
    if len(fields.split()) != 5:
        known = ", ".join(NICKNAMES)
        raise _bad_crontab(f"It has five fields (minute, hour, day, month, weekday), or is one of {known}.")
    try:
        return CronSim(fields, after)
    except CronSimError as error:
        raise _bad_crontab(_FIELDS.get(str(error), "It cannot be read.")) from None


def _zone(time_zone: str) -> zoneinfo.ZoneInfo:
    if time_zone not in _zones():
        near = _nearest(time_zone)
        hint = f"did you mean {near}?" if near else "use a name such as Europe/Rome."
        detail = f"“{time_zone}” is not a time zone; {hint}"
        raise Invalid("The time zone is not known.", [FieldError("/time_zone", detail)])
    return zoneinfo.ZoneInfo(time_zone)


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - _NOT_ZONES)


def _nearest(name: str) -> str | None:
    """Return the zone that a person may have meant: another case, a city alone, or a slip of the pen."""
    wanted = "_".join(name.casefold().split())
    by_key = {zone.casefold(): zone for zone in sorted(_zones())}
    by_city = {key.rpartition("/")[2]: zone for key, zone in by_key.items() if "/" in key}
    if wanted in by_key or wanted in by_city:
        return by_key.get(wanted) or by_city[wanted]
    # A long name is no slip of the pen, and takes long to compare.
    close = difflib.get_close_matches(wanted, by_key, n=1, cutoff=0.8) if len(wanted) <= 64 else []
    return by_key[close[0]] if close else None


def _bad_crontab(detail: str) -> Invalid:
    return Invalid("The crontab cannot be read.", [FieldError("/crontab", detail)])
