"""Changes of an edit word by word, and of its form as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

from agents.engine.text.matching import paragraphs
from agents.learning.patterns.word_lists import AMERICAN, BRITISH, COMMON_WORDS, PERSONS

MARKS: Final = ("—", ";", "!", "…", "(")
# Of what an edit goes against, it leaves at most this share.
_MAX_LEFT: Final = 1 / 3
# Longer changes rewrite a passage, and say nothing about its single words.
_MAX_CHANGED_WORDS: Final = 3
# An edit that keeps less than this share of the words is another text.
_MIN_KEPT: Final = 0.5

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_SENTENCE_END: Final = re.compile(r"[.!?…]+(?=\s|$)")


def points_of(before: str, after: str) -> dict[tuple[str, str], bool]:
    """Return the patterns that an edit could show, each with whether it does."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    changes = SequenceMatcher(None, old, new, autojunk=False)
    if not old or changes.ratio() < _MIN_KEPT:
        return {}
    return {
        **dict(_marks(before, after)),
        **dict(_person(before, after)),
        **dict(_spelling(old, new)),
        **dict(_form(before, after, len(old), len(new))),
        **_words(old, _removed(changes, old, new)),
    }


def struck_out(before: str, after: str) -> dict[str, str]:
    """Return the words that an edit removes from the whole text, in lower case, with what it put there instead."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    return _removed(SequenceMatcher(None, old, new, autojunk=False), old, new)


def _removed(changes: SequenceMatcher[str], old: list[str], new: list[str]) -> dict[str, str]:
    left = {word.casefold() for word in new}
    found: dict[str, str] = {}
    for tag, start, end, new_start, new_end in changes.get_opcodes():
        is_small = end - start <= _MAX_CHANGED_WORDS and new_end - new_start <= _MAX_CHANGED_WORDS
        if tag not in ("replace", "delete") or not is_small:
            continue
        for word in old[start:end]:
            if word.casefold() not in left:
                found.setdefault(word.casefold(), " ".join(new[new_start:new_end]).casefold())
    return found


def _marks(before: str, after: str) -> Iterator[tuple[tuple[str, str], bool]]:
    for mark in MARKS:
        if count := before.count(mark):
            yield ("mark", mark), after.count(mark) <= count * _MAX_LEFT


def _person(before: str, after: str) -> Iterator[tuple[tuple[str, str], bool]]:
    old, new = _told_in(before), _told_in(after)
    for person in PERSONS:
        if old not in ("", person):
            yield ("person", person), new == person


def _told_in(text: str) -> str:
    """Return the grammatical person in which a text is told, "" if it is not clear; speech does not count."""
    words = Counter(word.casefold() for word in _WORD.findall(_QUOTED.sub(" ", text)))
    counts = {person: sum(words[word] for word in of) for person, of in PERSONS.items()}
    total = sum(counts.values())
    most = max(counts, key=lambda person: counts[person])
    return most if total >= 2 and counts[most] >= 0.6 * total else ""


def _spelling(old: list[str], new: list[str]) -> Iterator[tuple[tuple[str, str], bool]]:
    american_before, british_before = _spelled(old)
    american_after, british_after = _spelled(new)
    if american_before:
        is_changed = american_after <= american_before * _MAX_LEFT and british_after > british_before
        yield ("spelling", "british"), is_changed
    if british_before:
        is_changed = british_after <= british_before * _MAX_LEFT and american_after > american_before
        yield ("spelling", "american"), is_changed


def _spelled(words: list[str]) -> tuple[int, int]:
    folded = [word.casefold() for word in words]
    return sum(word in AMERICAN for word in folded), sum(word in BRITISH for word in folded)


def _form(before: str, after: str, old_words: int, new_words: int) -> Iterator[tuple[tuple[str, str], bool]]:
    length = new_words / old_words
    is_same_length = 0.8 <= length <= 1.25
    old, new = len(paragraphs(before)), len(paragraphs(after))
    if old_words >= 40 * old:
        yield ("paragraphs", "shorter"), is_same_length and new >= 1.5 * old
    if old >= 3:
        yield ("paragraphs", "longer"), is_same_length and new * 1.5 <= old
    ends, new_ends = len(_SENTENCE_END.findall(before)) or 1, len(_SENTENCE_END.findall(after)) or 1
    if old_words >= 12 * ends:
        yield ("sentences", "shorter"), is_same_length and new_words / new_ends <= 0.75 * old_words / ends
    yield ("length", "shorter"), length <= 0.75
    yield ("length", "longer"), length >= 1.25


def _words(old: list[str], removed: Mapping[str, str]) -> dict[tuple[str, str], bool]:
    """Return the words of the old text that are neither common nor names, with whether they are struck out."""
    return {
        ("word", word): word in removed
        for word in {word for word in old if word.islower() and len(word) > 2}
        if word not in COMMON_WORDS and word not in AMERICAN
    }
