"""The limits that all worker processes share, in Redis."""

from __future__ import annotations

import functools
import json
import threading
import uuid
from collections.abc import Mapping
from typing import Any, Final, cast

import redis

from agents.llm.base import Usage
from agents.llm.limits.config import LimitSettings
from agents.llm.limits.kinds import DIMENSIONS, Ask, Cause, Dimension, Ending, Grant, Lane, Said, Wait
from agents.llm.limits.outage import Outage
from agents.llm.limits.scripts import Scripts
from agents.llm.limits.snapshots import BucketState, ModelState, breaker_state, moment

# Pause before the next try for a slot while Redis is away.
_UNSHARED_WAIT_S: Final = 1.0


class RedisLimits:
    """Limits that all worker processes share: one atomic script per question, by the server's clock.

    Thread-safe; no method waits longer than one answer of Redis takes. While Redis is away, each process makes at
    most ``settings.unshared_in_flight`` calls at a time, and ``snapshot`` and ``turns`` are empty. All keys begin
    with ``{namespace}``, which is one slot of a cluster.
    """

    def __init__(
        self,
        client: redis.Redis,
        settings: LimitSettings,
        *,
        namespace: str = "limits",
        scripts: Scripts | None = None,
        outage: Outage | None = None,
    ) -> None:
        self._client = client
        self._settings = settings
        self._root = f"{{{namespace}}}:"
        self._models = f"{self._root}models"
        self._scripts = scripts or Scripts(client)
        self._outage = outage or Outage()
        self._unshared = threading.BoundedSemaphore(settings.unshared_in_flight)
        self._json = functools.cache(lambda model: json.dumps(settings.as_json(model)))

    def reserve(self, ask: Ask) -> Grant | Wait:
        """Reserve a slot and the estimated tokens, or queue the job and return how long it has to wait.

        The wait is the job's rank in the queue over the rate: a job that returns after it goes on. A job that is not
        seen for half a minute after that time loses its place.
        """
        grant_id = uuid.uuid4().hex
        asked = {
            "grant": grant_id,
            "job": ask.job,
            "lane": int(ask.lane),
            "universe": ask.universe,
            "input": ask.input_tokens,
            "output": ask.output_tokens,
            "timeout_s": ask.timeout_s,
        }
        raw = self._run("reserve", ask.model, asked)
        if raw is None:
            return self._reserve_unshared(ask)
        answer = json.loads(raw)
        if not answer["granted"]:
            return Wait(float(answer["wait_s"]), answer["reason"])
        return Grant(job=ask.job, model=ask.model, id=grant_id, is_probe=answer["is_probe"])

    def _reserve_unshared(self, ask: Ask) -> Grant | Wait:
        if self._unshared.acquire(blocking=False):
            return Grant(job=ask.job, model=ask.model, is_shared=False)
        return Wait(_UNSHARED_WAIT_S, "in_flight")

    def settle(self, grant: Grant, ending: Ending) -> bool:
        """Free the slot and replace the estimate by the real use, once per reservation.

        Return False for an unknown one: it was settled or released, it expired, or Redis is away. In the last case
        it expires by itself.
        """
        asked: dict[str, Any] = {
            "grant": grant.id,
            "outcome": ending.outcome.value,
            "used": used_tokens(ending.usage),
            "said": self._said(ending.said),
            "message": ending.message,
        }
        if ending.retry_after_s is not None:
            asked["retry_after_s"] = ending.retry_after_s
        return self._end("settle", grant, asked)

    def release(self, grant: Grant) -> bool:
        """Give everything back for a call that never reached the provider; False as for ``settle``."""
        return self._end("release", grant, {"grant": grant.id})

    def _end(self, name: str, grant: Grant, asked: Mapping[str, Any]) -> bool:
        if grant.is_shared:
            return bool(self._run(name, grant.model, asked))
        self._unshared.release()
        return True

    def correct(self, model: str, said: Mapping[Dimension, Said]) -> None:
        """Apply the headers of an answer that needed no reservation."""
        self._run("correct", model, {"said": self._said(said)})

    def forget(self, model: str, job: str) -> None:
        """Remove a queued job that will not ask again, because it was cancelled or deleted."""
        self._run("forget", model, {"job": job})

    def turns(self, within_s: float = 1.0, most: int = 100) -> tuple[str, ...]:
        """Return queued jobs that could start within ``within_s``, in order.

        Each job is returned once in five seconds, to one caller. Waking them uses the full rate when calls cost less
        than estimated, or when slots become free sooner than promised.
        """
        asked = {"within_s": within_s, "most": most}
        return tuple(
            _decoded(job) for model in self._known_models() for job in self._run("turns", model, asked) or ()
        )

    def snapshot(self) -> list[ModelState]:
        """Return the state of each model that was asked for within a day."""
        raw = {model: self._run("snapshot", model, {}) for model in self._known_models()}
        return [self._state(model, json.loads(state)) for model, state in raw.items() if state is not None]

    def _state(self, model: str, told: dict[str, Any]) -> ModelState:
        now = float(told["now"])
        line = {name: float(value) for name, value in told["line"].items()}
        breakers = told["breakers"]
        return ModelState(
            model=model,
            buckets=tuple(
                BucketState(
                    name=dimension,
                    limit=line[f"{dimension}.limit"],
                    left=line[f"{dimension}.level"],
                    capacity=line[f"{dimension}.limit"] / 60 * self._settings.burst_s,
                )
                for dimension in DIMENSIONS
            ),
            in_flight=told["in_flight"],
            cap=int(line["cap"]),
            closed_until=moment(line["closed_until"]) if line["closed_until"] > now else None,
            waiting={lane.name.lower(): told["waiting"][lane - 1] for lane in Lane},
            breakers=tuple(
                breaker_state(
                    cause=cause,
                    until=float(breakers[f"{cause}.until"]),
                    since=float(breakers[f"{cause}.since"]),
                    message=breakers.get(f"{cause}.message", ""),
                    now=now,
                )
                for cause in Cause
            ),
        )

    def _said(self, said: Mapping[Dimension, Said]) -> dict[str, dict[str, float]]:
        told: dict[str, dict[str, float]] = {}
        for dimension, word in said.items():
            about = told[dimension] = {"rounding": word.rounding}
            if word.limit:
                about["limit"] = word.limit * self._settings.share
            if word.remaining is not None:
                about["remaining"] = word.remaining
        return told

    def _known_models(self) -> list[str]:
        members = self._outage.attempt(lambda: self._client.zrange(self._models, 0, -1))
        return sorted(map(_decoded, cast("list[bytes | str]", members or [])))

    def _run(self, name: str, model: str, asked: Mapping[str, Any]) -> Any:
        """Return the script's answer, or None while Redis is away."""
        about = {**asked, "model": model, "models": self._models}
        return self._outage.attempt(
            lambda: self._scripts.run(name, f"{self._root}{model}:", self._json(model), about)
        )


def used_tokens(usage: Usage | None) -> dict[Dimension, float]:
    """Return what counts against the buckets: writes to the prompt cache do, reads do not."""
    if usage is None:
        return {}
    return {"input": usage.input_tokens + usage.cache_write_tokens, "output": usage.output_tokens}


def _decoded(text: str | bytes) -> str:
    return text.decode() if isinstance(text, bytes) else text
