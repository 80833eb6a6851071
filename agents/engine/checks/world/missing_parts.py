"""Parts that a place or a thing does not have: "the walls of Brack", a town without walls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import Statement, element_statements
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.matching import without_article
from agents.engine.text.reading import Reading
from agents.engine.text.word_forms import noun_forms, singular
from agents.engine.text.word_pattern import WordPattern
from agents.engine.world import WorldView

# As ``facts.things`` restates them.
_MISSING: Final = re.compile(r"(?P<owner>.+) (?:has no|has lost its) (?P<part>[\w'-]+)")
_LOST: Final = " has lost its "
# What is not there can be spoken of, and a thing that was lost has left something behind.
_NOT_THERE: Final = lazy_pattern(
    r"\b(?:no|not|never|without|nor|neither|missing|lost|ruin\w*|burnt|burned|broken|old|former|fallen|lack(?:ed"
    r"|s)? of|need\w*|where"
    r"|remains|foundations|rubble|site|stumps?|piles?|dream\w*|promis\w*|plans?|build\w*|rebuil\w*|imagin\w*|if|would"
    r"|wish\w*|used to|once)\b",
    re.IGNORECASE,
)
_GONE: Final = lazy_pattern(
    r" (?:had (?:once )?(?:stood|been)|used to|once stood|of which|(?:was|were|are|is) (?:only|still|just|never|not"
    r"|no more than)|of (?!(?:\w+ )?(?:stone|brick|wood|oak|iron"
    r"|earth)\b))\b|, if\b",
    re.IGNORECASE,
)


def check_missing_parts(world: WorldView, reading: Reading) -> Iterator[Finding]:
    """Yield the first mention of each part that its place or thing is said not to have."""
    for statement in element_statements(world, reading):
        pattern = _pattern(statement.text)
        found = None if pattern is None else next(_mentions(pattern, statement, reading), None)
        if found is not None:
            why = f"The world says “{statement.text}”."
            yield statement.finding(reading, *found.span(), why)


def _mentions(pattern: WordPattern, statement: Statement, reading: Reading) -> Iterator[re.Match[str]]:
    for match in pattern.find(reading):
        sentence = reading.sentence_at(match.start())
        if (
            not _NOT_THERE.search(reading.plain, sentence.start, match.end())
            and not _GONE.match(reading.plain, match.end())
            and reading.is_presupposed(*match.span())
            and not reading.is_past(*match.span())
        ):
            yield match


@lru_cache(maxsize=4096)
def _pattern(text: str) -> WordPattern | None:
    missing = _MISSING.fullmatch(text)
    if missing is None:
        return None
    owner = rf"(?:[Tt]he )?{re.escape(without_article(missing['owner']))}"
    part = noun_forms(singular(missing["part"].lower()))
    whose = rf"(?:[\w-]+ ){{0,2}}?(?:{part})(?![\w-]) (?:of|at|in|around|round) {owner}(?![\w'-])"
    its = rf"{owner}'s (?:(?!(?:{part})\b)[\w-]+ ){{0,2}}?(?:{part})(?![\w-])"
    if _LOST in text:
        # Whoever crosses a bridge does not speak of its ruins.
        used = "crossed|crossing|over|across|onto|through|under|into|climbed|entered|left|reached|passed|on|inside"
        return WordPattern.of(rf"(?<![\w-])(?:{used}) (?:the {whose}|{its})")
    return WordPattern.of(rf"(?<![\w-])(?:[Tt]he {whose}|{its})")
