"""Events that rules date, and texts that give them another year: "The war ended in 1403."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from agents.engine.checks.finding import Finding, Strength, finding_at
from agents.engine.checks.statements import compiled, general_statements
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.world import WorldView

_BUILT: Final = (
    "founded|built|signed|won|lost|fought|destroyed|abolished|crowned|opened|discovered"
    "|sunk|burned|razed|settled"
)  # Words for one event.
_VERBS: Final = tuple(
    (lazy_pattern(words), words)
    for words in (
        "ended|finished|was over|came to an end",
        "began|started|broke out",
        "fell|was taken",
        "happened|took place|was|came|struck|raged",
        "died",
        *(f"(?:(?:was|were|had been) )?{built}" for built in _BUILT.split("|")),
    )
)
_DATED: Final = lazy_pattern(
    rf"^(?:the )?(?P<what>[\w'’-]+(?: [\w'’-]+){{0,5}}?) (?P<verb>ended|finished|was over|came to an end|began"
    rf"|started|broke out|fell|was taken"
    rf"|happened|took place|(?-i:(?<=Flood )|(?<=Fire )|(?<=Plague )|(?<=Death )|(?<=Famine )|(?<=Storm )|(?<=War )"
    rf"|(?<=Winter )|(?<=Quake ))(?:came|struck|raged)|died|(?:was|were) (?:{_BUILT})|was)"
    rf" in (?:the year )?(?P<year>\d{{3,4}})\b",
    re.IGNORECASE,
)

_YEAR: Final = lazy_pattern(r"\b\d{3,4}\b")


def check_dated_rules(world: WorldView, reading: Reading) -> Iterator[Finding]:
    """Yield the first other year that a text gives to each event."""
    if not any(len(number) in (3, 4) for number in reading.numbers):
        return
    for statement in general_statements(world):
        dated = _dated(statement.text)
        if dated is None:
            continue
        for match in reading.matches(compiled(_told(dated["what"], dated["verb"])), reading.numbers):
            span = match.span()
            if int(match["year"] or match["year2"]) != int(dated["year"]) and reading.is_asserted(*span):
                # Of "the war" there may be several.
                strength: Strength = "proven" if re.search("[A-Z]", dated["what"][1:]) else "likely"
                yield finding_at(
                    reading,
                    span,
                    kind="timeline",
                    source_id=statement.source_id,
                    statement=dated.group(),
                    why=f"The world dates this {dated['year']}.",
                    strength=strength,
                )
                break


def dated_event(text: str) -> str:
    """Return the event that a statement dates, "" if it dates none."""
    dated = _dated(text)
    return dated["what"] if dated is not None else ""


def _dated(text: str) -> re.Match[str] | None:
    dated = _DATED.match(text)
    # With a second year, the first is that of a part: "in the north".
    return None if dated is None or _YEAR.search(text, dated.end()) else dated


@lru_cache(maxsize=1024)
def _told(what: str, verb: str) -> str:
    """Return the pattern of the ways to date an event."""
    verbs = next((words for pattern, words in _VERBS if pattern.fullmatch(verb.lower())), re.escape(verb))
    is_name = re.search("[A-Z]", what) is not None
    # "The first war ended in 1290" is another one.
    named = rf"(?-i:{re.escape(what)})" if is_name else re.escape(what)
    event = rf"(?:(?<=\bthe )|(?<=\bThe )|(?<!\w ))(?<!\w)(?<!(?:of|in|on|at) the ){named}"
    # "The war of 1395" may be another.
    of = rf"|{event} of (?P<year2>\d{{3,4}})\b" if is_name else "|(?P<year2>(?!))"
    return rf"{event},? (?:which |that )?(?:had )?(?:{verbs}) (?:only )?in (?:the year )?(?P<year>\d{{3,4}})\b{of}"
