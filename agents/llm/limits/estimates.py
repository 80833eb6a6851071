"""Estimates of the tokens that a call will use, learned from similar calls."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from agents.llm.base import LLMRequest, Usage
from agents.llm.limits.prompt_cache import Prefix, estimate_tokens

# Life of an unused prefix at the provider.
_WARM_S: Final = 300.0

# Expected part of ``max_tokens``, until an answer was seen.
_FIRST_ANSWER: Final = 0.25

_MAX_PREFIXES: Final = 1000


class Estimates:
    """Estimates of this process alone, which the end of each call corrects; thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._output: dict[tuple[str, str], float] = {}
        self._cached: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def of(self, request: LLMRequest, prefix: Prefix) -> tuple[int, int]:
        """Return the expected uncached input tokens and output tokens of a request, whose prefix is given."""
        prompt = estimate_tokens(prefix.chars + len(request.user))
        with self._lock:
            read_at, read = self._cached.get(prefix.key, (0.0, 0))
            cached = read if read and self._clock() - read_at < _WARM_S else 0
            output = self._output.get(_kind(request), request.max_tokens * _FIRST_ANSWER)
        return max(1, prompt - cached), max(1, round(output))

    def learn(self, request: LLMRequest, prefix: Prefix, usage: Usage) -> None:
        with self._lock:
            known = self._output.get(_kind(request))
            output = usage.output_tokens
            self._output[_kind(request)] = output if known is None else known * 0.9 + output * 0.1
            # The next call reads what this one wrote.
            self._cached[prefix.key] = (self._clock(), usage.cache_read_tokens + usage.cache_write_tokens)
            self._cached.move_to_end(prefix.key)
            if len(self._cached) > _MAX_PREFIXES:
                self._cached.popitem(last=False)


def _kind(request: LLMRequest) -> tuple[str, str]:
    return request.model, request.prompt_name
