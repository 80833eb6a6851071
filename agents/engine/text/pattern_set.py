"""Patterns that are tried on one sentence after the other, each only where words that it needs occur."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# The module that compiles patterns reads them; it has no public name.
from re import _constants as codes
from typing import Any, Generic, TypeVar

from agents.engine.text.lazy_pattern import compiling, lazy_pattern, tokens_of, when_compiling

T = TypeVar("T")

# Shorter needs are in most sentences, and more of them cost more than the pattern (8 and 12 were tried).
_MIN_CHARS = 3
_MAX_CHOICES = 5
_NOTHING: frozenset[str] = frozenset(("",))
_PRIVATE = (0xE000, 0xF8FF)
_MENTION = lazy_pattern("[\ue000-\uf8ff]")


class PatternSet(Generic[T]):
    """Patterns, each with something that goes with its matches."""

    __slots__ = ("_always", "_by_need", "_is_prepared", "_named", "_pairs")

    def __init__(self, pairs: Iterable[tuple[re.Pattern[str], T]]) -> None:
        self._pairs = tuple(pairs)
        self._is_prepared = False
        # Sets of patterns, as numbers with a bit for each: those without a need, and those that need a mention.
        self._always = self._named = 0
        # What patterns need, in lower case, with the set of those; several patterns need the same.
        self._by_need: tuple[tuple[str, int], ...] = ()
        when_compiling(self._prepare)

    def find(self, text: str) -> Iterator[tuple[re.Match[str], T]]:
        """Yield all matches in a text, by pattern."""
        if not self._is_prepared:
            self._prepare()
        wanted, lower = self._always, text.lower()
        for need, patterns in self._by_need:
            if need in lower:
                wanted |= patterns
        if wanted & self._named and _MENTION.search(text) is None:
            wanted &= ~self._named
        while wanted:
            first = wanted & -wanted
            wanted ^= first
            pattern, item = self._pairs[first.bit_length() - 1]
            for match in pattern.finditer(text):
                yield match, item

    def _prepare(self) -> None:
        with compiling():
            if self._is_prepared:
                return
            by_need: dict[str, int] = {}
            for number, (pattern, _) in enumerate(self._pairs):
                tokens = tokens_of(pattern)
                bit, needs = 1 << number, _needs_in(tokens)
                for need in needs:
                    by_need[need] = by_need.get(need, 0) | bit
                self._always |= 0 if needs else bit
                self._named |= bit if _names_somebody(tokens) else 0
            self._by_need = tuple(by_need.items())
            self._is_prepared = True


def needs_of(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return strings, in lower case, of which each match contains one in any case; () if unknown."""
    return _needs_in(tokens_of(pattern))


def _needs_in(tokens: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    needs = _best(tokens)
    is_telling = needs and min(map(len, needs)) >= _MIN_CHARS and len(needs) <= _MAX_CHOICES
    return tuple(needs) if is_telling else ()


def _names_somebody(tokens: Iterable[tuple[Any, Any]]) -> bool:
    """Return whether each match has a mention of a person, a sign of the private use area."""
    return any(code is codes.IN and argument == [(codes.RANGE, _PRIVATE)] for code, argument in _flat(tokens))


def _best(tokens: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Return the choice of strings that says most: few long ones."""
    found = [choice for choice in _choices(tokens) if choice and "" not in choice]
    return max(found, key=lambda choice: min(map(len, choice)) - len(choice), default=frozenset())


def _choices(tokens: Iterable[tuple[Any, Any]]) -> Iterator[frozenset[str]]:
    """Yield sets of strings of which each match contains one."""
    run = _NOTHING
    for code, argument in _flat(tokens):
        if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            continue
        spelled = _spelled(code, argument)
        if spelled and len(run) * len(spelled) <= _MAX_CHOICES:
            run = frozenset(before + string for before in run for string in spelled)
            continue
        yield run
        run = spelled or _NOTHING
        if code is codes.BRANCH and not spelled:
            branches = [_best(branch) for branch in argument[1]]
            if all(branches):
                yield frozenset().union(*branches)
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and argument[0]:
            yield _best(argument[2])
    yield run


def _spelled(code: Any, argument: Any) -> frozenset[str]:
    """Return the strings that a token stands for, if these are few letters or plain words."""
    if code is codes.LITERAL:
        return frozenset((chr(argument).lower(),))
    if code is codes.IN and all(kind is codes.LITERAL for kind, _ in argument):
        return frozenset(chr(number).lower() for _, number in argument)
    if code is not codes.BRANCH:
        return frozenset()
    words = set()
    for branch in argument[1]:
        word = ""
        for token in _flat(branch):
            letters = _spelled(*token)
            if len(letters) != 1:
                return frozenset()
            word += "".join(letters)
        words.add(word)
    return frozenset(words)


def _flat(tokens: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield tokens with those of groups."""
    for code, argument in tokens:
        if code is codes.SUBPATTERN:
            yield from _flat(argument[3])
        else:
            yield code, argument
