"""Limits in Redis, shared by all worker processes."""

from __future__ import annotations

import functools
import json
import threading
import uuid
from collections.abc import Mapping
from typing import Any, Final, cast

import redis

from agents.llm.base import Usage
from agents.llm.limits.call_result import CallResult
from agents.llm.limits.config import LimitSettings
from agents.llm.limits.outage import Outage
from agents.llm.limits.scripts import Scripts
from agents.llm.limits.snapshots import BucketState, ModelState, breaker_state, timestamp
from agents.llm.limits.types import (
    DIMENSIONS,
    AdmissionRequest,
    Cause,
    Dimension,
    Lane,
    RateLimitHeaders,
    Reservation,
    Wait,
)

# Pause before the next try for a slot while Redis is away.
_UNSHARED_WAIT_S: Final = 1.0


class RedisLimits:
    """Limits that run as one atomic script per question, by the server's clock.

    Thread-safe; no method waits longer than one answer of Redis takes. While Redis is away, each process makes at
    most ``settings.unshared_in_flight`` calls at a time, and ``snapshot`` and ``ready_jobs`` are empty. All keys begin
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

    def reserve(self, request: AdmissionRequest) -> Reservation | Wait:
        """Reserve a slot and the estimated tokens, or queue the job and return how long it has to wait.

        The wait is the job's rank in the queue over the rate: a job that returns after it goes on. A job that is not
        seen for half a minute after that time loses its place.
        """
        reservation_id = uuid.uuid4().hex
        arguments = {
            "reservation": reservation_id,
            "job": request.job,
            "lane": int(request.lane),
            "universe": request.universe,
            "input": request.input_tokens,
            "output": request.output_tokens,
            "timeout_s": request.timeout_s,
        }
        raw = self._run("reserve", request.model, arguments)
        if raw is None:
            return self._reserve_unshared(request)
        answer = json.loads(raw)
        if "wait_s" in answer:
            return Wait(float(answer["wait_s"]), answer["reason"])
        return Reservation(
            job=request.job, model=request.model, id=reservation_id, is_probe=answer["is_probe"]
        )

    def _reserve_unshared(self, request: AdmissionRequest) -> Reservation | Wait:
        if self._unshared.acquire(blocking=False):
            return Reservation(job=request.job, model=request.model, is_shared=False)
        return Wait(_UNSHARED_WAIT_S, "in_flight")

    def settle(self, reservation: Reservation, result: CallResult) -> bool:
        """Free the slot and replace the estimate by the real use, once per reservation.

        Return False for an unknown reservation (settled, released or expired), or while Redis is away, when it is
        left to expire.
        """
        arguments: dict[str, Any] = {
            "status": result.status.value,
            "used": _used_tokens(result.usage),
            "headers": self._headers(result.headers),
            "message": result.message,
        }
        if result.retry_after_s is not None:
            arguments["retry_after_s"] = result.retry_after_s
        return self._end("settle", reservation, arguments)

    def release(self, reservation: Reservation) -> bool:
        """Give everything back for a call that never reached the provider; False as for ``settle``."""
        return self._end("release", reservation, {})

    def ready_jobs(self, within_s: float = 1.0, max_jobs: int = 100) -> tuple[str, ...]:
        """Return queued jobs that could start within ``within_s``, in order.

        Each job is returned once in five seconds, to one caller. Waking them uses the full rate when calls cost less
        than estimated, or when slots become free sooner than promised.
        """
        arguments = {"within_s": within_s, "max_jobs": max_jobs}
        return tuple(
            _decoded(job)
            for model in self._known_models()
            for job in self._run("ready_jobs", model, arguments) or ()
        )

    def snapshot(self) -> list[ModelState]:
        """Return the state of each model that was used within a day."""
        raw = {model: self._run("snapshot", model, {}) for model in self._known_models()}
        return [self._state(model, json.loads(state)) for model, state in raw.items() if state is not None]

    def _end(self, name: str, reservation: Reservation, arguments: dict[str, Any]) -> bool:
        if reservation.is_shared:
            return bool(self._run(name, reservation.model, {**arguments, "reservation": reservation.id}))
        self._unshared.release()
        return True

    def _state(self, model: str, raw: dict[str, Any]) -> ModelState:
        now = float(raw["now"])
        quota = {name: float(value) for name, value in raw["quota"].items()}
        breakers = raw["breakers"]
        return ModelState(
            model=model,
            buckets=tuple(
                BucketState(
                    name=dimension,
                    limit=quota[f"{dimension}.limit"],
                    left=quota[f"{dimension}.level"],
                    capacity=quota[f"{dimension}.limit"] / 60 * self._settings.burst_s,
                )
                for dimension in DIMENSIONS
            ),
            in_flight=raw["in_flight"],
            cap=int(quota["cap"]),
            closed_until=timestamp(quota["closed_until"]) if quota["closed_until"] > now else None,
            waiting={lane.name.lower(): raw["waiting"][lane - 1] for lane in Lane},
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

    def _headers(self, headers: Mapping[Dimension, RateLimitHeaders]) -> dict[str, dict[str, float]]:
        arguments: dict[str, dict[str, float]] = {}
        for dimension, values in headers.items():
            bucket = arguments[dimension] = {"rounding": values.rounding}
            if values.limit:
                bucket["limit"] = values.limit * self._settings.share
            if values.remaining is not None:
                bucket["remaining"] = values.remaining
        return arguments

    def _known_models(self) -> list[str]:
        members = self._outage.attempt(lambda: self._client.zrange(self._models, 0, -1))
        return sorted(map(_decoded, cast("list[bytes | str]", members or [])))

    def _run(self, name: str, model: str, arguments: Mapping[str, Any]) -> Any:
        """Return the script's answer, or None while Redis is away."""
        arguments = {**arguments, "model": model, "models": self._models}
        return self._outage.attempt(
            lambda: self._scripts.run(name, f"{self._root}{model}:", self._json(model), arguments)
        )


def _used_tokens(usage: Usage | None) -> dict[Dimension, float]:
    """Return what counts against the buckets: writes to the prompt cache do, reads do not."""
    if usage is None:
        return {}
    return {"input": usage.input_tokens + usage.cache_write_tokens, "output": usage.output_tokens}


def _decoded(text: str | bytes) -> str:
    return text.decode() if isinstance(text, bytes) else text
