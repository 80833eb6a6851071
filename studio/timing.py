"""The timing of a schedule as a form says it: a rhythm with a time and a day, or a crontab of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

RHYTHMS: Final = (
    ("daily", "Every day"),
    ("workdays", "Monday to Friday"),
    ("weekly", "Every week"),
    ("monthly", "Every month"),
    ("own", "Custom (crontab)"),
)
WEEKDAYS: Final = (
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("0", "Sunday"),
)
# Days that every month has.
DAYS: Final = tuple(str(day) for day in range(1, 29))

EMPTY: Final[Mapping[str, str]] = {
    "rhythm": "weekly",
    "time": "09:00",
    "weekday": "1",
    "day": "1",
    "crontab": "",
    "zone": "UTC",
}


def read_timing(data: Mapping[str, str]) -> dict[str, str]:
    return {name: data.get(name, default).strip() for name, default in EMPTY.items()}


def crontab_of(timing: Mapping[str, str]) -> str:
    """Return the crontab; what was typed wrongly stays in it, so that its refusal names it."""
    if timing["rhythm"] == "own":
        return timing["crontab"]
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?", timing["time"])
    hour, minute = (str(int(part)) for part in found.groups()) if found else (timing["time"] or "?", "0")
    weekday, day = timing["weekday"] or "?", timing["day"] or "?"
    match timing["rhythm"]:
        case "daily":
            return f"{minute} {hour} * * *"
        case "workdays":
            return f"{minute} {hour} * * 1-5"
        case "monthly":
            return f"{minute} {hour} {day} * *"
        case _:
            return f"{minute} {hour} * * {weekday}"
