"""Kinds of marks that a model's machinery leaves in a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from agents.engine.text.lazy_pattern import lazy_pattern

Accepts = Callable[[re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class MarkKind:
    """A kind of marks, named by ``noun``.

    A text without any of the ``signs`` has none, so that the pattern need not be searched. A pattern matches in linear
    time; ``accepts`` decides what it cannot. ``is_code``: a character of a story may read or speak such a mark.
    """

    noun: str
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    accepts: Accepts | None = None
    is_code: bool = False


def kind(
    noun: str, signs: str, pattern: str, accepts: Accepts | None = None, *, is_code: bool = False
) -> MarkKind:
    """Return a kind of marks; ``signs`` are separated by spaces, and ``^`` matches at every line."""
    return MarkKind(noun, tuple(signs.split()), lazy_pattern(pattern, re.MULTILINE), accepts, is_code)
