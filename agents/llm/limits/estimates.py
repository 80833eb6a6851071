"""What a call will probably use of the buckets, from what calls like it used."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from agents.llm.base import LLMRequest, Usage
from agents.llm.limits.prefixes import prefix_key

_CHARS_PER_TOKEN: Final = 4

# How long a provider keeps a prefix that nobody uses.
_WARM_S: Final = 300.0

# The part of its room that an answer takes, until one was seen.
_FIRST_ANSWER: Final = 0.25

_REMEMBERED: Final = 1000


def prefix_tokens(request: LLMRequest) -> int:
    """How long what can be cached is."""
    return _prefix_chars(request) // _CHARS_PER_TOKEN


class Estimates:
    """Thread-safe, and of this process alone: a wrong estimate is made good when the call ends."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._output: dict[tuple[str, str], float] = {}
        self._cached: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def of(self, request: LLMRequest) -> tuple[int, int]:
        """Uncached input tokens and output tokens."""
        prompt = _prefix_chars(request) + len(request.user)
        prefix = prefix_key(request)
        with self._lock:
            read_at, read = self._cached.get(prefix, (0.0, 0))
            cached = read if read and self._clock() - read_at < _WARM_S else 0
            output = self._output.get(_kind(request), request.max_tokens * _FIRST_ANSWER)
        return max(1, prompt // _CHARS_PER_TOKEN - cached), max(1, round(output))

    def learn(self, request: LLMRequest, usage: Usage) -> None:
        prefix = prefix_key(request)
        with self._lock:
            known = self._output.get(_kind(request))
            output = usage.output_tokens
            self._output[_kind(request)] = output if known is None else known * 0.9 + output * 0.1
            # What was written now will be read by the next.
            self._cached[prefix] = (self._clock(), usage.cache_read_tokens + usage.cache_write_tokens)
            self._cached.move_to_end(prefix)
            if len(self._cached) > _REMEMBERED:
                self._cached.popitem(last=False)


def _kind(request: LLMRequest) -> tuple[str, str]:
    return request.model, request.prompt_name


def _prefix_chars(request: LLMRequest) -> int:
    return len(request.system) + len(json.dumps(request.schema))
