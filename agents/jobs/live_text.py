"""The text of running attempts so far: in Redis, for a few minutes, and only while somebody watches.

A worker writes it, a web process reads it; nothing of it is an output. Without Redis there is no live text, and nothing
else is lost.
"""

from __future__ import annotations

import functools
import json
import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, cast

import redis

from agents.common import shared_redis
from agents.llm.limits.outage import Outage

# A reader renews its watch with each look; a reader without JavaScript looks every five seconds.
WATCH_S: Final = 15
KEEP_S: Final = 300
# A process asks once in this time which jobs are watched, however many attempts it runs.
LOOK_S: Final = 1.0
MAX_CHARS: Final = 40_000
REDIS_TIMEOUT_S: Final = 0.2
MAX_CONNECTIONS: Final = 4

_WATCHED: Final = "{live-text}:watched"


@dataclass(frozen=True, slots=True)
class LiveText:
    """The text of one attempt so far; ``phase`` as in the job's progress."""

    attempt: int
    phase: str
    text: str


class LiveTexts:
    """The live texts in one Redis. Thread-safe; no method raises while Redis is away."""

    def __init__(self, client: redis.Redis, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._outage = Outage(name="live_text")
        self._lock = threading.Lock()
        self._watched: frozenset[str] = frozenset()
        self._looked_at = -LOOK_S

    def read(self, attempts: Mapping[uuid.UUID, int]) -> dict[uuid.UUID, LiveText]:
        """Watch jobs for ``WATCH_S``, and return the texts of their attempts in ``attempts``."""
        if not attempts:
            return {}

        def ask() -> list[Any]:
            now = time.time()
            with self._client.pipeline(transaction=False) as commands:
                commands.zremrangebyscore(_WATCHED, "-inf", now)
                commands.zadd(_WATCHED, {str(job_id): now + WATCH_S for job_id in attempts})
                commands.expire(_WATCHED, WATCH_S)
                commands.mget([_key(job_id, attempt) for job_id, attempt in attempts.items()])
                return commands.execute()

        answers = self._outage.attempt(ask)
        stored = answers[-1] if answers else ()
        return {
            job_id: LiveText(**json.loads(raw)) for job_id, raw in zip(attempts, stored, strict=False) if raw
        }

    def write(self, job_id: uuid.UUID, text: LiveText) -> None:
        raw = json.dumps(asdict(text))
        self._outage.attempt(lambda: self._client.set(_key(job_id, text.attempt), raw, ex=KEEP_S))

    def is_watched(self, job_id: uuid.UUID) -> bool:
        with self._lock:
            now = self._clock()
            is_due = now - self._looked_at >= LOOK_S
            if is_due:
                self._looked_at = now
        if is_due:
            members = self._outage.attempt(lambda: self._client.zrange(_WATCHED, 0, -1))
            found = cast("Collection[bytes]", members or ())
            self._watched = frozenset(member.decode() for member in found)
        return str(job_id) in self._watched


def _key(job_id: uuid.UUID, attempt: int) -> str:
    # The attempt is in the key, so that a stalled worker cannot write into the text of the attempt after its own.
    return f"{{live-text}}:{job_id}:{attempt}"


@functools.cache
def live_texts() -> LiveTexts:
    """Return the live texts of this process."""
    client = shared_redis.connect(
        connections=MAX_CONNECTIONS, turn_s=REDIS_TIMEOUT_S, timeout_s=REDIS_TIMEOUT_S
    )
    return LiveTexts(client)
