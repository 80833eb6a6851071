"""Titles before a name: "Mrs Delaney" is not Kit Delaney, who is a man, and "Miss Crane" is Lettie, not her brother."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from agents.engine.checks.characters.cast.pronouns import pronoun_of
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.index import words_of_name
from agents.engine.text.names.mentions import Mention
from agents.engine.text.reading import Reading
from agents.engine.text.word_forms import word_set
from agents.engine.world import Element

_OF_WOMEN: Final = word_set("mrs miss ms madame mme mademoiselle lady dame")
_OF_MEN: Final = word_set("mr sir monsieur")
_TITLES: Final = _OF_WOMEN | _OF_MEN
_TITLE: Final = lazy_pattern(rf"\b(?P<title>{'|'.join(sorted(_TITLES))})\.? (?:[a-z]+ )?$")
_BEFORE: Final = lazy_pattern(r"\b(?:Mrs?|Miss|Ms|Madame|Mme|Sir|Lady|Dame|Monsieur)\.? $")
# Not "Mr Crane Senior", "Miss Lettie Crane", whose full name is known.
_TITLED: Final = lazy_pattern(
    r"\b(?P<title>Mrs|Miss|Ms|Madame|Mme|Mr|Sir|Monsieur)\.? (?P<surname>[A-Z][\w'-]*?)(?='s\b|[^\w'-]|$)"
    r"(?! [A-Z]| and M)"
)
_WIFE: Final = lazy_pattern(r"\b(?:wife|widow|mother of|married)\b", re.IGNORECASE)
_MAIDEN: Final = lazy_pattern(
    r"\b(?:unmarried|never married|spinster|daughter of|sister of)\b", re.IGNORECASE
)
_CHILD: Final = lazy_pattern(r"\b(?:boy|girl|child|page)\b", re.IGNORECASE)
# "Mr Marrow" may be the husband of "a widow", whom the world does not name.
_HAS_HUSBAND: Final = lazy_pattern(r"\b[Ww](?:ife|idow)\b(?! of [A-Z])")
_MAX_TITLE: Final = 24


def with_titles(
    mentions: Sequence[Mention], reading: Reading, characters: Sequence[tuple[str, Element]]
) -> Sequence[Mention]:
    """Return the mentions of people with those that a title makes plain, and without those that it rules out.

    Several people may have a surname of whom only one is a woman, or a man.
    """
    mentions = [_named_whole(mention, reading, characters[mention.index][1]) for mention in mentions]
    if reading.words.isdisjoint(_TITLES):
        return mentions
    kept = [
        _titled_whole(mention, reading)
        for mention in mentions
        if not _is_other(mention, reading, characters[mention.index][1])
    ]
    ends = {mention.end for mention in mentions}
    added = [mention for mention in _titled(reading, characters) if mention.end not in ends]
    return sorted((*kept, *added), key=lambda mention: mention.start) if added else kept


def _named_whole(mention: Mention, reading: Reading, element: Element) -> Mention:
    """Return a mention with the first word of the name before it: "Captain Roy" for Captain Ansel Roy."""
    first = element.name.partition(" ")[0]
    start = mention.start - len(first) - 1
    if mention.is_full or start < 0 or not reading.plain.startswith(f"{first} ", start):
        return mention
    return replace(mention, start=start)


def _titled_whole(mention: Mention, reading: Reading) -> Mention:
    """Return a mention with the title before it: a pattern has one character for "Miss Lamb"."""
    found = _BEFORE.search(reading.plain, max(0, mention.start - _MAX_TITLE), mention.start)
    return mention if found is None else replace(mention, start=found.start())


def _titled(reading: Reading, characters: Sequence[tuple[str, Element]]) -> Iterator[Mention]:
    """Yield the mentions of people by a title and a surname which only one of their sex has."""
    for found in _TITLED.finditer(reading.plain):
        title, name = found["title"].lower(), found["surname"].lower()
        family = [
            (index, element)
            for index, (_, element) in enumerate(characters)
            if words_of_name(element.name)[-1:] == (name,)
        ]
        bearers = [index for index, element in family if _may_be(title, element)]
        is_another = title in _OF_MEN and any(_HAS_HUSBAND.search(element.summary) for _, element in family)
        if len(bearers) == 1 and not is_another:
            yield Mention(found.start(), found.end(), bearers[0], is_full=False)


def _may_be(title: str, element: Element) -> bool:
    if pronoun_of(element) != ("she" if title in _OF_WOMEN else "he") or _CHILD.search(element.summary):
        return False
    is_wife = _WIFE.search(element.summary) is not None
    return not (title == "miss" and is_wife) and (
        title != "mrs" or is_wife or _MAIDEN.search(element.summary) is None
    )


def _is_other(mention: Mention, reading: Reading, element: Element) -> bool:
    found = _TITLE.search(reading.lower, max(0, mention.start - _MAX_TITLE), mention.start)
    if found is None:
        return False
    return pronoun_of(element) == ("he" if found["title"] in _OF_WOMEN else "she")
