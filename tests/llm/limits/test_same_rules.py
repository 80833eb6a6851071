"""The rules are written twice, in Python and in Lua: the same story has to end the same."""

from __future__ import annotations

import random
from typing import Any

import pytest
import redis

from agents.llm.base import Usage
from agents.llm.limits.config import Allowance, BreakerRule, LimitSettings
from agents.llm.limits.kinds import DIMENSIONS, Cause, Ending, Grant, Lane, Outcome, Said, Wait
from agents.llm.limits.local import LocalLimits
from agents.llm.limits.scripts import Scripts
from agents.llm.limits.shared import RedisLimits
from agents.llm.limits.snapshots import ModelState
from tests.llm.limits.asking import CLOCK_IN_REDIS, MODEL, Clock, ask

SETTINGS = LimitSettings(
    default=Allowance(requests=120, input_tokens=60_000, output_tokens=30_000),
    max_in_flight=6,
    share=0.5,
    call_s=2.0,
    breakers={
        Cause.OVERLOADED: BreakerRule(streak=3, least=5, pause_s=4.0, longest_pause_s=10.0),
        Cause.UNREACHABLE: BreakerRule(streak=4, least=6, window_s=5.0),
        Cause.STOPPED: BreakerRule(streak=1, pause_s=6.0, longest_pause_s=6.0),
    },
)

# Mostly well, or the breakers would hold everything back.
OUTCOMES = [Outcome.ANSWERED] * 12 + [Outcome.OVERLOADED] * 2 + list(Outcome)


LIMITS = {"requests": [90.0, 200.0], "input": [50_000.0, 200_000.0], "output": [20_000.0, 100_000.0]}


class Story:
    """What happens to both, one event at a time, from one seed."""

    def __init__(self, seed: int, client: redis.Redis) -> None:
        self.draw = random.Random(seed)
        self.clock = Clock(client)
        self.local = LocalLimits(SETTINGS, clock=self.clock)
        self.shared = RedisLimits(client, SETTINGS, scripts=Scripts(client, clock=CLOCK_IN_REDIS))
        self.grants: list[tuple[Grant, Grant]] = []
        self.told: set[str] = set()

    def event(self) -> None:
        self.clock.advance(self.draw.choice([0.0, 0.01, 0.3, 0.3, 1.0, 2.5]))
        if self.draw.random() < 0.01:
            self.clock.advance(45)
        what = self.draw.choices(
            [self.reserve, self.settle, self.release, self.correct, self.forget, self.turns],
            weights=[50, 30, 2, 1, 2, 5],
        )[0]
        what()
        self.compare(self.local.snapshot(), self.shared.snapshot())

    def reserve(self) -> None:
        asked = ask(
            f"job-{self.draw.randrange(60)}",
            lane=self.draw.choice(list(Lane)),
            universe=f"universe-{self.draw.randrange(4)}",
            input_tokens=self.draw.choice([0, 300, 3000, 9000]),
            output_tokens=self.draw.choice([100, 1200]),
            timeout_s=self.draw.choice([5.0, 60.0]),
        )
        here, there = self.local.reserve(asked), self.shared.reserve(asked)
        if isinstance(here, Wait):
            assert isinstance(there, Wait), (here, there)
            assert there.reason == here.reason
            assert there.seconds == pytest.approx(here.seconds, abs=1e-5)
            self.told.add(here.reason)
        else:
            assert isinstance(there, Grant), (here, there)
            assert there.is_probe == here.is_probe
            self.told.add("probe" if here.is_probe else "grant")
            self.grants.append((here, there))

    def settle(self) -> None:
        if not self.grants:
            return
        at = self.draw.randrange(len(self.grants))
        # Some are settled twice.
        here, there = self.grants[at] if self.draw.random() < 0.05 else self.grants.pop(at)
        usage = Usage(
            input_tokens=self.draw.randrange(3000),
            output_tokens=self.draw.randrange(2000),
            cache_read_tokens=5000,
            cache_write_tokens=self.draw.choice([0, 0, 2000]),
        )
        ending = Ending(
            outcome=self.draw.choice(OUTCOMES),
            usage=self.draw.choice([usage, usage, None]),
            said=self.said(),
            retry_after_s=self.draw.choice([None, 1.0, 3.0]),
            message=self.draw.choice(["broken", "away"]),
        )
        assert self.local.settle(here, ending) == self.shared.settle(there, ending)

    def release(self) -> None:
        if self.grants:
            here, there = self.grants.pop()
            assert self.local.release(here) == self.shared.release(there)

    def correct(self) -> None:
        said = self.said()
        self.local.correct(MODEL, said)
        self.shared.correct(MODEL, said)

    def forget(self) -> None:
        job = f"job-{self.draw.randrange(60)}"
        self.local.forget(MODEL, job)
        self.shared.forget(MODEL, job)

    def turns(self) -> None:
        most = self.draw.choice([3, 100])
        named = self.local.turns(1.0, most)
        assert self.shared.turns(1.0, most) == named
        if named:
            self.told.add("turns")

    def said(self) -> dict[Any, Said]:
        return {
            dimension: Said(
                limit=self.draw.choice([None, None, *LIMITS[dimension]]),
                remaining=self.draw.choice([None, None, None, None, 0.0, 40.0, 4000.0]),
                rounding=1.0,
            )
            for dimension in DIMENSIONS
            if self.draw.random() < 0.2
        }

    def compare(self, here: list[ModelState], there: list[ModelState]) -> None:
        if not there:
            # Redis shows who was asked for; the other remembers also who was only spoken of.
            return
        (mine,), (theirs,) = here, there
        assert (mine.in_flight, mine.cap, mine.waiting) == (theirs.in_flight, theirs.cap, theirs.waiting)
        for ours, shared in zip(mine.buckets, theirs.buckets, strict=True):
            assert ours.name == shared.name
            assert shared.limit == pytest.approx(ours.limit)
            assert shared.left == pytest.approx(ours.left, abs=1e-4)
        for own, other in zip(mine.breakers, theirs.breakers, strict=True):
            assert (own.cause, own.state, own.message) == (other.cause, other.state, other.message)
            assert abs(_seconds(own.until) - _seconds(other.until)) < 1e-4
            assert abs(_seconds(own.since) - _seconds(other.since)) < 1e-4


def _seconds(moment: Any) -> float:
    return float(moment.timestamp()) if moment else 0.0


@pytest.mark.parametrize("seed", range(12))
def test_the_same_story_ends_the_same_in_memory_and_in_redis(seed: int, redis_client: redis.Redis):
    story = Story(seed, redis_client)

    for _ in range(500):
        story.event()

    assert len(story.told) >= 5


def test_the_stories_tell_of_everything(broker, redis_client: redis.Redis):
    told: set[str] = set()
    for seed in range(100, 108):
        broker.empty()
        story = Story(seed, redis_client)
        for _ in range(300):
            story.event()
        told |= story.told

    assert told >= {
        "grant",
        "probe",
        "turns",
        "requests",
        "input",
        "output",
        "in_flight",
        "closed",
        "breaker",
    }
