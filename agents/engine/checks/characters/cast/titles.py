"""Titles before a name that show it to be somebody else's: "Mrs Delaney" is not Kit Delaney, who is a man."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.engine.checks.characters.cast.pronouns import pronoun_of
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.index import Mention
from agents.engine.text.reading import Reading
from agents.engine.text.word_forms import word_set
from agents.engine.world import Element

_OF_WOMEN: Final = word_set("mrs miss ms madame mme mademoiselle lady dame")
_OF_MEN: Final = word_set("mr sir monsieur")
_TITLES: Final = _OF_WOMEN | _OF_MEN
_TITLE: Final = lazy_pattern(rf"\b(?P<title>{'|'.join(sorted(_TITLES))})\.? (?:[a-z]+ )?$")
_MAX_TITLE: Final = 24


def without_other_bearers(
    mentions: Sequence[Mention], reading: Reading, characters: Sequence[tuple[str, Element]]
) -> Sequence[Mention]:
    """Return the mentions without those whose title is that of the other sex."""
    if reading.words.isdisjoint(_TITLES):
        return mentions
    return [mention for mention in mentions if not _is_other(mention, reading, characters[mention.index][1])]


def _is_other(mention: Mention, reading: Reading, element: Element) -> bool:
    found = _TITLE.search(reading.lower, max(0, mention.start - _MAX_TITLE), mention.start)
    if found is None:
        return False
    return pronoun_of(element) == ("he" if found["title"] in _OF_WOMEN else "she")
