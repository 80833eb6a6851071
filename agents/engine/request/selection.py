"""Which elements of a large world a job reads: what it names, what is linked to that, what is nearest to its text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal

from agents.engine.envelope import canonical_json
from agents.engine.sources import CHARACTER, element_text
from agents.engine.text.matching import telling_parts, words_of
from agents.engine.world import Element

Why = Literal["named", "linked", "near"]

# The parameters of Robertson's BM25, as usual.
_K1: Final = 1.2
_B: Final = 0.75

# Up to so many people who share a part of their names are all meant by it.
_BEARERS: Final = 5

_ARTICLES: Final = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """One element, by its place in the world's order."""

    place: int
    why: Why


def choose(
    elements: Sequence[Element],
    shown: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    texts: Sequence[str],
    budget_chars: int,
) -> list[Chosen]:
    """The elements that a job reads, the most needed first. ``shown`` is each of them as a model reads it.

    First what the job names: by ``names``, in their order, then in its ``texts``. Then what is linked to these, the
    most links first: an element that names them, or that they name. Then what is nearest to the job's words by BM25,
    which also decides between equals. One that no longer fits is passed over. The same job and world give the same.
    """
    asked = [_Page(text) for text in (*names, *texts)]
    spoken = frozenset(word for page in asked for word in page.words)
    name_words = [words_of(element.name) for element in elements]
    book = _Book(elements, name_words, spoken)
    mentions = [book.named_on(page) for page in asked]
    named = {place: _Page(element_text(elements[place])) for place in chain.from_iterable(mentions)}
    scale, links = _Nearness(spoken), Counter[int]()
    of_named = _Book(elements, name_words, spoken, named)
    # Each text is read once and let go: a large world's words, held all at once, are slow to keep in memory.
    for place, element in enumerate(elements):
        page = _Page(element_text(element))
        scale.add(page.words)
        if count := len(of_named.named_on(page)):
            links[place] += count
    by_named = _Book(elements, name_words, frozenset(word for page in named.values() for word in page.words))
    for page in named.values():
        links.update(by_named.named_on(page))
    nearness = scale.scores()

    def nearest_first(places: Iterable[int]) -> list[int]:
        return sorted(places, key=lambda place: (-nearness[place], place))

    order: dict[int, Why] = {}
    for places in mentions:
        order |= dict.fromkeys(nearest_first(places - order.keys()), "named")
    linked = links.keys() - order.keys()
    order |= dict.fromkeys(sorted(nearest_first(linked), key=lambda place: -links[place]), "linked")
    near = [place for place, score in enumerate(nearness) if score and place not in order]
    order |= dict.fromkeys(nearest_first(near), "near")
    return list(_fitting(order, shown, budget_chars))


class _Page:
    """One text, read for names and words."""

    __slots__ = ("text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words_of(text)


class _Book:
    """The names of some elements by their first words, so that a text is read once, however many names there are."""

    def __init__(
        self,
        elements: Sequence[Element],
        name_words: Sequence[Sequence[str]],
        spoken: frozenset[str],
        places: Iterable[int] | None = None,
    ) -> None:
        """``name_words`` are the words of each element's name; names that share none with ``spoken`` are left out."""
        self._names: dict[tuple[str, ...], list[int]] = {}
        parts: dict[str, list[int]] = {}
        for place in range(len(elements)) if places is None else places:
            words, element = name_words[place], elements[place]
            if spoken.isdisjoint(words):
                continue
            if len(words) > 1 and words[0] in _ARTICLES:
                words = words[1:]
            self._names.setdefault(tuple(words), []).append(place)
            for part in telling_parts(element.name) if element.kind == CHARACTER else ():
                parts.setdefault(part, []).append(place)
        # A part that many bear tells none of them from the others.
        self._parts = {part: places for part, places in parts.items() if len(places) <= _BEARERS}
        self._lengths: dict[str, set[int]] = {}
        for name in self._names:
            self._lengths.setdefault(name[0], set()).add(len(name))
        self._parts_by_word: dict[str, list[str]] = {}
        for part in self._parts:
            self._parts_by_word.setdefault(words_of(part)[0], []).append(part)
        self._first_words = frozenset((*self._lengths, *self._parts_by_word))

    def named_on(self, page: _Page) -> set[int]:
        """The places of those that the page names: in full, or people by a telling part with its capital letter."""
        words, found = page.words, set[int]()
        here = self._first_words.intersection(words)
        if not here:
            return found
        for at, word in enumerate(words):
            if word in here:
                for length in self._lengths.get(word, ()):
                    found.update(self._names.get(tuple(words[at : at + length]), ()))
        for word in here:
            for part in self._parts_by_word.get(word, ()):
                if part in page.text:
                    found.update(self._parts[part])
        return found


class _Nearness:
    """Robertson's BM25 of texts for the words of a job, each of which counts once; not "of", "is" and the like."""

    def __init__(self, query: Iterable[str]) -> None:
        # In an order of their own: scores are sums of fractions, and the same job is to give the same choice.
        telling = sorted(word for word in query if len(word) > 2 or not word.isascii())
        self._found: dict[str, list[tuple[int, int]]] = {word: [] for word in telling}
        self._query = frozenset(telling)
        self._lengths: list[int] = []

    def add(self, words: Sequence[str]) -> None:
        """One more text."""
        for word in self._query.intersection(words):
            self._found[word].append((len(self._lengths), words.count(word)))
        self._lengths.append(len(words))

    def scores(self) -> list[float]:
        """Of each text, in the order in which they were added; 0 for one that has nothing in common.

        A word that half of the texts have, or more, would weigh nothing or less, and is left out.
        """
        total = len(self._lengths)
        average = sum(self._lengths) / max(1, total) or 1.0
        damping = [_K1 * (1 - _B + _B * length / average) for length in self._lengths]
        scores = [0.0] * total
        for found in self._found.values():
            if len(found) * 2 < total:
                weight = math.log((total - len(found) + 0.5) / (len(found) + 0.5)) * (_K1 + 1)
                for place, count in found:
                    scores[place] += weight * count / (count + damping[place])
        return scores


def _fitting(
    order: Mapping[int, Why], shown: Sequence[Mapping[str, Any]], budget_chars: int
) -> Iterator[Chosen]:
    # The brackets of the list; each element then has a comma.
    left = budget_chars - 2
    for place, why in order.items():
        # Names and summaries alone say of most that they are too long; the exact length takes longer.
        if len(shown[place]["name"]) + len(shown[place].get("summary", "")) > left:
            continue
        size = len(canonical_json(shown[place])) + 1
        if size <= left:
            left -= size
            yield Chosen(place, why)
