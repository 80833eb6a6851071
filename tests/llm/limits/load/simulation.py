"""Simulation of workers with threads, a sweeper and the stand-in's rate limits."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from agents.llm.base import Usage
from agents.llm.limits.call_result import CallResult, parse_rate_limits
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.types import AdmissionRequest, CallStatus, Lane, Reservation
from dev.standin.exchange import ApiError
from dev.standin.limits import Allowance, RateLimits
from tests.llm.limits.helpers import MODEL, Clock, make_request

SWEEP_S = 5.0
MAX_SLEEP_S = 2.0


@dataclass(slots=True)
class Job:
    request: AdmissionRequest
    used: tuple[int, int]
    came_at: float
    slept_s: float = 0.0
    available_at: float = 0.0


@dataclass
class Simulation:
    """Workers in simulated time.

    Jobs wait in a broker for a thread, sleep at most 2 s in it, or are put back until the sweeper enqueues them.
    ``wakes``: jobs that are ready are also woken every second.
    """

    limits: RedisLimits
    clock: Clock
    provider_allows: Allowance
    threads: int = 64
    call_s: float = 3.0
    wakes: bool = False
    now: float = 0.0
    calls: int = 0
    refused: int = 0
    waits: list[float] = field(default_factory=list)
    visits: int = 0
    done_by_universe: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.provider = RateLimits(default=self.provider_allows)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._broker: deque[Job] = deque()
        self._away: dict[str, Job] = {}
        self._idle = self.threads
        self._draw = random.Random(7)
        self.at(SWEEP_S, self._sweep)
        if self.wakes:
            self.at(1.0, self._wake)

    def at(self, when: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), what))

    def submit(self, job: str, lane: Lane, *, universe: str = "", estimate=(0, 0), used=(0, 0)) -> None:
        request = make_request(
            job, lane=lane, universe=universe, input_tokens=estimate[0], output_tokens=estimate[1]
        )
        self._take(Job(request, used, self.now))

    def run(self, until: float) -> None:
        while self._events and self._events[0][0] <= until:
            now, _, what = heapq.heappop(self._events)
            self.clock.advance(now - self.now)
            self.now = now
            what()
        self.now = until

    def _take(self, job: Job) -> None:
        self._broker.append(job)
        self._work()

    def _work(self) -> None:
        while self._idle and self._broker:
            self._idle -= 1
            job = self._broker.popleft()
            job.slept_s = 0.0
            # Duration of a claim.
            self.at(self.now + self._draw.uniform(0.005, 0.03), partial(self._ask, job))

    def _ask(self, job: Job) -> None:
        self.visits += 1
        answer = self.limits.reserve(job.request)
        if isinstance(answer, Reservation):
            self.at(self.now + self._draw.uniform(0.01, 0.06), lambda: self._arrive(job, answer))
        elif job.slept_s + answer.seconds <= MAX_SLEEP_S:
            job.slept_s += answer.seconds
            self.at(self.now + answer.seconds, lambda: self._ask(job))
        else:
            job.available_at = self.now + answer.seconds
            self._away[job.request.job] = job
            self._leave()

    def _arrive(self, job: Job, reservation: Reservation) -> None:
        self.calls += 1
        try:
            self.provider.admit(MODEL, job.used[0], self.now)
        except ApiError as error:
            self.refused += 1
            retry_after_s = float(error.headers["retry-after"])
            result = CallResult(
                status=CallStatus.RATE_LIMITED,
                usage=Usage(),
                headers=parse_rate_limits(error.headers),
                retry_after_s=retry_after_s,
            )
            self.at(self.now + 0.05, lambda: self._refused(job, reservation, result))
            return
        if job.request.lane == Lane.INTERACTIVE:
            self.waits.append(self.now - job.came_at)
        self.provider.spend_output(MODEL, job.used[1], self.now)
        seconds = self._draw.uniform(0.5, 1.5) * self.call_s
        self.at(self.now + seconds, lambda: self._done(job, reservation))

    def _refused(self, job: Job, reservation: Reservation, result: CallResult) -> None:
        self.limits.settle(reservation, result)
        job.available_at = self.now + (result.retry_after_s or 0)
        self._away[job.request.job] = job
        self._leave()

    def _done(self, job: Job, reservation: Reservation) -> None:
        headers = self.provider.headers(MODEL, self.now)
        usage = Usage(input_tokens=job.used[0], output_tokens=job.used[1])
        self.limits.settle(
            reservation,
            CallResult(status=CallStatus.ANSWERED, usage=usage, headers=parse_rate_limits(headers)),
        )
        universe = job.request.universe
        self.done_by_universe[universe] = self.done_by_universe.get(universe, 0) + 1
        self._leave()

    def _leave(self) -> None:
        self._idle += 1
        self._work()

    def _sweep(self) -> None:
        for name in [name for name, job in self._away.items() if job.available_at <= self.now]:
            self._take(self._away.pop(name))
        self.at(self.now + SWEEP_S, self._sweep)

    def _wake(self) -> None:
        for name in self.limits.ready_jobs():
            if name in self._away:
                self._take(self._away.pop(name))
        self.at(self.now + 1.0, self._wake)
