"""Colours of eyes, hair and beard, as descriptions tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.restatement import Restatement
from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.text.colours import COLOUR
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import KIN
from agents.engine.text.word_forms import one_of
from agents.engine.world import Element

_SEEN: Final = {
    "eyes": r"(?:eyes|eyed)",
    "hair": r"(?:hair|haired|curls|locks|braids?|plaits?|tresses|mane)",
    "beard": r"(?:beard|bearded|whiskers)",
}
# A clause about them has one of these.
_NEEDED: Final = {
    "eyes": lazy_pattern(r"eye", re.IGNORECASE),
    "hair": lazy_pattern(r"hair|curl|lock|braid|plait|tress|mane|redhead|blond|brunette", re.IGNORECASE),
    "beard": lazy_pattern(r"beard|whisker", re.IGNORECASE),
}
# Colours that are told by a thing of this colour.
_LIKE: Final = {
    thing: colour
    for colour, things in (
        ("red", "rust fire flame"),
        ("fair", "straw honey wheat corn sand"),
        ("black", "coal pitch jet ink soot night"),
        ("grey", "ash iron steel slate"),
        ("white", "snow"),
        ("blue", "sky cornflowers"),
        ("green", "moss"),
        ("brown", "chestnuts mud"),
    )
    for thing in things.split()
}
_CALLED: Final = {"redhead": "red", "blonde": "blonde", "blond": "blonde", "brunette": "brown"}
_WORD: Final = (
    rf"(?!(?:{one_of(KIN)}|lover|friend|dog|cat|horse|of|with|and|who|that|her|him|them|shows?|sees)\b)[\w-]+"
)
_COLOUR: Final = rf"(?:\w+-)?(?P<colour>{COLOUR})"
_ENDS: Final = (
    r"(?=$|[,.;)]|\s*[–—]| (?:and|but|who|that|which|beneath|under|above|over|in|with|cut|worn|tied|to|miss"
    r"|never)\b)"
)

# What changes a colour, or says that it is not their own.
_CHANGED: Final = lazy_pattern(
    r"\b(?:dye[ds]?|dyeing|wigs?|bleach\w*|shape-?(?:shift|chang)\w*|disguis\w*|glamour|lens(?:es)?|(?:changes?"
    r"|changing) (?:the )?colou?r"
    r"|mood|at will|heterochromia|mismatched|chameleon)\b",
    re.IGNORECASE,
)


def _forms(part: str) -> tuple[re.Pattern[str], ...]:
    seen = _SEEN[part]
    person = rf"(?:an?|the) (?:{_WORD},? ){{1,5}}?"
    colours = rf"(?:{_WORD},? ){{0,2}}?{_COLOUR}(?:,? (?:and )?{_WORD})?"
    return tuple(
        lazy_pattern(pattern, re.IGNORECASE)
        for pattern in (
            rf"(?:(?:with|having|has|had|wears|keeps|ties) )?(?:(?:her|his|their|an?|the) )?{colours}[- ]{seen}{_ENDS}",
            rf"{person}with (?:(?:an?|her|his) )?{colours}[- ]{seen}{_ENDS}",
            rf"(?:an?|the) (?:{_WORD},? ){{0,3}}?{_COLOUR}-(?:{part.rstrip('s')}ed)\b",
            rf"(?:(?:her|his|their|the) )?(?:{_WORD} )?{seen}(?:,| (?:is|are|has (?:gone|turned)|have (?:gone|turned)"
            rf"|gone|turned|of))*"
            rf" (?:(?:an?|the|very|as|long|now) )*(?:{_WORD} )?{_COLOUR}\b(?! (?:with|from) (?:rage|cold|weeping"
            rf"|tears|dust|flour|drink))",
            rf"{_COLOUR} of (?:{part.rstrip('s')}|{part})\b",
        )
    )


_FORMS: Final = {part: _forms(part) for part in _SEEN}
_AS: Final = {
    part: lazy_pattern(
        rf"(?:(?:her|his|their) )?{seen} (?:(?:is|are) )?(?:the colou?r of|like"
        rf"|as \w+ as) (?:[\w-]+ )??(?P<like>{one_of(_LIKE)})\b",
        re.IGNORECASE,
    )
    for part, seen in _SEEN.items()
}
_IS_CALLED: Final = lazy_pattern(
    rf"an? (?:{_WORD},? ){{0,3}}?(?P<called>{one_of(_CALLED)})(?=$|[,.;]| (?:in|with|who|and|from|of (?:about"
    rf"|\w+ty))\b)",
    re.IGNORECASE,
)


def looks(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield the colours of eyes, hair and beard that the traits do not give."""
    stated = {trait_name(key).partition(" ")[0] for key in element.traits}
    if any(_CHANGED.search(clause.predicate) for clause in clauses):
        return
    for part, needed in _NEEDED.items():
        for clause in () if part in stated else clauses:
            if needed.search(clause.predicate) and (colour := _colour_in(clause.predicate, part)) is not None:
                yield Restatement(colour, clause.quote, part)
                break


def _colour_in(predicate: str, part: str) -> str | None:
    for form in _FORMS[part]:
        if (found := form.match(predicate)) is not None:
            return found["colour"].lower()
    if (found := _AS[part].match(predicate)) is not None:
        return _LIKE[found["like"].lower()]
    found = _IS_CALLED.match(predicate) if part == "hair" else None
    return _CALLED[found["called"].lower()] if found is not None else None
