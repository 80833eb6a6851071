"""Circuit breakers of one model, by cause. Says the same as lua/breakers.lua."""

from __future__ import annotations

from dataclasses import dataclass

from agents.llm.limits.config import BreakerRule, LimitSettings
from agents.llm.limits.kinds import Cause, Ending, Outcome
from agents.llm.limits.snapshots import BreakerState, breaker_state

# The other side answered, and not with a refusal that holds for everybody.
_GOOD = frozenset({Outcome.ANSWERED, Outcome.REJECTED, Outcome.RATE_LIMITED})


@dataclass(slots=True)
class _Breaker:
    until: float = 0.0
    since: float = 0.0
    pause_s: float = 0.0
    streak: int = 0
    window_start: float = 0.0
    good: int = 0
    bad: int = 0
    message: str = ""

    def count(self, is_good: bool, rule: BreakerRule, now: float) -> None:
        if now - self.window_start >= rule.window_s:
            self.window_start, self.good, self.bad = now, 0, 0
        if is_good:
            self.good += 1
        else:
            self.bad += 1

    def open(self, pause_s: float, now: float) -> None:
        self.pause_s = pause_s
        self.until = now + pause_s


class Breakers:
    def __init__(self, settings: LimitSettings) -> None:
        self._rules = settings.breakers
        self._breakers = {cause: _Breaker() for cause in Cause}
        self._probe = ""
        self._probe_until = 0.0

    def held_back(self, call_s: float, now: float) -> tuple[float, bool]:
        """Seconds to wait, and whether the next call is the probe."""
        open_until = max(breaker.until for breaker in self._breakers.values())
        if not open_until:
            return 0.0, False
        if now < open_until:
            return open_until - now, True
        if now < self._probe_until:
            return min(self._probe_until - now, max(call_s, 0.1)), True
        return 0.0, True

    def begin_probe(self, grant: str, expires_at: float) -> None:
        self._probe, self._probe_until = grant, expires_at

    def end_probe(self, grant: str) -> bool:
        """Returns whether this grant was the probe."""
        if self._probe != grant or not self._probe_until:
            return False
        self._probe, self._probe_until = "", 0.0
        return True

    def report(self, ending: Ending, is_probe: bool, now: float) -> None:
        is_good = ending.outcome in _GOOD
        for cause, breaker in self._breakers.items():
            rule = self._rules[cause]
            is_its_own = ending.outcome.value == cause.value
            if breaker.until:
                if is_probe and is_good:
                    self._breakers[cause] = _Breaker(since=now, message=breaker.message)
                elif is_probe:
                    breaker.open(min(breaker.pause_s * 2, rule.longest_pause_s), now)
                    breaker.message = ending.message if is_its_own else breaker.message
            elif is_good:
                breaker.streak = 0
                breaker.count(True, rule, now)
            elif is_its_own:
                breaker.streak += 1
                breaker.count(False, rule, now)
                calls = breaker.good + breaker.bad
                is_many = calls >= rule.least and breaker.bad / calls >= rule.ratio
                if breaker.streak >= rule.streak or is_many:
                    breaker.open(rule.pause_s, now)
                    breaker.since, breaker.message = now, ending.message

    def states(self, now: float) -> tuple[BreakerState, ...]:
        return tuple(
            breaker_state(
                cause=cause,
                until=breaker.until,
                since=breaker.since,
                message=breaker.message,
                now=now,
            )
            for cause, breaker in self._breakers.items()
        )
