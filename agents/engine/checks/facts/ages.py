"""Ages that a description gives in other words than a number of years: "in her late forties", "a teenager"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.restatement import Restatement
from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.sources import trait_text
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import KIN, ROLES
from agents.engine.text.word_forms import NUMBER, number_of, one_of, word_list
from agents.engine.world import Element

# The trait that holds an age as "46 to 50" years.
AGE_SPAN: Final = "age in years"
_KEYS: Final = frozenset(("age", "years", "years old", "age range", "apparent age", "age group"))
_DECADES: Final = {
    word: 10 * tens
    for tens, word in enumerate(
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"],
        start=2,
    )
}
_DECADE: Final = (
    r"(?:(?P<part>early|mid|middle|late)[- ](?:to[- ]late[- ])?)?"
    rf"(?P<decade>{'|'.join(_DECADES)}|[2-9]0'?s|teens)"
)
_PARTS: Final = {"early": (0, 4), "mid": (3, 7), "middle": (3, 7), "late": (6, 10)}
_NEARLY: Final = (
    r"(?:(?P<about>about|around|roughly|approximately|circa|ca\.?|c\.|~|some|perhaps|maybe)"
    r"|(?P<nearly>nearly|almost|not quite|close to|approaching|pushing|going on|rising)"
    r"|(?P<over>over|past|more than|just over|well over|above|at least)|(?P<under>under|not yet|less than|barely|just"
    r"|only))? ?"
)
_YEARS: Final = (
    r"(?:[- ]?(?:years?(?:[- ]old| of age)?|yrs?(?: old)?|y\.?o\.?|winters(?: old)?|summers(?: old)?))?"
)
_COUNTED: Final = rf"{_NEARLY}(?P<age>{NUMBER})(?:(?: ?[-–—] ?| or | to )(?P<most>{NUMBER}))?{_YEARS}"
_ENDS: Final = r"(?=$|\s*[,;.(]| (?:and|but|or so|last|this|now|with|who|if a day)\b)"
# Whom a word for a time of life means, generously; the last words stand before another noun.
_STAGES: Final = (
    ("baby|infant|newborn", 0, 3),
    ("toddler", 1, 5),
    ("child|schoolboy|schoolgirl|small boy|small girl|little boy|little girl", 3, 15),
    ("teenager|teen|adolescent|teenage (?:boy|girl)", 12, 20),
    ("young (?:man|woman|lady|adult)", 15, 40),
    ("(?:middle-aged|middle aged)(?: (?:man|woman|[a-z-]+))?", 35, 66),
    (
        "(?:elderly|aged)(?: (?:man|woman|[a-z-]+))?|old (?:man|woman|lady)|octogenarian|septuagenarian",
        55,
        120,
    ),
)
_STAGE: Final = tuple(
    (
        lazy_pattern(
            rf"(?:an? |the )?(?:[\w'-]+ )?(?:{words})(?=$|[,.;]| (?:who|with|from|living)\b)", re.IGNORECASE
        ),
        least,
        most,
    )
    for words, least, most in _STAGES
)
_SOMEBODY: Final = one_of(
    (
        *ROLES,
        *word_list("""
    man woman boy girl child lad lass youth widow widower bachelor spinster person gentleman lady maid veteran
"""),
    )
)
_OF_MANY: Final = (
    f"{one_of(KIN)}|parent|leader|captain|commander|owner|master|winner|author|head|keeper|veteran|survivor|one|victim"
    "|gang|group|out|all"
)
_FORMS: Final = tuple(
    lazy_pattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:aged? )?{_COUNTED}{_ENDS}",
        rf"(?:an?|the) (?:[\w'-]+,? ){{0,4}}?(?:{_SOMEBODY}) of {_COUNTED}{_ENDS}",
        rf"turned {_COUNTED}{_ENDS}",
        # "A witch of ninety", but no "mother of four".
        rf"an? (?:[\w'-]+,? ){{0,2}}?(?!(?:{_OF_MANY})\b)[a-z]+ of {_COUNTED}{_ENDS}",
        rf"(?:an?|the) (?:[\w'-]+,? ){{0,3}}?{_NEARLY}(?P<age>{NUMBER})(?P<most>)[- ]years?[- ]old\b",
        rf"(?:(?:an?|the) (?:[\w'-]+,? ){{1,6}}?)?in (?:her|his|their|the) {_DECADE}{_ENDS}",
        rf"{_DECADE}{_ENDS}",
    )
)
# Of them, words for a time of life tell how they look.
_AGELESS: Final = lazy_pattern(
    r"\b(?:immortal\w*|ageless|vampir\w*|looks?|appears?|seems?|el(?:f|ven|ves)|fae|centur(?:y|ies)|undying"
    r"|reincarnat\w*"
    r"|android|robot|spirit|ghost|god(?:dess)?|years ago|as an? (?:child|boy|girl|teenager|young)|was once|former)\b",
    re.IGNORECASE,
)
_MIN: Final = 4
_MAX: Final = 120


def ages(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield the age of somebody in years, or the first and last year of the span in which it lies."""
    traits = [(key, value) for key, value in element.traits.items() if trait_name(key) in _KEYS]
    for key, value in traits:
        if (span := _span(str(value))) is not None or (span := _stage(element, str(value))) is not None:
            yield _restated(span, trait_text(key, value))
            return
    for clause in () if traits else clauses:
        if (span := _span(clause.predicate)) is not None or (
            span := _stage(element, clause.predicate)
        ) is not None:
            yield _restated(span, clause.quote)
            return


def _restated(span: tuple[int, int], quote: str) -> Restatement:
    return Restatement(f"{span[0]} to {span[1]}", quote, AGE_SPAN)


def _span(told: str) -> tuple[int, int] | None:
    """Return the first and the last year of the age that words tell."""
    for form in _FORMS:
        found = form.match(told)
        if found is None:
            continue
        said = found.groupdict()
        if said.get("decade"):
            return _of_decade(said["decade"].lower(), (said["part"] or "").lower())
        least = number_of(said["age"])
        most = number_of(said["most"]) if said["most"] else least
        if least is None or most is None or not _MIN <= least <= most <= _MAX:
            return None
        if said["about"]:
            return max(least - 4, 0), most + 4
        if said["nearly"]:
            return least - 2, most
        if said["over"]:
            return least, most + 9
        return (least - 1, most) if said["under"] else (least, most)
    return None


def _of_decade(decade: str, part: str) -> tuple[int, int]:
    if decade == "teens":
        return (15, 19) if part == "late" else (13, 16) if part == "early" else (13, 19)
    first = _DECADES[decade] if decade in _DECADES else int(decade[:2])
    least, most = _PARTS.get(part, (0, 9))
    return first + least, first + most


def _stage(element: Element, told: str) -> tuple[int, int] | None:
    for words, least, most in _STAGE:
        if words.match(told):
            return None if _AGELESS.search(f"{element.summary} {told}") else (least, most)
    return None
