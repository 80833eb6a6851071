"""Who waits for a model, by lane, and inside a lane fair between universes. Says the same as lua/queue.lua."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.llm.limits.config import LimitSettings
from agents.llm.limits.kinds import DIMENSIONS, Ask, Dimension, Lane
from agents.llm.limits.line import Cost


@dataclass(slots=True)
class Waiting:
    """``tag`` is where the job stands in its lane's time: when its universe's earlier ones are served."""

    lane: Lane
    tag: float
    cost: Cost
    forget_at: float = 0.0
    here_until: float = 0.0
    rung_until: float = 0.0


@dataclass(slots=True)
class _LaneState:
    order: list[tuple[float, str]] = field(default_factory=list)
    here: list[tuple[float, str]] = field(default_factory=list)
    tags: dict[str, float] = field(default_factory=dict)
    sums: Cost = field(default_factory=lambda: dict.fromkeys(DIMENSIONS, 0.0))
    virtual: float = 0.0


class Queue:
    def __init__(self, settings: LimitSettings) -> None:
        self._settings = settings
        self._lanes = {lane: _LaneState() for lane in Lane}
        self._jobs: dict[str, Waiting] = {}
        # Nobody is to be forgotten before this moment, so that nobody has to be looked at.
        self._look_at = 0.0

    def size(self, lane: Lane) -> int:
        return len(self._lanes[lane].order)

    def first(self, lane: Lane, most: int) -> list[tuple[str, Waiting]]:
        return [(job, self._jobs[job]) for _, job in self._lanes[lane].order[:most]]

    def forget_absent(self, now: float) -> None:
        if now < self._look_at:
            return
        for job in [job for job, known in self._jobs.items() if known.forget_at <= now]:
            self.leave(job)
        for job, known in self._jobs.items():
            if 0 < known.here_until <= now:
                self._step_out(job, known)
        times = [known.here_until or known.forget_at for known in self._jobs.values()]
        self._look_at = min(times, default=math.inf)

    def enter(self, ask: Ask, cost: Cost, limits: Mapping[Dimension, float]) -> Waiting:
        known = self._jobs.get(ask.job)
        if known is not None and known.lane == ask.lane:
            return known
        if known is not None:
            self.leave(ask.job)
        lane = self._lanes[ask.lane]
        minutes = max(cost[dimension] / limits[dimension] for dimension in DIMENSIONS)
        tag = max(lane.virtual, lane.tags.get(ask.universe, 0.0))
        lane.tags[ask.universe] = tag + minutes
        insort(lane.order, (tag, ask.job))
        for dimension in DIMENSIONS:
            lane.sums[dimension] += cost[dimension]
        waiting = self._jobs[ask.job] = Waiting(ask.lane, tag, dict(cost))
        return waiting

    def leave(self, job: str) -> Waiting | None:
        known = self._jobs.pop(job, None)
        if known is None:
            return None
        lane = self._lanes[known.lane]
        del lane.order[bisect_left(lane.order, (known.tag, job))]
        self._step_out(job, known)
        for dimension in DIMENSIONS:
            lane.sums[dimension] = lane.sums[dimension] - known.cost[dimension] if lane.order else 0.0
        return known

    def before(self, job: str) -> Cost:
        """What those before this job will take. Tokens before it in its lane are its rank times the mean."""
        known = self._jobs[job]
        lane = self._lanes[known.lane]
        rank = bisect_left(lane.order, (known.tag, job))
        mean = rank / len(lane.order)
        cost: Cost = {
            "requests": rank,
            "input": lane.sums["input"] * mean,
            "output": lane.sums["output"] * mean,
        }
        for above in self._above(known.lane):
            cost["requests"] += len(above.order)
            cost["input"] += above.sums["input"]
            cost["output"] += above.sums["output"]
        return cost

    def before_at_the_door(self, job: str) -> int:
        """How many before this job stand at the door: they sleep in a worker and ask again in a moment."""
        known = self._jobs[job]
        rank = bisect_left(self._lanes[known.lane].here, (known.tag, job))
        return rank + sum(len(above.here) for above in self._above(known.lane))

    def promise(self, job: str, wait_s: float, now: float) -> None:
        known = self._jobs[job]
        known.forget_at = now + wait_s + self._settings.forget_s
        known.rung_until = 0.0
        self._step_out(job, known)
        if wait_s <= self._settings.sleep_s:
            known.here_until = now + wait_s + 1
            insort(self._lanes[known.lane].here, (known.tag, job))
        self._look_at = min(self._look_at, known.here_until or known.forget_at)

    def serve(self, job: str) -> None:
        known = self.leave(job)
        if known is None:
            return
        lane = self._lanes[known.lane]
        # When nobody is left, all begin anew.
        lane.virtual = max(lane.virtual, known.tag if lane.order else max(lane.tags.values(), default=0.0))
        # A universe that is not ahead of the lane's time has nothing to be remembered for.
        lane.tags = {universe: tag for universe, tag in lane.tags.items() if tag > lane.virtual}

    def _step_out(self, job: str, known: Waiting) -> None:
        if known.here_until:
            here = self._lanes[known.lane].here
            del here[bisect_left(here, (known.tag, job))]
            known.here_until = 0.0

    def _above(self, lane: Lane) -> list[_LaneState]:
        return [state for other, state in self._lanes.items() if other < lane]
