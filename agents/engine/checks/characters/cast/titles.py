"""Titles before a name: "Mrs Delaney" is not Kit Delaney, who is a man, and "Sheriff Crane" is not her brother."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from agents.engine.checks.characters.cast.descriptions import roles_of
from agents.engine.checks.characters.cast.person import profile_of
from agents.engine.checks.facts.pronouns import pronoun_of
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.index import words_of_name
from agents.engine.text.names.mentions import Mention
from agents.engine.text.reading import Reading
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import one_of, word_set
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
_OFFICE: Final = lazy_pattern(
    rf"\b(?P<office>{one_of(role.capitalize() for role in ROLES)}) "
    r"(?P<surname>[A-Z][\w'-]*?)(?='s\b|[^\w'-]|$)(?! [A-Z])"
)


def with_titles(
    mentions: Sequence[Mention],
    reading: Reading,
    characters: Sequence[tuple[str, Element]],
    offices: Mapping[tuple[str, str], int],
) -> Sequence[Mention]:
    """Return the mentions of people with those that a title makes plain, and without those that it rules out.

    Several people may have a surname of whom only one is a woman, or a man, or has an office: ``offices`` gives the
    position of that one by the office and the surname, in lower case.
    """
    mentions = [_named_whole(mention, reading, characters[mention.index][1]) for mention in mentions]
    is_titled = not reading.words.isdisjoint(_TITLES)
    held = {office for office, name in offices if office in reading.words and name in reading.words}
    if not is_titled and not held:
        return mentions
    kept = mentions
    if is_titled:
        kept = [
            _titled_whole(mention, reading)
            for mention in mentions
            if not _is_other(mention, reading, characters[mention.index][1])
        ]
    ends = {mention.end for mention in mentions}
    by_office = _by_office(reading, frozenset(held), offices) if held else ()
    found = (*(_titled(reading, characters) if is_titled else ()), *by_office)
    added = [mention for mention in found if mention.end not in ends]
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


def offices_of(characters: Sequence[tuple[str, Element]]) -> dict[tuple[str, str], int]:
    """Return the positions of those who alone have an office among the people of their surname."""
    bearers: dict[tuple[str, str], list[int]] = {}
    for index, (_, element) in enumerate(characters):
        for surname in words_of_name(element.name)[-1:]:
            for office in set(roles_of(profile_of(element))):
                bearers.setdefault((office, surname), []).append(index)
    return {key: found[0] for key, found in bearers.items() if len(found) == 1}


def _by_office(
    reading: Reading, held: frozenset[str], offices: Mapping[tuple[str, str], int]
) -> Iterator[Mention]:
    """Yield the mentions of people by an office and a surname: "Sheriff Crane", if only one Crane is the sheriff."""
    for found in reading.matches(_OFFICE, held):
        index = offices.get((found["office"].lower(), found["surname"].lower()))
        if index is not None:
            yield Mention(found.start(), found.end(), index, is_full=False)


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
