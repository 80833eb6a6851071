"""Search for the marks that a model's machinery leaves in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from agents.engine.confidence.prose.marks import MarkKind
from agents.engine.confidence.prose.markup import MARKUP
from agents.engine.confidence.prose.placeholders import PLACEHOLDERS
from agents.engine.confidence.prose.quotations import Quotations

_MAX_QUOTE_CHARS: Final = 80
# A text with more marks that are meant is about code.
_MAX_CANDIDATES: Final = 500

_KINDS: Final = (*PLACEHOLDERS, *MARKUP)
# Numbers of kinds by the first character of their signs: the search for one character is the fastest test.
_KINDS_BY_CHARACTER: Final = {
    character: tuple(
        number for number, kind in enumerate(_KINDS) if any(sign[0] == character for sign in kind.signs)
    )
    for character in {sign[0]: None for kind in _KINDS for sign in kind.signs}
}


@dataclass(frozen=True, slots=True)
class Leftover:
    """A mark in a text. ``is_quoted``: a character reads or speaks it, so that it may be meant."""

    noun: str
    start: int
    quote: str
    is_quoted: bool


def leftovers(text: str, quotations: Quotations) -> Iterator[Leftover]:
    """Yield the first mark of each kind; one that a character quotes only if there is no other."""
    possible = [numbers for character, numbers in _KINDS_BY_CHARACTER.items() if character in text]
    ends: dict[int, int] = {}
    for number in sorted(set(chain.from_iterable(possible))):
        kind = _KINDS[number]
        if any(sign in text for sign in kind.signs):
            found = _first(kind, text, quotations)
            # A mark may be of several kinds.
            if found is not None and not any(start <= found.start < end for start, end in ends.items()):
                ends[found.start] = found.start + len(found.quote)
                yield found


def _first(kind: MarkKind, text: str, quotations: Quotations) -> Leftover | None:
    quoted = None
    for match in islice(kind.pattern.finditer(text), _MAX_CANDIDATES):
        if kind.accepts is not None and not kind.accepts(match):
            continue
        if not (kind.is_code and _is_named(match, quotations)):
            return _leftover(kind, match, is_quoted=False)
        quoted = quoted or _leftover(kind, match, is_quoted=True)
    return quoted


def _leftover(kind: MarkKind, match: re.Match[str], *, is_quoted: bool) -> Leftover:
    mark = match.group()
    quote = mark.strip()
    return Leftover(kind.noun, match.start() + mark.index(quote), quote[:_MAX_QUOTE_CHARS], is_quoted)


def _is_named(match: re.Match[str], quotations: Quotations) -> bool:
    """Return whether a mark is spoken of and not used: it is all of a quotation, or quoted in a line about code."""
    quotation = quotations.around(match.start())
    if not quotation:
        return False
    if not any(map(str.isalpha, quotation[:200].replace(match.group(), ""))):
        return True
    before, after = match.string[match.start() - 1], match.string[match.end() : match.end() + 1]
    return not before.isalpha() and not after.isalpha() and quotations.is_about_code(match.start())
