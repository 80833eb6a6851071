"""The limits of one process: for the embedded mode, for tests, and while Redis is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from agents.llm.base import Usage
from agents.llm.limits.breakers import Breakers
from agents.llm.limits.config import LimitSettings
from agents.llm.limits.kinds import DIMENSIONS, Ask, Dimension, Ending, Grant, Lane, Outcome, Said, Wait
from agents.llm.limits.line import ROUNDING, Cost, Line
from agents.llm.limits.queue import Queue, Waiting
from agents.llm.limits.snapshots import BucketState, ModelState, moment


def used_tokens(usage: Usage | None) -> dict[Dimension, float]:
    """What counts against the buckets: reading from the prompt cache is free there, writing is not."""
    if usage is None:
        return {}
    return {"input": usage.input_tokens + usage.cache_write_tokens, "output": usage.output_tokens}


class _Model:
    def __init__(self, settings: LimitSettings, name: str, now: float) -> None:
        self.line = Line(settings, name, now)
        self.queue = Queue(settings)
        self.breakers = Breakers(settings)


class LocalLimits:
    """``Limits`` in this process's memory, by the same rules as the scripts in Redis.

    ``clock`` is in seconds since 1970.
    """

    def __init__(self, settings: LimitSettings, *, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._models: dict[str, _Model] = {}

    def reserve(self, ask: Ask) -> Grant | Wait:
        with self._lock:
            now = self._clock()
            model = self._model(ask.model, now)
            model.queue.forget_absent(now)
            cost: Cost = {"requests": 1, "input": ask.input_tokens, "output": ask.output_tokens}
            model.queue.enter(ask, cost, model.line.limit)
            wait, is_open = self._weigh(model, ask, cost, now)
            if wait.seconds > 0:
                within = min(max(wait.seconds, self._settings.shortest_wait_s), self._settings.longest_wait_s)
                model.queue.promise(ask.job, within, now)
                return Wait(within, wait.reason)
            grant = Grant(job=ask.job, model=ask.model, is_probe=is_open, is_shared=False)
            model.queue.serve(ask.job)
            model.line.grant(grant.id, cost, now, ask.timeout_s)
            if is_open:
                model.breakers.begin_probe(grant.id, now + ask.timeout_s)
            return grant

    def _weigh(self, model: _Model, ask: Ask, cost: Cost, now: float) -> tuple[Wait, bool]:
        """The longest of all reasons to wait, and whether this call would be a probe."""
        line = model.line
        held_s, is_open = model.breakers.held_back(line.call_s, now)
        waits = [Wait(0.0, ""), Wait(line.closed_until - now, "closed"), Wait(held_s, "breaker")]
        blocked_s = max(wait.seconds for wait in waits)
        ahead = model.queue.before(ask.job)
        for dimension in DIMENSIONS:
            full, rate = line.capacity(dimension), line.per_s(dimension)
            level = min(full, line.level[dimension] + rate * blocked_s)
            short = ahead[dimension] + cost[dimension] + line.headroom(dimension, ask.lane) - level
            # A full bucket would spill: whoever stands at the door then goes, whoever is before him but absent.
            if short > ROUNDING and (blocked_s > 0 or level < full - ROUNDING):
                waits.append(Wait(blocked_s + short / rate, dimension))
        cap = line.cap_of(ask.lane)
        free = cap - len(line.flight)
        if free - model.queue.before_at_the_door(ask.job) < 1:
            places = max(1, ahead["requests"] + 1 - free)
            waits.append(Wait(blocked_s + places * line.call_s / cap, "in_flight"))
        return max(waits, key=lambda wait: wait.seconds), is_open

    def settle(self, grant: Grant, ending: Ending) -> bool:
        with self._lock:
            now = self._clock()
            model = self._model(grant.model, now)
            line = model.line
            given = line.flight.pop(grant.id, None)
            if given is None:
                return False
            line.reconcile(given, used_tokens(ending.usage))
            line.correct(ending.said, given, now)
            match ending.outcome:
                case Outcome.ANSWERED:
                    line.succeed(given, now)
                case Outcome.RATE_LIMITED:
                    word = ending.said.get("requests")
                    if line.back_off(given, now) and (word is None or word.remaining is None):
                        line.level["requests"] = min(line.level["requests"], 0.0)
                    pause_s = self._settings.pause_s if ending.retry_after_s is None else ending.retry_after_s
                    line.close(pause_s, now)
                case Outcome.OVERLOADED:
                    line.back_off(given, now)
            model.breakers.report(ending, model.breakers.end_probe(grant.id), now)
            return True

    def release(self, grant: Grant) -> bool:
        with self._lock:
            model = self._model(grant.model, self._clock())
            given = model.line.flight.pop(grant.id, None)
            if given is None:
                return False
            model.line.reconcile(given, dict.fromkeys(DIMENSIONS, 0.0))
            model.breakers.end_probe(grant.id)
            return True

    def correct(self, model: str, said: Mapping[Dimension, Said]) -> None:
        with self._lock:
            now = self._clock()
            self._model(model, now).line.correct(said, None, now)

    def forget(self, model: str, job: str) -> None:
        with self._lock:
            self._model(model, self._clock()).queue.leave(job)

    def turns(self, within_s: float = 1.0, most: int = 100) -> tuple[str, ...]:
        with self._lock:
            now = self._clock()
            return tuple(
                job
                for name in self._models
                for job in self._turns(self._model(name, now), within_s, most, now)
            )

    def _turns(self, model: _Model, within_s: float, most: int, now: float) -> list[str]:
        line = model.line
        model.queue.forget_absent(now)
        named: list[str] = []
        held_s, is_open = model.breakers.held_back(line.call_s, now)
        if max(held_s, line.closed_until - now) > within_s:
            return named
        spare: Cost = {
            dimension: line.level[dimension] + line.per_s(dimension) * within_s for dimension in DIMENSIONS
        }
        busy = len(line.flight)
        taken = busy - busy * min(1.0, within_s / max(line.call_s, 0.1))
        most = 1 if is_open else most
        for lane in Lane:
            for job, known in model.queue.first(lane, most):
                is_room = taken + 1 <= line.cap_of(lane) and len(named) < most
                if not (is_room and _fits(line, known, spare)):
                    return named
                taken += 1
                for dimension in DIMENSIONS:
                    spare[dimension] -= known.cost[dimension]
                if known.rung_until <= now and not known.here_until:
                    known.rung_until = now + self._settings.ring_again_s
                    named.append(job)
        return named

    def snapshot(self) -> list[ModelState]:
        with self._lock:
            now = self._clock()
            return [self._state(name, self._model(name, now), now) for name in sorted(self._models)]

    def _state(self, name: str, model: _Model, now: float) -> ModelState:
        line = model.line
        model.queue.forget_absent(now)
        return ModelState(
            model=name,
            is_shared=False,
            buckets=tuple(
                BucketState(
                    name=dimension,
                    limit=line.limit[dimension],
                    left=line.level[dimension],
                    capacity=line.capacity(dimension),
                )
                for dimension in DIMENSIONS
            ),
            in_flight=len(line.flight),
            cap=line.cap_of(Lane.INTERACTIVE),
            closed_until=moment(line.closed_until) if line.closed_until > now else None,
            waiting={lane.name.lower(): model.queue.size(lane) for lane in Lane},
            breakers=model.breakers.states(now),
        )

    def _model(self, name: str, now: float) -> _Model:
        model = self._models.get(name)
        if model is None:
            model = self._models[name] = _Model(self._settings, name, now)
        model.line.advance(now)
        return model


def _fits(line: Line, known: Waiting, spare: Cost) -> bool:
    """Whether what is spare is enough; for a job that is larger than a bucket, a full one is."""
    return all(
        spare[dimension]
        >= min(known.cost[dimension] + line.headroom(dimension, known.lane), line.capacity(dimension))
        - ROUNDING
        for dimension in DIMENSIONS
    )
