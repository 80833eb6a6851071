"""Dates of events and buildings, and their order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from agents.engine.checks.finding import Finding, finding_at
from agents.engine.checks.statements import compiled, stated
from agents.engine.checks.world.story_time import story_year
from agents.engine.sources import CHARACTER, element_text, elements_of, trait_text
from agents.engine.text.complements import begins_with_complement
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.matching import distinctive_parts, without_article
from agents.engine.text.names.index import words_of_name
from agents.engine.text.reading import Reading
from agents.engine.text.word_forms import NUMBER, number_of
from agents.engine.world import Element, WorldView, once_a_world

_BUILT: Final = (
    r"(?:born|c[ao]me into the world|built|finished|completed|founded|begun|raised|erected|opened)"
)
_DATED: Final = lazy_pattern(
    rf"(?P<statement>(?:the (?P<part>\w+) was )?\b{_BUILT}(?: of \w+)? in (?:the year )?(?P<year>\d{{1,4}}))",
    re.IGNORECASE,
)
_YEAR_KEYS: Final = ("date", "year", "born", "built", "founded", "completed", "opened")
_YEAR: Final = lazy_pattern(r"(?:the )?(?:year )?(\d{1,4})", re.IGNORECASE)
_ORDER: Final = lazy_pattern(
    r"\b(?:it )?(?:came|began|happened|was|started|followed|fell|\w+ (?:years?|months?|weeks?|days?)) (?P<order>before"
    r"|after) (?P<other>[\w][\w' -]+)",
    re.IGNORECASE,
)
_AFTER: Final = lazy_pattern(
    rf"\b(?P<number>{NUMBER}) (?P<unit>year|month|week|day)s? (?P<order>before|after) (?P<other>[\w][\w' -]+)",
    re.IGNORECASE,
)
_SAID_YEAR: Final = lazy_pattern(
    r"\b(?:[Ii]n|[Oo]f|Year|[Tt]he year (?:is|was)|[Ss]ince|[Ii]t was|[Ii]t is|was now|[Dd]ated|January|February"
    r"|March|April|May|June|July"
    r"|August|September|October|November|December),? "
    r"(?:the year )?(?P<year>1[0-9]{3}|20\d\d|2[1-9]\d\d)\b(?! (?:people|men|miles|metres|feet|pounds"
    r"|soldiers|houses))|\b[Ii]n the year (?P<year2>[1-9]\d{2,3})\b",
)
# "The loss of the Gannet" may be told of as "the Gannet, lost in 302".
_HAPPENINGS: Final = {
    "loss": "lost", "sinking": "sunk", "wreck": "wrecked", "burning": "burn(?:ed|t)", "siege": "besieged",
    "founding": "founded", "building": "built", "fall": "fell", "death": "died", "birth": "born", "hanging": "hanged",
    "coronation": "crowned", "murder": "murdered", "launch": "launched", "destruction": "destroyed", "sack": "sacked",
    "opening": "opened",
}  # fmt: skip
_HAPPENED_TO: Final = lazy_pattern(
    rf"(?:the )?(?P<what>{'|'.join(_HAPPENINGS)}) of (?P<whom>.+)", re.IGNORECASE
)
_ORDERS: Final = frozenset(("before", "after", "when"))
_SEASON: Final = (
    "(?:the )?(?:early |late )?(?:spring|summer|autumn|fall|winter|January|February|March|April|May|June|July|August"
    "|September|October|November|December|beginning|middle|end)(?: of)?"
)
_MAX_YEAR_DIGITS: Final = 4


def check_dates(world: WorldView, reading: Reading) -> Iterator[Finding]:
    years = frozenset(number for number in reading.numbers if len(number) <= _MAX_YEAR_DIGITS)
    is_ordered = not _ORDERS.isdisjoint(reading.words)
    for source_id, element, names in _with_dates(world) if years else ():
        # A part of a named place, "the tower was built in 1312", stands in its summary.
        named = [name for name in names if reading.has_name(name)]
        for whose, year, statement in _dates(element) if named or " was " in element.summary else ():
            for name in named if whose == element.name else (whose,):
                if reading.has_name(name):
                    patterns = _patterns_of(name, element)
                    yield from _dated(source_id, name, year, statement, reading, years, patterns)
    for source_id, element in _with_order(world) if is_ordered else ():
        if reading.has_name(element.name):
            yield from _ordered(element, source_id, reading)
            yield from _interval(element, source_id, reading)
    if years:
        yield from _in_the_future(world, reading, years)


@once_a_world
def _with_dates(world: WorldView) -> tuple[tuple[str, Element, tuple[str, ...]], ...]:
    """Return the elements with a date, each with its source id and its names."""
    elements = list(elements_of(world))
    bearers = Counter(part for _, element in elements for part in set(distinctive_parts(element.name)))
    return tuple(
        (element.id or ref, element, tuple(_names(element, bearers)))
        for ref, element in elements
        if any(_dates(element))
    )


def _names(element: Element, bearers: Mapping[str, int]) -> Iterator[str]:
    """Yield the name of an element, and the parts of a person's name that nothing else bears."""
    yield element.name
    if happened := _HAPPENED_TO.fullmatch(element.name):
        yield happened["whom"]
    if element.kind == CHARACTER:
        yield from (part for part in distinctive_parts(element.name) if bearers[part] == 1)


@once_a_world
def _with_order(world: WorldView) -> tuple[tuple[str, Element], ...]:
    """Return the elements that came before or after another, each with its source id."""
    return tuple(
        (element.id or ref, element) for ref, element in elements_of(world) if _ORDER.search(element.summary)
    )


def names_of_dates(element: Element) -> Iterator[str]:
    """Yield the names of the dated things that the facts of an element speak of."""
    return (name for name, _, _ in _dates(element))


def _dates(element: Element) -> Iterator[tuple[str, int, str]]:
    """Yield each dated thing with its year and the statement."""
    for key, value in element.traits.items():
        if key.casefold() in _YEAR_KEYS and (year := _YEAR.fullmatch(str(value).strip())) is not None:
            yield element.name, int(year[1]), trait_text(key, value)
    for found in stated(_DATED, element_text(element)):
        name = f"the {found['part']}" if found["part"] else element.name
        yield name, int(found["year"]), found["statement"]


def _dated(
    source_id: str,
    name: str,
    year: int,
    statement: str,
    reading: Reading,
    years: frozenset[str],
    patterns: Iterable[re.Pattern[str]],
) -> Iterator[Finding]:
    names = frozenset(words_of_name(without_article(name))[:1])
    others = frozenset(number for number in years if int(number) != year)
    if not reading.sentences_with_all(others, names):
        return
    for pattern in patterns:
        for found in reading.matches(pattern, others, names):
            if begins_with_complement(reading.plain, found, without_article(name)):
                continue
            if int(found["year"]) != year and reading.is_presupposed(*found.span()):
                why = f"{name[:1].upper()}{name[1:]} dates from {year}, not {found['year']}."
                yield finding_at(
                    reading, found.span(), kind="timeline", source_id=source_id, statement=statement, why=why
                )
                return


def _patterns_of(name: str, element: Element) -> tuple[re.Pattern[str], ...]:
    """Return the ways to date what a text calls by this name: an element, a part of it, or what an event befell."""
    happened = _HAPPENED_TO.fullmatch(element.name) if name != element.name else None
    if happened is None:
        return _date_patterns(name, is_event=element.kind == "event")
    how = _HAPPENINGS[happened["what"].lower()]
    thing = rf"\b(?:the )?{re.escape(without_article(name))}"
    year = r"(?:the )?(?:year )?(?P<year>\d{1,4})\b"
    return (
        compiled(rf"{thing},? (?:(?:which|that|who|was|is|had been) ){{0,2}}{how} in {year}"),
        compiled(rf"\bin {year},? (?:that )?{thing} (?:was |had been )?{how}"),
    )


@lru_cache(maxsize=4096)
def _date_patterns(name: str, *, is_event: bool) -> tuple[re.Pattern[str], ...]:
    thing = rf"(?:the )?{re.escape(without_article(name))}"
    stated = rf"(?:{_SEASON} )?(?:the )?(?:year )?(?P<year>\d{{1,4}})\b"
    happened = r"(?:came|began|happened|broke out|was|struck|burned|burnt|destroyed|shook|ended)"
    # "The courthouse in Redwater", but not "the tower of the other town".
    at = r"(?: (?:in|at) [A-Z][\w'-]+)?"
    patterns = [
        rf"\b{thing}\b{at},? (?:(?:which|that|who) )?(?:was |had been )?{_BUILT} (?:of \w+ )?in {stated}",
        rf"\b{thing}\b[^.;:]{{0,60}}? {_BUILT} (?:it|her|this \w+) in {stated}",
        rf"\b{_BUILT} {thing} in {stated}",
        rf"\b{thing}{at} (?:(?:dates|dated) (?:back )?(?:from|to)|(?:went|goes) up in|opened its doors in) {stated}",
        rf"\b(?:first|foundation) stones? of {thing} (?:(?:was|were) laid )?in {stated}",
        rf"\b{thing}\b[^.;:]{{0,60}}? (?:having been|it was|which was) {_BUILT} in {stated}",
        rf"\bin {stated},? (?:that )?(?:(?!after|before|since|when)[\w'-]+ ){{1,4}}{_BUILT} {thing}\b",
        rf"\b{stated}, when {thing} (?:was )?{_BUILT}",
        rf"\b{thing}[.,:;–— ]+(?:[\w ]{{1,30}}, )?{_BUILT}(?::| in) {stated}",
        rf"\b{thing} ha[sd] (?:\w+ )?(?:stood|existed|been (?:there|here|standing|open)) (?:\w+ ){{0,3}}since {stated}",
        rf"\bsince {thing} was {_BUILT} in {stated}",
        rf"\b{thing}\b[^.;]{{0,40}} that (?:it|she|he) (?:was|had been) {_BUILT} in {stated}",
    ]
    if is_event:
        patterns += [
            rf"\b{thing} of {stated}",
            rf"\byear of {thing} (?:was|is) {stated}",
            rf"\bin {stated},? (?:that |when |the year of )?{thing}",
            rf"\b{thing},? (?:which |that )?(?:had )?{happened}(?: [\w']+){{0,3}} in {stated}",
            rf"\b{thing} (?:had )?(?!was\b){happened}(?: [\w'-]+){{0,6}}? in {stated}",
            rf"\b{thing},? (?:back |lost |which came )?in {stated}",
        ]
    return tuple(map(compiled, patterns))


def _ordered(element: Element, source_id: str, reading: Reading) -> Iterator[Finding]:
    known = _ORDER.search(element.summary)
    if known is None:
        return
    wrong = "before" if known["order"].casefold() == "after" else "after"
    thing, other = re.escape(without_article(element.name)), re.escape(without_article(known["other"]))
    right = known["order"].casefold()
    pattern = (
        rf"\b{thing},? (?:had )?(?:(?:came|begun|began|happened|was|started|come) )?(?:\w+ ){{0,2}}?{wrong} "
        rf"(?:the )?{other}"
        rf"|\b{other},? (?:had )?(?:(?:came|begun|began|happened|was|started|come) )?(?:\w+ "
        rf"){{0,2}}?{right} (?:the )?{thing}"
    )
    if right == "after":
        # It was there already "when the war broke out".
        begins = "(?:broke out|began|started|came)"
        pattern += rf"|\b{thing} (?:was|had)\b[^.;:]{{0,40}} when (?:the )?{other} {begins}\b"
    for found in reading.matches(compiled(pattern), _ORDERS):
        if reading.is_asserted(found.start(), found.end()):
            why = f"The world puts {element.name} {right} {known['other']}, not {wrong}."
            yield finding_at(
                reading, found.span(), kind="timeline", source_id=source_id, statement=known.group(), why=why
            )
            return


def _interval(element: Element, source_id: str, reading: Reading) -> Iterator[Finding]:
    """Yield another number of years than the world puts between two events: "two years after the Great Fire"."""
    known = _AFTER.search(element.summary)
    number = number_of(known["number"]) if known is not None else None
    if known is None or number is None:
        return
    thing, other = (re.escape(without_article(name)) for name in (element.name, known["other"].strip()))
    pattern = rf"\b{thing}\b[^.;:]{{0,40}}? (?P<number>{NUMBER}) {known['unit']}s? {known['order']} (?:the )?{other}\b"
    for found in reading.matches(compiled(pattern), _ORDERS):
        if number_of(found["number"]) != number and reading.is_asserted(*found.span()):
            yield finding_at(
                reading,
                found.span(),
                kind="timeline",
                source_id=source_id,
                statement=known.group(),
                why=f"The world says “{known.group()}”.",
            )
            return


def _in_the_future(world: WorldView, reading: Reading, years: frozenset[str]) -> Iterator[Finding]:
    now = story_year(world)
    if now is None:
        return
    year, source_id, statement = now
    later = frozenset(number for number in years if int(number) > year)
    for found in reading.matches(_SAID_YEAR, later):
        said = int(found["year"] or found["year2"])
        if said > year and reading.is_asserted(found.start(), found.end()):
            why = f"It is {year}; {said} has not come yet."
            yield finding_at(
                reading, found.span(), kind="timeline", source_id=source_id, statement=statement, why=why
            )
            return
