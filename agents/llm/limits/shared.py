"""The limits that all worker processes share, in Redis."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping
from typing import Any, cast

import redis

from agents.llm.limits.config import LimitSettings
from agents.llm.limits.kinds import DIMENSIONS, Ask, Cause, Dimension, Ending, Grant, Lane, Said, Wait
from agents.llm.limits.local import used_tokens
from agents.llm.limits.scripts import Scripts
from agents.llm.limits.snapshots import BucketState, ModelState, breaker_state, moment


class RedisLimits:
    """``Limits`` in Redis: one script a question, by the server's clock.

    Raises ``redis.RedisError`` when the server is away. All keys begin with ``{namespace}``, which is one
    slot of a cluster.
    """

    def __init__(
        self,
        client: redis.Redis,
        settings: LimitSettings,
        *,
        namespace: str = "limits",
        scripts: Scripts | None = None,
    ) -> None:
        self._client = client
        self._settings = settings
        self._root = f"{{{namespace}}}:"
        self._models = f"{self._root}models"
        self._scripts = scripts or Scripts(client)
        self._lock = threading.Lock()
        self._json: dict[str, str] = {}

    def reserve(self, ask: Ask) -> Grant | Wait:
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
        answer = json.loads(self._run("reserve", ask.model, asked))
        if not answer["granted"]:
            return Wait(float(answer["wait_s"]), answer["reason"])
        return Grant(job=ask.job, model=ask.model, id=grant_id, is_probe=answer["is_probe"])

    def settle(self, grant: Grant, ending: Ending) -> bool:
        asked: dict[str, Any] = {
            "grant": grant.id,
            "outcome": ending.outcome.value,
            "used": used_tokens(ending.usage),
            "said": self._said(ending.said),
            "message": ending.message,
        }
        if ending.retry_after_s is not None:
            asked["retry_after_s"] = ending.retry_after_s
        return bool(self._run("settle", grant.model, asked))

    def release(self, grant: Grant) -> bool:
        return bool(self._run("release", grant.model, {"grant": grant.id}))

    def correct(self, model: str, said: Mapping[Dimension, Said]) -> None:
        self._run("correct", model, {"said": self._said(said)})

    def forget(self, model: str, job: str) -> None:
        self._run("forget", model, {"job": job})

    def turns(self, within_s: float = 1.0, most: int = 100) -> tuple[str, ...]:
        asked = {"within_s": within_s, "most": most}
        return tuple(
            _decoded(job) for model in self._known_models() for job in self._run("turns", model, asked)
        )

    def snapshot(self) -> list[ModelState]:
        return [
            self._state(model, json.loads(self._run("snapshot", model, {}))) for model in self._known_models()
        ]

    def _state(self, model: str, told: dict[str, Any]) -> ModelState:
        now = float(told["now"])
        line = {name: float(value) for name, value in told["line"].items()}
        breakers = told["breakers"]
        return ModelState(
            model=model,
            is_shared=True,
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
        members = cast("list[bytes | str]", self._client.zrange(self._models, 0, -1))
        return sorted(_decoded(model) for model in members)

    def _run(self, name: str, model: str, asked: Mapping[str, Any]) -> Any:
        with self._lock:
            if model not in self._json:
                self._json[model] = json.dumps(self._settings.as_json(model))
        about = {**asked, "model": model, "models": self._models}
        return self._scripts.run(name, f"{self._root}{model}:", self._json[model], about)


def _decoded(text: str | bytes) -> str:
    return text.decode() if isinstance(text, bytes) else text
