"""Remarks of a model about its own work: prefaces, offers at the end, word counts, refusals.

Prefaces and refusals are looked for in the first lines and offers in the last ones, because in the middle of a story
similar words are a character's own.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from agents.engine.confidence.prose.quotations import Quotations
from agents.engine.confidence.prose.remark_patterns import ANYWHERE, COUNT, OFFER, PREFACE, REFUSAL
from agents.engine.text.lazy_pattern import lazy_pattern

_WINDOW_CHARS: Final = 500
_MAX_QUOTE_CHARS: Final = 120
_MAX_CANDIDATES: Final = 500

_LEADING_MARKS: Final = "*_#>([—–¡¿-"
_SENTENCE_START: Final = lazy_pattern(
    rf"[\n.!?…:。！？](?:(?<=[\n。！？])|[”\"’')\]*_]{{0,4}}+\s)[\s{re.escape(_LEADING_MARKS)}]{{0,8}}+"
)


def first_remark(text: str, quotations: Quotations) -> str:
    """Return the first remark that is nobody's speech, or nothing."""
    # Patterns without a flag for case are matched several times as fast.
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(character.lower()[0] for character in text)
    lower = lower.replace("’", "'")
    span = (
        _anywhere(lower, quotations)
        or _at_start(lower, 0, (PREFACE, COUNT, REFUSAL), quotations)
        or _at_start(lower, max(0, len(lower) - _WINDOW_CHARS), (OFFER, COUNT, REFUSAL), quotations)
    )
    return text[slice(*span)].strip()[:_MAX_QUOTE_CHARS] if span else ""


def _anywhere(lower: str, quotations: Quotations) -> tuple[int, int] | None:
    for keys, pattern in ANYWHERE:
        # The search for one character is the fastest test.
        if any(key[0] in lower and key in lower for key in keys):
            for match in islice(pattern.finditer(lower), _MAX_CANDIDATES):
                if not quotations.around(match.start()):
                    return match.span()
    return None


def _at_start(
    lower: str, window: int, patterns: tuple[re.Pattern[str], ...], quotations: Quotations
) -> tuple[int, int] | None:
    """Return the span of the first match at the start of a sentence or line within the window."""
    starts = [match.end() for match in _SENTENCE_START.finditer(lower, window, window + _WINDOW_CHARS)]
    if window == 0:
        starts.insert(0, len(lower) - len(lower.lstrip(f"{_LEADING_MARKS} \t\r\n")))
    for start in starts:
        for pattern in patterns:
            match = pattern.match(lower, start)
            if match is not None and not quotations.around(match.start()):
                return match.span()
    return None
