"""Names of people and things in a text, told from the words that they are spelled like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from agents.engine.text.folding import fold, without_accents
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.matching import distinctive_parts
from agents.engine.text.names.mentions import (
    NEXT_WORD,
    Mention,
    is_surely_name,
    is_title_case,
    is_with_other,
    next_word,
)
from agents.engine.text.names.words import ALWAYS_CAPITAL, DAYS, TITLES
from agents.engine.text.reading import WORD, Reading
from agents.engine.text.vocabulary import LIVING_VERBS

_OTHER_THING: Final = lazy_pattern(r"(?:^|[^\w'-])(?:the|an?|another|every|each|no)[ ]$", re.IGNORECASE)
_DETERMINERS: Final = ("the ", "a ", "an ", "another ", "every ", "each ", "no ")
_JOINED_BEFORE: Final = lazy_pattern(r"\w-$|[^\W_]'$")
_JOINED_AFTER: Final = lazy_pattern(r"-\w|'(?![sS]\b)[^\W_]")
_JOINTS: Final = frozenset("-'")
# Another bearer of the name.
_YOUNGER: Final = lazy_pattern(r",? (?:the younger|junior|Jr)\b")
_LAST_WORD: Final = lazy_pattern(r"(?P<word>[^\W\d_]+)\.? $")
_THEN_PRONOUN: Final = lazy_pattern(r"^[“\"'(]*(?:She|He|Her|His)\b")
_NOT_NAMES: Final = frozenset(
    {"i", "and", "or", "but", "when", "if", "then", "who", "whom", "of", "on", "in", "at", "to", "the"}
)


@dataclass(frozen=True, slots=True)
class _Spelling:
    words: tuple[str, ...]
    index: int
    is_full: bool
    has_article: bool = False


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Spellings of names by their first word."""

    by_first_word: dict[str, tuple[_Spelling, ...]] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=128)
    def of(cls, names: tuple[str, ...], other_names: tuple[str, ...] = ()) -> NameIndex:
        """Index the names of people, and those of their parts that identify only one of them.

        A part that is also in one of ``other_names``, of places or things, identifies nobody.
        """
        bearers: dict[str, set[int]] = {}
        for index, name in enumerate(names):
            for part in distinctive_parts(name):
                bearers.setdefault(_key(part), set()).add(index)
        taken = {word for name in other_names for word in words_of_name(name)}
        spellings: dict[str, dict[tuple[str, ...], _Spelling]] = {}
        for index, name in enumerate(names):
            parts = distinctive_parts(name)
            own = [part for part in parts if len(bearers[_key(part)]) == 1 and _key(part) not in taken]
            for spelling, is_full in (
                (name, True),
                (" ".join(parts), len(parts) > 1),
                *((part, False) for part in own),
            ):
                words = words_of_name(spelling)
                if words:
                    known = spellings.setdefault(words[0], {})
                    known.setdefault(
                        words, _Spelling(words, index, is_full and len(words) > 1, name[:4].lower() == "the ")
                    )
        for plain, found in _without_accents(spellings).items():
            spellings.setdefault(plain[0], {}).setdefault(plain, found)
        return cls._by_first_word(spellings)

    @classmethod
    @lru_cache(maxsize=128)
    def of_things(cls, names: tuple[str, ...]) -> NameIndex:
        """Index the whole names of places and things, which may have an article: "the Lighthouse"."""
        spellings: dict[str, dict[tuple[str, ...], _Spelling]] = {}
        for index, name in enumerate(names):
            if words := words_of_name(name):
                spelling = _Spelling(words, index, is_full=len(words) > 1, has_article=True)
                spellings.setdefault(words[0], {}).setdefault(words, spelling)
        return cls._by_first_word(spellings)

    @classmethod
    def _by_first_word(cls, spellings: dict[str, dict[tuple[str, ...], _Spelling]]) -> NameIndex:
        return cls(
            {
                first: tuple(sorted(known.values(), key=lambda spelling: -len(spelling.words)))
                for first, known in spellings.items()
            }
        )

    def mentions(self, reading: Reading, *, are_names: bool = False) -> list[Mention]:
        """Return the mentions of people, in reading order; words that only look like a name are left out.

        With ``are_names`` each capital letter is one of a name, as in the facts of a world.
        """
        if self.by_first_word.keys().isdisjoint(reading.words):
            return []
        candidates = list(self.candidates(reading))
        if are_names:
            return candidates
        full = {mention.index for mention in candidates if mention.is_full}
        used_as_names = {
            reading.lower[mention.start : mention.end]
            for mention in candidates
            if is_surely_name(reading, mention) or is_with_other(reading, mention, candidates)
        }
        return [
            mention
            for mention in candidates
            if mention.index in full or reading.lower[mention.start : mention.end] in used_as_names
        ]

    def candidates(self, reading: Reading) -> Iterator[Mention]:
        """Yield all words that are spelled like a name and stand where one can stand."""
        plain = reading.plain
        behind = 0
        for start, word in reading.places_of(self.by_first_word.keys()):
            if start < behind:
                continue
            for spelling in self.by_first_word[word]:
                end = reading.end_of_phrase(spelling.words, start)
                if end is None or not _is_free(plain, start, end):
                    continue
                if (
                    spelling.is_full or plain[start].isupper() or not plain[start].islower()
                ) and not _is_other(plain, start, end, spelling):
                    yield Mention(start, end, spelling.index, spelling.is_full)
                behind = end
                break


@lru_cache(maxsize=16_384)
def words_of_name(name: str) -> tuple[str, ...]:
    """Return the words of a name in the folded spelling of a reading, in lower case and without a leading article."""
    words = tuple(WORD.findall(fold(name).text.lower()))
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _without_accents(
    spellings: Mapping[str, Mapping[tuple[str, ...], _Spelling]],
) -> dict[tuple[str, ...], _Spelling]:
    """Return spellings without the accents that a text may leave out, of those that mean one person only."""
    found: dict[tuple[str, ...], _Spelling | None] = {}
    for spelling in (spelling for known in spellings.values() for spelling in known.values()):
        if not all(map(str.isascii, spelling.words)):
            plain = tuple(map(without_accents, spelling.words))
            other = found.setdefault(plain, replace(spelling, words=plain))
            found[plain] = other if other is not None and other.index == spelling.index else None
    return {plain: spelling for plain, spelling in found.items() if spelling is not None}


def is_named(name: str, reading: Reading) -> bool:
    """Return whether the text names the person, in full or by a part of the name."""
    index = NameIndex.of((name,))
    if index.mentions(reading):
        return True
    # "Hope walked to the window. She opened it."
    return any(
        next_word(reading.plain, mention.end) in LIVING_VERBS
        and (following := reading.next_sentence(mention.start)) is not None
        and _THEN_PRONOUN.match(following.text) is not None
        for mention in index.candidates(reading)
    )


def _key(part: str) -> str:
    return "".join(words_of_name(part)[:1])


def _is_free(plain: str, start: int, end: int) -> bool:
    """Return whether the words stand alone and are no part of a compound with a hyphen or an apostrophe."""
    if plain[start - 1 : start] not in _JOINTS and plain[end : end + 1] not in _JOINTS:
        return True
    return not (_JOINED_BEFORE.search(plain, max(0, start - 2), start) or _JOINED_AFTER.match(plain, end))


def _is_other(plain: str, start: int, end: int, spelling: _Spelling) -> bool:
    """Return whether the words are the name of someone or something else: "the Hope", "Grace Hopper", "Hope Street"."""
    if (
        not spelling.has_article
        and plain[max(0, start - 9) : start].lower().endswith(_DETERMINERS)
        and _OTHER_THING.search(plain, max(0, start - 10), start)
    ):
        return True
    if _YOUNGER.match(plain, end):
        return True
    following = NEXT_WORD.match(plain, end)
    if following is not None and following["word"][0].isupper() and not following["word"].isupper():
        word = following["word"].lower()
        if word not in _NOT_NAMES and word not in ALWAYS_CAPITAL and word not in spelling.words:
            return not is_title_case(plain, start, end)
    if spelling.is_full:
        return False
    if plain[max(0, start - 24) : start].islower():
        return False
    before = _LAST_WORD.search(plain, max(0, start - 24), start)
    if before is None or not before["word"][0].isupper():
        return False
    word = before["word"].lower()
    if word in TITLES or word in _NOT_NAMES or word in DAYS or len(word) < 3 or before.group().endswith(". "):
        return False
    # A capital letter at the head of a sentence says nothing.
    head = plain[max(0, before.start() - 3) : before.start()]
    is_first = before.start() == 0 or head.rstrip(" ")[-1:] in ".!?…“\"'\n:(—*_" or head.endswith("\n")
    return not is_first and not is_title_case(plain, start, end)
