"""Patterns of modules, compiled when they are first used.

Those of all checks take seconds, which every process would spend at its start: also the web server, the scheduler and
each management command, which hardly use any. A worker compiles them beside its first jobs.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

# The modules that compile patterns; they have no public name.
from re import _compiler, _parser  # type: ignore[attr-defined]
from typing import Any, Final, cast

Tokens = Iterable[tuple[Any, Any]]

_METHODS: Final = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")
_unused: list[_LazyPattern] = []
_unprepared: list[Callable[[], object]] = []
# Held for one pattern, or one set of them, at a time: of many threads that need the same, one compiles it.
_compiling: Final = threading.RLock()


class _Spent(threading.local):
    depth = 0
    seconds = 0.0


_spent: Final = _Spent()


@contextmanager
def compiling() -> Iterator[None]:
    """Let no other thread compile meanwhile, and add the processor time to ``compiling_s``."""
    with _compiling:
        began = time.thread_time()
        _spent.depth += 1
        try:
            yield
        finally:
            _spent.depth -= 1
            if not _spent.depth:
                _spent.seconds += time.thread_time() - began


def compiling_s() -> float:
    """Return the processor time that this thread has compiled patterns for, in seconds."""
    return _spent.seconds


class _LazyPattern:
    """A stand-in for ``re.Pattern``, with the methods of the compiled one after the first use."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags
        self._tokens: Any = None
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.compile(), name)

    @property
    def is_parsed(self) -> bool:
        """True from ``parse`` until ``compile``."""
        return self._tokens is not None

    def compile(self) -> re.Pattern[str]:
        with compiling():
            if self._compiled is None:
                self._compiled = compiled = _compiler.compile(self._tokens or self.pattern, self.flags)
                self._tokens = None
                self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
            return self._compiled

    def parse(self) -> Tokens:
        """Return what the pattern consists of, which is kept for ``compile``: parsing is most of its work."""
        tokens: Tokens = _parser.parse(self.pattern, self.flags)
        if self._compiled is None:
            self._tokens = tokens
        return tokens


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern for a module's constant; a wrong one raises ``re.error`` when it is first used."""
    lazy = _LazyPattern(pattern, flags)
    _unused.append(lazy)
    return cast("re.Pattern[str]", lazy)


def tokens_of(pattern: re.Pattern[str]) -> Tokens:
    """Return what a pattern consists of, as the parser of ``re`` has it."""
    lazy = cast("re.Pattern[str] | _LazyPattern", pattern)
    if isinstance(lazy, _LazyPattern):
        return lazy.parse()
    tokens: Tokens = _parser.parse(pattern.pattern, pattern.flags)
    return tokens


def when_compiling(prepare: Callable[[], object]) -> None:
    """Have something prepared by ``compile_all``."""
    _unprepared.append(prepare)


def compile_all(*, pause_s: float = 0.0) -> None:
    """Compile the patterns of all imported modules, with a pause after each, so that no text has to wait for that."""
    # Sets of patterns parse theirs, which are then compiled from that. One set at a time: what is parsed takes ten
    # times the memory of what is compiled, and the process would keep it.
    while _unprepared:
        _unprepared.pop(0)()
        time.sleep(pause_s)
        _compile([pattern for pattern in _unused if pattern.is_parsed], pause_s)
    _compile(_unused, pause_s)


def _compile(patterns: list[_LazyPattern], pause_s: float) -> None:
    while patterns:
        patterns.pop().compile()
        time.sleep(pause_s)
