"""Unnamed people whom a pronoun may mean as well as a character."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from agents.engine.checks.facts.pronouns import Pronoun
from agents.engine.text.lazy_pattern import lazy_pattern

_A: Final = (
    r"(?:\b(?:an?|the|another|one|some|every|each|no|his|her|their|its|two|three|old|young)|'s)"
    r" (?:[\w-]+ ){0,2}?"
)
_NEUTRAL: Final = (
    "child|stranger|clerk|servant|visitor|passenger|person|guard|rider|cook|teacher|smallest|captain|doctor|neighbour"
    "|traveller|guest|friend|cousin|apprentice|prisoner|figure|singer|baker|miller|smith|keeper|sailor"
)
UNNAMED: Final[Mapping[Pronoun, re.Pattern[str]]] = {
    "she": lazy_pattern(
        rf"{_A}(?:{_NEUTRAL}|woman|girl|lady|wife|mother|sister|daughter|maid|nun|queen|priestess|aunt|niece"
        rf"|widow)\b",
        re.IGNORECASE,
    ),
    "he": lazy_pattern(
        rf"{_A}(?:{_NEUTRAL}|man|boy|lad|husband|father|brother|son|soldier|driver|pedlar|tinker|priest|pastor"
        rf"|monk|king"
        rf"|uncle|nephew|abbot|bishop|fisherman)\b",
        re.IGNORECASE,
    ),
}
