"""Patterns that begin with a word, and are tried only where such a word stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

# The modules that read patterns and compile them have no public names.
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as codes
from typing import Any

from agents.engine.text.reading import Reading

# Larger sets of characters say too little about the first word.
_MAX_CHOICES = 8
# So many characters say enough about a word.
_STEM_CHARS = 4


class WordPattern:
    """A pattern that ignores case and matches from the beginning of a word, and the first words of its matches.

    ``words`` are whole, ``stems`` are beginnings of others; without any the pattern can begin with every word. A
    pattern that is a choice is compiled as its choices: only those that can begin with a word are tried there.
    """

    def __init__(self, source: str) -> None:
        self._source = source

    @classmethod
    @lru_cache(maxsize=8_192)
    def of(cls, pattern: str) -> WordPattern:
        """Return the pattern of this source, which is compiled when it is first used."""
        return cls(pattern)

    @cached_property
    def words(self) -> frozenset[str]:
        return self._first[0]

    @cached_property
    def stems(self) -> frozenset[str]:
        return self._first[1]

    @cached_property
    def _first(self) -> tuple[frozenset[str], frozenset[str]]:
        words = frozenset[str]().union(*(choice.words for choice in self._choices))
        stems = frozenset[str]().union(*(choice.stems for choice in self._choices))
        return (frozenset(), frozenset()) if "" in words | stems else (words, stems)

    @cached_property
    def _choices(self) -> tuple[_Choice, ...]:
        return tuple(map(_Choice, _choices(_parser.parse(self._source, re.IGNORECASE))))

    def find(self, reading: Reading, *near: frozenset[str]) -> Iterator[re.Match[str]]:
        """Yield the matches, each within its sentence unless the pattern can begin with every word.

        Each sentence with a match must have one of each set of words ``near`` it.
        """
        words = self.first_words(reading)
        if words is None:
            yield from re.compile(self._source, re.IGNORECASE).finditer(reading.plain)
            return
        behind = 0
        for start, word in reading.places_of(words, *near):
            if start < behind:
                continue
            end = reading.sentence_at(start).end
            for choice in self._beginning_with(word):
                if (match := choice.pattern.match(reading.plain, start, end)) is not None:
                    behind = match.end()
                    yield match
                    break

    def first_words(self, reading: Reading) -> frozenset[str] | None:
        """Return the words of a text with which a match can begin; None for all of them."""
        if not self.words and not self.stems:
            return None
        return reading.words_beginning(self.stems) | (self.words & reading.words)

    @lru_cache(maxsize=16_384)  # noqa: B019
    def _beginning_with(self, word: str) -> tuple[_Choice, ...]:
        return tuple(
            choice for choice in self._choices if word in choice.words or word.startswith(choice.stems)
        )


class _Choice:
    """One of the choices of a pattern, with its first words."""

    def __init__(self, tokens: Any) -> None:
        heads = _Heads()
        heads.read(tokens)
        self.words = frozenset(heads.words)
        self.stems = tuple(heads.stems | heads.growing)
        # At once, because tokens take more memory than what is made from them.
        self.pattern: re.Pattern[str] = _compiler.compile(tokens, re.IGNORECASE)


def _choices(tokens: Any) -> Iterator[Any]:
    """Yield the choices with which a pattern begins, each with the tokens before and after it."""
    first = next((at for at, (code, _) in enumerate(tokens) if code not in _WITHOUT_WIDTH), len(tokens))
    is_choice = first < len(tokens) and tokens[first][0] is codes.BRANCH
    for choice in tokens[first][1][1] if is_choice else [tokens[first : first + 1]]:
        yield _parser.SubPattern(tokens.state, [*tokens[:first], *choice, *tokens[first + 1 :]])


_WITHOUT_WIDTH = frozenset((codes.AT, codes.ASSERT, codes.ASSERT_NOT))


class _Heads:
    """Beginnings of the strings that a pattern matches, in lower case.

    ``growing`` go on with the rest of the pattern; ``words`` are whole, ``stems`` are long enough or go on somehow.
    """

    def __init__(self) -> None:
        self.growing = {""}
        self.words: set[str] = set()
        self.stems: set[str] = set()

    def read(self, tokens: Iterable[tuple[Any, Any]]) -> None:
        for code, argument in tokens:
            if not self.growing:
                return
            if code is codes.LITERAL:
                self._add([argument])
            elif code is codes.IN and argument == [(codes.CATEGORY, codes.CATEGORY_DIGIT)]:
                self._add(map(ord, "0123456789"))
            elif code is codes.IN:
                is_choice = len(argument) <= _MAX_CHOICES and all(
                    kind is codes.LITERAL for kind, _ in argument
                )
                self._add([number for _, number in argument] if is_choice else [])
            elif code is codes.SUBPATTERN:
                self.read(argument[-1])
            elif code is codes.BRANCH:
                self._branch(argument[1])
            elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
                least, most, repeated = argument
                self._branch([repeated, []] if least == 0 else [repeated])
                if most > 1:
                    self._end()
            elif _is_boundary(code, argument):
                self._end_words()
            elif code not in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
                self._end()

    def _add(self, choices: Iterable[int]) -> None:
        """Go on with one of the characters; one that is no letter ends a word, an unknown one may be a letter.

        What begins with a sign begins with no word.
        """
        signs = [chr(number).lower() for number in choices]
        if signs and not any(map(str.isalnum, signs)) and "" not in self.growing:
            self._end_words()
        elif not signs or not all(map(str.isalnum, signs)):
            self._end()
        else:
            grown = {head + sign for head in self.growing for sign in signs}
            self.growing = {head for head in grown if len(head) < _STEM_CHARS}
            self.stems |= grown - self.growing

    def _branch(self, branches: Iterable[Iterable[tuple[Any, Any]]]) -> None:
        before, grown = self.growing, set[str]()
        for branch in branches:
            self.growing = set(before)
            self.read(branch)
            grown |= self.growing
        self.growing = grown

    def _end(self) -> None:
        self.stems |= self.growing
        self.growing = set()

    def _end_words(self) -> None:
        """End the words that have begun; before a word a boundary says nothing."""
        if self.growing == {""}:
            return
        self.words |= self.growing
        self.growing = set()


def _is_boundary(code: Any, argument: Any) -> bool:
    """Return whether no letter can follow: at a boundary, and where a set with all letters is ruled out."""
    if code is codes.AT:
        return argument is codes.AT_BOUNDARY
    if code is not codes.ASSERT_NOT or argument[0] != 1 or len(argument[1]) != 1:
        return False
    kind, choices = argument[1][0]
    return kind is codes.IN and (codes.CATEGORY, codes.CATEGORY_WORD) in choices
