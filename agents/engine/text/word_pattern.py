"""Patterns that begin with a word, and are tried only on the sentences that contain such a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

# The module that compiles patterns reads them; it has no public name.
from re import _constants as codes
from re import _parser
from typing import Any

from agents.engine.text.reading import STEM_CHARS, Reading

# Larger sets of characters say too little about the first word.
_MAX_CHOICES = 8


class WordPattern:
    """A pattern that ignores case, and the first words of its matches.

    ``words`` are whole, ``stems`` are beginnings of others; without any the pattern can begin with every word.
    """

    def __init__(self, source: str) -> None:
        self._source = source

    @classmethod
    @lru_cache(maxsize=8_192)
    def of(cls, pattern: str) -> WordPattern:
        """Return the pattern of this source, which is compiled when it is first used."""
        return cls(pattern)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self._source, re.IGNORECASE)

    @cached_property
    def words(self) -> frozenset[str]:
        return self._first[0]

    @cached_property
    def stems(self) -> frozenset[str]:
        return self._first[1]

    @cached_property
    def _first(self) -> tuple[frozenset[str], frozenset[str]]:
        heads = _Heads()
        heads.read(_parser.parse(self._source, re.IGNORECASE))
        words, stems = heads.words, heads.stems | heads.growing
        if "" in words | stems:
            return frozenset(), frozenset()
        return frozenset(words), frozenset(stems)

    def find(self, reading: Reading) -> Iterator[re.Match[str]]:
        """Yield the matches, each within its sentence unless the pattern can begin with every word."""
        words = self.first_words(reading)
        if words is None:
            yield from self.pattern.finditer(reading.plain)
        elif words:
            yield from reading.matches(self.pattern, words)

    def first_words(self, reading: Reading) -> frozenset[str] | None:
        """Return the words of a text with which a match can begin; None for all of them."""
        if not self.words and not self.stems:
            return None
        return reading.words_with(self.stems) | (self.words & reading.words)


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
        """Go on with one of the characters; one that is no letter ends a word, an unknown one may be a letter."""
        signs = [chr(number).lower() for number in choices]
        if signs and not any(map(str.isalnum, signs)):
            self._end_words()
        elif not signs or not all(map(str.isalnum, signs)):
            self._end()
        else:
            grown = {head + sign for head in self.growing for sign in signs}
            self.growing = {head for head in grown if len(head) < STEM_CHARS}
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
