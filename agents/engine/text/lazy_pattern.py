"""Patterns of modules, compiled when they are first used.

Those of all checks take more than a second, which every process would spend at its start: also the web server, the
scheduler and each management command, which hardly use any.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import RLock
from typing import Any, Final, cast

_METHODS: Final = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")
_unused: list[_LazyPattern] = []
_unprepared: list[Callable[[], object]] = []
_compiling: Final = RLock()


class _LazyPattern:
    """A stand-in for ``re.Pattern``, with the methods of the compiled one after the first use."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self.flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern for a module's constant; a wrong one raises ``re.error`` when it is first used."""
    lazy = _LazyPattern(pattern, flags)
    _unused.append(lazy)
    return cast("re.Pattern[str]", lazy)


def when_compiling(prepare: Callable[[], object]) -> None:
    """Have something prepared by ``compile_all``."""
    _unprepared.append(prepare)


def compile_all() -> None:
    """Compile the patterns of all imported modules, so that the first text is checked as quickly as the next.

    A thread that calls it while another one compiles waits for that.
    """
    with _compiling:
        while _unused:
            _ = _unused.pop().search
        while _unprepared:
            _unprepared.pop()()
