"""Who warms the prompt cache: one call writes a cold prefix, the others wait for its first byte and read it."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Protocol, TypeVar

import redis

from agents.llm.base import LLMRequest
from agents.llm.limits.outage import Outage
from agents.llm.limits.scripts import Scripts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leader:
    """Call now. Then ``warmed`` at the first byte, or ``abandon`` if none comes."""


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody else is about to warm it: ask again in so many seconds."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class Warm:
    """Call now, and say ``warmed`` at the first byte: reading prolongs the life of what is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixSettings:
    """``warm_s`` is how long a prefix lives after its last use. ``first_byte_s`` is how long a leader is thought
    to need until one was seen. No follower is told to wait for more than ``sleep_s``.
    """

    warm_s: float = 300.0
    first_byte_s: float = 1.0
    shortest_wait_s: float = 0.05
    sleep_s: float = 2.0


class Prefixes(Protocol):
    """``prefix`` is a ``prefix_key``; ``caller`` is who asks, the same text each time that it asks again."""

    def lead(self, prefix: str, caller: str, timeout_s: float) -> Leader | Follower | Warm:
        """What to do about a prefix. A leader that says nothing for ``timeout_s`` is followed by another one."""

    def warmed(self, prefix: str, caller: str) -> None:
        """An answer has begun that used the prefix: it is warm, for everybody, from now on."""

    def abandon(self, prefix: str, caller: str) -> None:
        """The leader's call brought nothing, or was not made. Harmless for those who do not lead."""


def prefix_key(request: LLMRequest) -> str:
    """A short name for what a provider's cache goes by: the model, the schema and the text before the breakpoint."""
    text = f"{request.model}\0{json.dumps(request.schema)}\0{request.system}"
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


@dataclass(slots=True)
class _Prefix:
    warm_until: float = 0.0
    leader: str = ""
    leader_until: float = 0.0
    led_at: float = 0.0
    first_byte_s: float = 0.0


class LocalPrefixes:
    """``Prefixes`` in this process's memory, by the same rules as the scripts in Redis."""

    def __init__(
        self, settings: PrefixSettings = PrefixSettings(), *, clock: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._prefixes: dict[str, _Prefix] = {}

    def lead(self, prefix: str, caller: str, timeout_s: float) -> Leader | Follower | Warm:
        with self._lock:
            now = self._clock()
            known = self._known(prefix, now)
            if known.warm_until > now:
                return Warm()
            if known.leader_until > now and known.leader != caller:
                # Of a leader that is late nobody knows more than that: it is asked for less and less often.
                wait_s = max(abs(known.led_at + known.first_byte_s - now), self._settings.shortest_wait_s)
                return Follower(min(wait_s, self._settings.sleep_s, known.leader_until - now))
            known.leader, known.led_at, known.leader_until = caller, now, now + timeout_s
            return Leader()

    def warmed(self, prefix: str, caller: str) -> None:
        with self._lock:
            now = self._clock()
            known = self._known(prefix, now)
            known.warm_until = now + self._settings.warm_s
            if known.leader == caller and known.leader_until:
                known.first_byte_s = known.first_byte_s * 0.7 + (now - known.led_at) * 0.3
                known.leader, known.leader_until = "", 0.0

    def abandon(self, prefix: str, caller: str) -> None:
        with self._lock:
            known = self._known(prefix, self._clock())
            if known.leader == caller:
                known.leader, known.leader_until = "", 0.0

    def _known(self, prefix: str, now: float) -> _Prefix:
        if prefix not in self._prefixes:
            # Looked through when one is added, so that prefixes of last week are not kept for ever.
            self._prefixes = {
                name: known
                for name, known in self._prefixes.items()
                if max(known.warm_until, known.leader_until) + 86400 > now
            }
            self._prefixes[prefix] = _Prefix(first_byte_s=self._settings.first_byte_s)
        return self._prefixes[prefix]


class RedisPrefixes:
    """``Prefixes`` that all processes share. Raises ``redis.RedisError`` when the server is away."""

    def __init__(
        self,
        client: redis.Redis,
        settings: PrefixSettings = PrefixSettings(),
        *,
        namespace: str = "limits",
        scripts: Scripts | None = None,
    ) -> None:
        self._settings = json.dumps(asdict(settings))
        self._root = f"{{{namespace}}}:prefix:"
        self._scripts = scripts or Scripts(client)

    def lead(self, prefix: str, caller: str, timeout_s: float) -> Leader | Follower | Warm:
        answer = json.loads(self._run("lead", prefix, caller=caller, timeout_s=timeout_s))
        match answer["role"]:
            case "warm":
                return Warm()
            case "follower":
                return Follower(float(answer["wait_s"]))
        return Leader()

    def warmed(self, prefix: str, caller: str) -> None:
        self._run("warmed", prefix, caller=caller)

    def abandon(self, prefix: str, caller: str) -> None:
        self._run("abandon", prefix, caller=caller)

    def _run(self, name: str, prefix: str, **asked: str | float) -> bytes | str:
        answer: bytes | str = self._scripts.run(name, f"{self._root}{prefix}", self._settings, asked)
        return answer


class FallbackPrefixes:
    """The shared ones; while Redis is away, each process warms for itself."""

    def __init__(self, shared: Prefixes, local: Prefixes, outage: Outage | None = None) -> None:
        self._shared = shared
        self._local = local
        self._outage = outage or Outage()

    def lead(self, prefix: str, caller: str, timeout_s: float) -> Leader | Follower | Warm:
        return self._either(lambda prefixes: prefixes.lead(prefix, caller, timeout_s))

    def warmed(self, prefix: str, caller: str) -> None:
        self._either(lambda prefixes: prefixes.warmed(prefix, caller))

    def abandon(self, prefix: str, caller: str) -> None:
        self._either(lambda prefixes: prefixes.abandon(prefix, caller))

    def _either(self, ask: Callable[[Prefixes], T]) -> T:
        return self._outage.shared_or_local(lambda: ask(self._shared), lambda: ask(self._local))
