"""The year in which a world's story takes place, or the last one that its decade or era allows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from agents.engine.sources import rules_of
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.lexicon import tech_level_of
from agents.engine.world import WorldView, once_a_world

_NOW: Final = lazy_pattern(
    r"\b(?:takes? place in|set in|the year is|it is the year|present year:?)\s*(?:the year )?(?P<year>\d{3,4})\b",
    re.IGNORECASE,
)
_TECH_YEAR: Final = lazy_pattern(r"\b(?P<year>1[0-9]{3}|20\d\d|2[1-9]\d\d)\b(?!s)")
_DECADES: Final = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
}  # fmt: skip
_DECADE: Final = lazy_pattern(
    r"\b(?P<century>1[5-9]|20)(?P<ten>\d0)['’]?s\b|(?:^|\bthe |\b(?:early|mid|late)[- ])['’]?(?P<short>[2-9]0)['’]?s\b"
    rf"|(?:\b(?:the|nineteen|roaring|swinging|early|mid|late)[- ])(?P<word>{'|'.join(_DECADES)})\b",
    re.IGNORECASE,
)
_WAR: Final = "(?:world war|ww|war)"
_ERAS: Final = tuple(
    (lazy_pattern(rf"\b(?:{era})\b", re.IGNORECASE), year)
    for era, year in (
        ("edwardian|fin de si[eè]cle|belle [eé]poque|turn of the (?:20th|twentieth|last) century", 1913),
        ("early (?:20th|twentieth)[- ]century", 1935),
        ("mid[- ](?:20th|twentieth)[- ]century|mid-century|middle of the (?:20th|twentieth) century", 1965),
        ("late (?:20th|twentieth)[- ]century", 1999),
        (rf"(?:first world war|great war|{_WAR} (?:i|1|one)|ww ?(?:i|1))(?!i)", 1918),
        ("inter-?war|between the wars|jazz age|prohibition era|weimar|great depression", 1939),
        (rf"second world war|{_WAR} (?:ii|2|two)|ww ?(?:ii|2)|the blitz|nazi (?:germany|era)", 1945),
        ("cold war", 1990),
    )
)


@once_a_world
def story_year(world: WorldView) -> tuple[int, str, str] | None:
    """Return the year of the story, its source id and its wording: from a rule, else from the technology."""
    for ref, rule in rules_of(world):
        found = _NOW.search(rule.text)
        if found is not None:
            return int(found["year"]), rule.id or ref, found.group()
    return technology_year(world)


def technology_year(world: WorldView) -> tuple[int, str, str] | None:
    """Return the year in the description of the technology, if there is one."""
    found = _TECH_YEAR.search(world.tech_level)
    return (int(found["year"]), "tech_level", world.tech_level) if found is not None else None


def last_year(world: WorldView) -> tuple[int, str, str] | None:
    """Return the year of the story, or the last one of its decade or era, its source id and its wording."""
    known = technology_year(world)
    if known is not None:
        return known
    # The genre tells the time where the technology does not.
    told = [("tech_level", world.tech_level)]
    if tech_level_of(world.tech_level) is None:
        told.append(("genre", world.genre))
    for source_id, said in told:
        if (year := _last_year_of(said)) is not None:
            return year, source_id, said
    return story_year(world)


@lru_cache(maxsize=1024)
def _last_year_of(said: str) -> int | None:
    """Return the last year of the latest decade or era that words name."""
    years = [
        (1900 if decade["short"] or decade["word"] else int(decade["century"]) * 100)
        + (_DECADES[decade["word"].lower()] if decade["word"] else int(decade["ten"] or decade["short"]))
        + 9
        for decade in _DECADE.finditer(said)
    ]
    years += [year for era, year in _ERAS if era.search(said)]
    return max(years, default=None)
