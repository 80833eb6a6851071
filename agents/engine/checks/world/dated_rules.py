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
        "happened|took place|was",
        "died",
        *(f"(?:was|were) {built}" for built in _BUILT.split("|")),
    )
)
_DATED: Final = lazy_pattern(
    rf"^(?:the )?(?P<what>[\w'’-]+(?: [\w'’-]+){{0,5}}?) (?P<verb>ended|finished|was over|came to an end|began"
    rf"|started|broke out|fell|was taken"
    rf"|happened|took place|died|(?:was|were) (?:{_BUILT})|was) in (?:the year )?(?P<year>\d{{3,4}})\b",
    re.IGNORECASE,
)


def check_dated_rules(world: WorldView, reading: Reading) -> Iterator[Finding]:
    """Yield the first other year that a text gives to each event."""
    if not any(len(number) in (3, 4) for number in reading.numbers):
        return
    for statement in general_statements(world):
        dated = _DATED.match(statement.text)
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


@lru_cache(maxsize=1024)
def _told(what: str, verb: str) -> str:
    """Return the pattern of the ways to date an event."""
    verbs = next((words for pattern, words in _VERBS if pattern.fullmatch(verb.lower())), re.escape(verb))
    # "The first war ended in 1290" is another one.
    event = rf"(?:(?<=\bthe )|(?<=\bThe )|(?<!\w ))(?<!\w)(?<!(?:of|in|on|at) the ){re.escape(what)}"
    return (
        rf"{event},? (?:which |that )?(?:had )?(?:{verbs}) (?:only )?in (?:the year )?(?P<year>\d{{3,4}})\b"
        rf"|{event} of (?P<year2>\d{{3,4}})\b"
    )
