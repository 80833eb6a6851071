"""Who warms the prompt cache: one call writes a cold prefix, the others wait for its first byte and read it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

import redis

from agents.llm.base import LLMRequest
from agents.llm.limits.outage import Outage
from agents.llm.limits.scripts import Scripts


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


def prefix_key(request: LLMRequest) -> str:
    """A short name for what a provider's cache goes by: the model, the schema and the text before the breakpoint."""
    text = f"{request.model}\0{json.dumps(request.schema)}\0{request.system}"
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


class Prefixes:
    """Which call writes a cold prefix, agreed between all processes through Redis.

    ``prefix`` is a ``prefix_key``; ``caller`` identifies the call, the same text each time it asks again. While Redis
    is away every call goes on at once.
    """

    def __init__(
        self,
        client: redis.Redis,
        settings: PrefixSettings = PrefixSettings(),
        *,
        namespace: str = "limits",
        scripts: Scripts | None = None,
        outage: Outage | None = None,
    ) -> None:
        self._settings = json.dumps(asdict(settings))
        self._root = f"{{{namespace}}}:prefix:"
        self._scripts = scripts or Scripts(client)
        self._outage = outage or Outage()

    def lead(self, prefix: str, caller: str, timeout_s: float) -> Leader | Follower | Warm:
        """Return the caller's role; a leader that reports nothing for ``timeout_s`` is replaced."""
        raw = self._run("lead", prefix, caller=caller, timeout_s=timeout_s)
        if raw is None:
            return Warm()
        answer = json.loads(raw)
        match answer["role"]:
            case "warm":
                return Warm()
            case "follower":
                return Follower(float(answer["wait_s"]))
        return Leader()

    def warmed(self, prefix: str, caller: str) -> None:
        """Record that an answer which uses the prefix has begun: it is warm for everybody from now on."""
        self._run("warmed", prefix, caller=caller)

    def abandon(self, prefix: str, caller: str) -> None:
        """Give up the leader's role after a call that brought nothing; no effect for other callers."""
        self._run("abandon", prefix, caller=caller)

    def _run(self, name: str, prefix: str, **asked: str | float) -> bytes | str | None:
        return self._outage.attempt(
            lambda: self._scripts.run(name, f"{self._root}{prefix}", self._settings, asked)
        )
