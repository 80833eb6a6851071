"""Years of a timeline: moments are years if each label names the year that its number is ("Spring of 880", 880.5)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Final

from universes.models import SceneMoment, StoryEvent

_MIN_DIGITS: Final = 3


def are_years(moments: Iterable[tuple[float, str]]) -> bool:
    """Return whether there are moments, by number and label, and all of them are years."""
    found = [_names_year(key, label) for key, label in moments]
    return bool(found) and all(found)


def years_of_events(universe_id: uuid.UUID) -> dict[str, int]:
    """Return the years of the events by their titles, without titles that several years have.

    Empty if the moments of the universe are no years: a year in a text cannot be held against another calendar.
    """
    events = StoryEvent.objects.filter(universe=universe_id).order_by("key", "pk")
    dated = list(events.values_list("title", "key", "label"))
    if not are_years((key, label) for _, key, label in dated):
        return {}
    moments = SceneMoment.objects.filter(scene__universe=universe_id).order_by()
    if not all(_names_year(key, label) for key, label in moments.values_list("key", "label")):
        return {}
    years: dict[str, set[int]] = {}
    for title, key, _ in dated:
        years.setdefault(title, set()).add(int(key))
    return {title: min(found) for title, found in years.items() if len(found) == 1}


def _names_year(key: float, label: str) -> bool:
    """Return whether a label names the year that the number of its moment is, and no other number of its length."""
    year = str(int(key))
    named = {number for number in re.findall(r"\d+", label) if len(number) >= _MIN_DIGITS}
    return len(year) >= _MIN_DIGITS and named == {year}
