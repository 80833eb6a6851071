"""Patterns that begin with a word, and are tried only on the sentences that contain such a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# The module that compiles patterns reads them; it has no public name.
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from agents.engine.text.reading import STEM_CHARS, Reading

_ZERO_WIDTH = (codes.AT, codes.ASSERT, codes.ASSERT_NOT)
# Larger sets of characters say too little about the first word.
_MAX_CHOICES = 8


@dataclass(frozen=True, slots=True)
class WordPattern:
    """A pattern, and the ``stems`` that the first words of its matches have; without stems all text is searched."""

    pattern: re.Pattern[str]
    stems: frozenset[str]

    @classmethod
    @lru_cache(maxsize=8_192)
    def of(cls, pattern: str) -> WordPattern:
        """Compile a pattern that ignores case."""
        heads = _Heads()
        heads.read(_parser.parse(pattern, re.IGNORECASE))
        stems = heads.growing | heads.ended
        return cls(re.compile(pattern, re.IGNORECASE), frozenset() if "" in stems else frozenset(stems))

    def find(self, reading: Reading) -> Iterator[re.Match[str]]:
        """Yield the matches, each within its sentence unless the pattern can begin with any word."""
        if not self.stems:
            yield from self.pattern.finditer(reading.plain)
        elif not self.stems.isdisjoint(reading.stems):
            yield from reading.matches(self.pattern, reading.words_with(self.stems))


class _Heads:
    """Beginnings of the strings that a pattern matches, in lower case.

    Those in ``growing`` go on with the rest of the pattern; those in ``ended`` are complete, or long enough.
    """

    def __init__(self) -> None:
        self.growing = {""}
        self.ended: set[str] = set()

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
            elif code not in _ZERO_WIDTH:
                self._end()

    def _add(self, choices: Iterable[int]) -> None:
        """Go on with one of the characters; without any, or with one that is no letter, a word ends here."""
        signs = [chr(number).lower() for number in choices]
        if not signs or not all(map(str.isalnum, signs)):
            self._end()
            return
        grown = {head + sign for head in self.growing for sign in signs}
        self.growing = {head for head in grown if len(head) < STEM_CHARS}
        self.ended |= grown - self.growing

    def _branch(self, branches: Iterable[Iterable[tuple[Any, Any]]]) -> None:
        before, grown = self.growing, set[str]()
        for branch in branches:
            self.growing = set(before)
            self.read(branch)
            grown |= self.growing
        self.growing = grown

    def _end(self) -> None:
        self.ended |= self.growing
        self.growing = set()
