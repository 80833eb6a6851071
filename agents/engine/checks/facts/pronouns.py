"""Pronouns of characters, from their traits or the words of their description."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.world import Element

Pronoun = Literal["he", "she", ""]

_SHE: Final = lazy_pattern(
    r"\b(?:she|her|hers|woman|girl|mother|sister|daughter|wife|widow|aunt|niece|granddaughter|grandmother|queen|lady"
    r"|princess|priestess|female|goddess|duchess)\b",
    re.IGNORECASE,
)
_HE: Final = lazy_pattern(
    r"\b(?:he|his|him|man|boy|father|brother|son|husband|widower|uncle|nephew|grandson|grandfather|king|lord|prince"
    r"|male|god|duke|bachelor)\b",
    re.IGNORECASE,
)

_KEYS: Final = ("pronoun", "pronouns", "gender", "gender identity", "sex")
# Not "fluid" or "many".
_IS_SHE: Final = re.compile(r"(?:she|f|fem|female|woman|girl|feminine)\b")
_IS_HE: Final = re.compile(r"(?:he|m|masc|male|man|boy|masculine)\b")


def pronoun_of(element: Element) -> Pronoun:
    told = {trait_name(key): str(value).casefold() for key, value in element.traits.items()}
    for key in _KEYS:
        value = told.get(key, "")
        if _IS_SHE.match(value):
            return "she"
        if _IS_HE.match(value):
            return "he"
    return _pronoun_in(f"{element.name}. {element.summary}")


@lru_cache(maxsize=4096)
def _pronoun_in(description: str) -> Pronoun:
    """Return the pronoun of a person by the words of their description, if these are of one kind."""
    is_she, is_he = bool(_SHE.search(description)), bool(_HE.search(description))
    if is_she == is_he:
        return ""
    return "she" if is_she else "he"
