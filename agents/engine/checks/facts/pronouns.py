"""Pronouns of characters, from their traits or the words of their description."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

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


def pronoun_of(element: Element) -> Pronoun:
    for key in ("pronoun", "pronouns", "gender", "sex"):
        value = str(element.traits.get(key, "")).casefold()
        if re.match(r"she|f|woman", value):
            return "she"
        if re.match(r"he\b|m|man", value):
            return "he"
    return _pronoun_in(f"{element.name}. {element.summary}")


@lru_cache(maxsize=4096)
def _pronoun_in(description: str) -> Pronoun:
    """Return the pronoun of a person by the words of their description, if these are of one kind."""
    is_she, is_he = bool(_SHE.search(description)), bool(_HE.search(description))
    if is_she == is_he:
        return ""
    return "she" if is_she else "he"
