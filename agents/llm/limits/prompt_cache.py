"""Coordination of the provider's prompt cache: one call writes a cold prefix, the others wait and read it."""

from __future__ import annotations

import hashlib
import json
import math
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

import redis

from agents.llm.base import LLMRequest
from agents.llm.limits.outage import Outage
from agents.llm.limits.scripts import Scripts
from agents.llm.limits.sleep_budget import SleepBudget
from agents.llm.limits.types import Wait

_CHARS_PER_TOKEN: Final = 4

# Providers do not cache shorter prefixes.
_MIN_CACHED_TOKENS: Final = 512

# Interval at which a process tells Redis that a prefix is still in use.
_TELL_EVERY_S: Final = 10.0

_MAX_PREFIXES: Final = 1000

# Lease of a writer, renewed several times before it ends: if its process dies, the callers that wait for it go on soon.
_WRITER_LEASE_S: Final = 4.0
_RENEW_EVERY_S: Final = 1.0


class CacheRole(StrEnum):
    """Role of a call that may go on; both call ``mark_warm`` at the first byte.

    Reading prolongs the life of the prefix. A writer that gets no first byte calls ``abandon``.
    """

    WRITER = "writer"
    READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptCacheSettings:
    """Durations: ``warm_s`` is the life of a prefix after its last use.

    ``first_byte_s`` is how long a writer is expected to take until one was measured. No wait is longer than
    ``sleep_s``.
    """

    warm_s: float = 300.0
    first_byte_s: float = 1.0
    min_wait_s: float = 0.05
    sleep_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Part of a request that a provider caches: the model, the schema and the text before the breakpoint.

    ``key`` is short and the same for equal ones, ``chars`` is the length of schema and text.
    """

    key: str
    chars: int

    @classmethod
    def of(cls, request: LLMRequest) -> Prefix:
        schema = json.dumps(request.schema)
        text = f"{request.model}\0{schema}\0{request.system}"
        key = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
        return cls(key, len(request.system) + len(schema))


def estimate_tokens(chars: int) -> int:
    return chars // _CHARS_PER_TOKEN


class PromptCache:
    """Prefixes that are warm or being written, shared by all processes through Redis.

    ``prefix`` is the key of a ``Prefix``; ``caller`` identifies the call, the same text each time it asks again. While
    Redis is away, every call goes on at once. A process that has used a prefix lately knows that it is warm: it asks
    Redis no more, and tells it of further uses only now and then.
    """

    def __init__(
        self,
        client: redis.Redis,
        settings: PromptCacheSettings = PromptCacheSettings(),
        *,
        namespace: str = "limits",
        scripts: Scripts | None = None,
        outage: Outage | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = json.dumps(asdict(settings))
        self._warm_s = settings.warm_s
        self._clock = clock
        # When this process last told Redis of a use, by prefix.
        self._told: dict[str, float] = {}
        self._root = f"{{{namespace}}}:prefix:"
        self._scripts = scripts or Scripts(client)
        self._outage = outage or Outage()

    def claim(self, prefix: str, caller: str, lease_s: float) -> CacheRole | Wait:
        """Return the caller's role, or how long to wait for the writer.

        A writer that reports and renews nothing for ``lease_s`` is replaced by the next caller.
        """
        if self._since_told(prefix) < self._warm_s - _TELL_EVERY_S:
            return CacheRole.READER
        raw = self._run("claim_prefix", prefix, caller=caller, lease_s=lease_s)
        answer = json.loads(raw) if raw is not None else {"role": CacheRole.READER}
        if "wait_s" in answer:
            return Wait(float(answer["wait_s"]), "cache")
        role = CacheRole(answer["role"])
        if role == CacheRole.WRITER:
            # The others wait for its first byte.
            self._told.pop(prefix, None)
        return role

    def renew(self, prefix: str, caller: str, lease_s: float) -> None:
        """Prolong the lease of a writer; no effect for other callers."""
        self._run("renew_prefix", prefix, caller=caller, lease_s=lease_s)

    def mark_warm(self, prefix: str, caller: str) -> None:
        """Record that an answer which uses the prefix has begun."""
        if self._since_told(prefix) < _TELL_EVERY_S:
            return
        if len(self._told) >= _MAX_PREFIXES:
            self._told.clear()
        if self._run("mark_warm", prefix, caller=caller) is not None:
            self._told[prefix] = self._clock()

    def _since_told(self, prefix: str) -> float:
        told = self._told.get(prefix)
        return math.inf if told is None else self._clock() - told

    def abandon(self, prefix: str, caller: str) -> None:
        """Give up the writer's role; no effect for other callers."""
        self._run("abandon_prefix", prefix, caller=caller)

    def _run(self, name: str, prefix: str, **arguments: str | float) -> bytes | str | None:
        return self._outage.attempt(
            lambda: self._scripts.run(name, f"{self._root}{prefix}", self._settings, arguments)
        )


class CachedCall:
    """Part of one call in the prompt cache: ``begin``, ``mark_first_byte``, then ``end`` in any case."""

    def __init__(self, cache: PromptCache, prefix: Prefix, caller: str) -> None:
        self._cache = cache
        self._prefix = prefix.key
        self._caller = caller
        self._is_pending = estimate_tokens(prefix.chars) >= _MIN_CACHED_TOKENS
        self._role: CacheRole | Wait = CacheRole.READER
        self._has_begun = threading.Event()

    def begin(self, budget: SleepBudget) -> Wait | None:
        """Return None for a call that may go on, else the wait after which to ask again."""
        if not self._is_pending:
            return None
        self._role = budget.retry(lambda: self._cache.claim(self._prefix, self._caller, _WRITER_LEASE_S))
        if self._role == CacheRole.WRITER:
            threading.Thread(target=self._renew, name="cache-writer", daemon=True).start()
        return self._role if isinstance(self._role, Wait) else None

    def _renew(self) -> None:
        while not self._has_begun.wait(_RENEW_EVERY_S):
            self._cache.renew(self._prefix, self._caller, _WRITER_LEASE_S)

    def mark_first_byte(self) -> None:
        self._has_begun.set()
        if self._is_pending:
            self._is_pending = False
            self._cache.mark_warm(self._prefix, self._caller)

    def end(self) -> None:
        self._has_begun.set()
        if self._is_pending and self._role == CacheRole.WRITER:
            self._cache.abandon(self._prefix, self._caller)
