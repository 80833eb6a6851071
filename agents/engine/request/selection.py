"""Selection of the elements of a large world for a job: those it names, their links, and the nearest by text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal

from agents.engine.envelope import canonical_json
from agents.engine.sources import CHARACTER, element_text
from agents.engine.text.matching import distinctive_parts, words_of
from agents.engine.world import Element

Why = Literal["named", "linked", "near"]

# The usual parameters of Robertson's BM25.
_K1: Final = 1.2
_B: Final = 0.75

# A part of a name that more characters share identifies none of them.
_MAX_SHARING_A_PART: Final = 5

_ARTICLES: Final = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Pick:
    """A selected element, by its index in the world's order, and the reason."""

    index: int
    why: Why


def choose(
    elements: Sequence[Element],
    shown: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    texts: Sequence[str],
    budget_chars: int,
) -> list[Pick]:
    """Select the elements for a job, the most relevant first. ``shown`` holds each element as a model reads it.

    First come elements that the job mentions: in ``names``, in their order, then in ``texts``. Next come elements
    linked to these, by the number of links: one element's text mentions the other. Last come those nearest to the
    job's words by BM25, which also breaks ties. Elements that no longer fit are skipped. The result is deterministic.
    """
    job_texts = [_Text(text) for text in (*names, *texts)]
    job_words = frozenset(word for text in job_texts for word in text.words)
    name_words = [words_of(element.name) for element in elements]
    index = _NameIndex(elements, name_words, job_words)
    mentions = [index.found_in(text) for text in job_texts]
    links, scores = _read_elements(elements, name_words, frozenset(chain.from_iterable(mentions)), job_words)
    return list(_fitting(_ranked(mentions, links, scores), shown, budget_chars))


def _read_elements(
    elements: Sequence[Element],
    name_words: Sequence[Sequence[str]],
    named: frozenset[int],
    job_words: frozenset[str],
) -> tuple[Counter[int], list[float]]:
    """Return the links of each element to those ``named``, and its BM25 score for the job's words."""
    named_texts = [_Text(element_text(elements[index])) for index in sorted(named)]
    named_index = _NameIndex(elements, name_words, job_words, named)
    links, bm25 = Counter[int](), Bm25(job_words)
    # One text at a time: keeping all words of a large world in memory is slow.
    for index, element in enumerate(elements):
        text = _Text(element_text(element))
        bm25.add(text.words)
        if count := len(named_index.found_in(text)):
            links[index] += count
    spoken = frozenset(word for text in named_texts for word in text.words)
    full_index = _NameIndex(elements, name_words, spoken)
    for text in named_texts:
        links.update(full_index.found_in(text))
    return links, bm25.scores()


def _ranked(mentions: Iterable[set[int]], links: Counter[int], scores: Sequence[float]) -> dict[int, Why]:
    def nearest_first(indexes: Iterable[int]) -> list[int]:
        return sorted(indexes, key=lambda index: (-scores[index], index))

    ranked: dict[int, Why] = {}
    for indexes in mentions:
        ranked |= dict.fromkeys(nearest_first(indexes - ranked.keys()), "named")
    linked = nearest_first(links.keys() - ranked.keys())
    ranked |= dict.fromkeys(sorted(linked, key=lambda index: -links[index]), "linked")
    near = [index for index, score in enumerate(scores) if score and index not in ranked]
    return ranked | dict.fromkeys(nearest_first(near), "near")


def _fitting(
    ranked: Mapping[int, Why], shown: Sequence[Mapping[str, Any]], budget_chars: int
) -> Iterator[Pick]:
    # The brackets of the list; each element then adds a comma.
    left = budget_chars - 2
    for index, why in ranked.items():
        # Names and summaries alone usually show that an element is too long; the exact size is slow to compute.
        if len(shown[index]["name"]) + len(shown[index].get("summary", "")) > left:
            continue
        size = len(canonical_json(shown[index])) + 1
        if size <= left:
            left -= size
            yield Pick(index, why)


class _Text:
    """A text together with its words."""

    __slots__ = ("text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words_of(text)


class _NameIndex:
    """Names of elements by their first words, so that one pass over a text finds all of them."""

    def __init__(
        self,
        elements: Sequence[Element],
        name_words: Sequence[Sequence[str]],
        spoken: frozenset[str],
        indexes: Iterable[int] | None = None,
    ) -> None:
        """Index the names that share a word with ``spoken``. ``name_words`` holds the words of each element's name."""
        self._names: dict[tuple[str, ...], list[int]] = {}
        parts: dict[str, list[int]] = {}
        for index in range(len(elements)) if indexes is None else indexes:
            words, element = name_words[index], elements[index]
            if spoken.isdisjoint(words):
                continue
            if len(words) > 1 and words[0] in _ARTICLES:
                words = words[1:]
            self._names.setdefault(tuple(words), []).append(index)
            for part in distinctive_parts(element.name) if element.kind == CHARACTER else ():
                parts.setdefault(part, []).append(index)
        self._parts = {
            part: sharing for part, sharing in parts.items() if len(sharing) <= _MAX_SHARING_A_PART
        }
        self._lengths: dict[str, set[int]] = {}
        for name in self._names:
            self._lengths.setdefault(name[0], set()).add(len(name))
        self._parts_by_word: dict[str, list[str]] = {}
        for part in self._parts:
            self._parts_by_word.setdefault(words_of(part)[0], []).append(part)
        self._first_words = frozenset((*self._lengths, *self._parts_by_word))

    def found_in(self, text: _Text) -> set[int]:
        """Return the elements named in full, and characters named by a distinctive part with its capital letter."""
        words, found = text.words, set[int]()
        present = self._first_words.intersection(words)
        if not present:
            return found
        for position, word in enumerate(words):
            if word in present:
                for length in self._lengths.get(word, ()):
                    found.update(self._names.get(tuple(words[position : position + length]), ()))
        for word in present:
            for part in self._parts_by_word.get(word, ()):
                if part in text.text:
                    found.update(self._parts[part])
        return found


class Bm25:
    """Robertson's BM25 scores of texts for a set of query words, ignoring words like "of" and "is"."""

    def __init__(self, query: Iterable[str]) -> None:
        # Sorted, because the order of float additions must not vary between runs.
        words = sorted(word for word in query if len(word) > 2 or not word.isascii())
        self._counts: dict[str, list[tuple[int, int]]] = {word: [] for word in words}
        self._query = frozenset(words)
        self._lengths: list[int] = []

    def add(self, words: Sequence[str]) -> None:
        for word in self._query.intersection(words):
            self._counts[word].append((len(self._lengths), words.count(word)))
        self._lengths.append(len(words))

    def scores(self) -> list[float]:
        """Return the score of each text in the order of addition; 0 for a text without any of the words.

        Words in at least half of the texts are ignored: their weight would be zero or negative.
        """
        total = len(self._lengths)
        average = sum(self._lengths) / max(1, total) or 1.0
        damping = [_K1 * (1 - _B + _B * length / average) for length in self._lengths]
        scores = [0.0] * total
        for counts in self._counts.values():
            if len(counts) * 2 < total:
                weight = math.log((total - len(counts) + 0.5) / (len(counts) + 0.5)) * (_K1 + 1)
                for index, count in counts:
                    scores[index] += weight * count / (count + damping[index])
        return scores
