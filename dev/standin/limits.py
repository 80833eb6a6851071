"""Rate limits: three token buckets per model, and the headers that report them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dev.standin.exchange import ApiError
from dev.standin.instruments.clock import rfc3339

_MINUTE_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Limits of a model per minute.

    ``window_s`` is how many seconds' worth a bucket holds: 60 allows a burst of a whole minute's allowance, 1
    spreads it evenly.
    """

    rpm: int = 100_000
    itpm: int = 100_000_000
    otpm: int = 20_000_000
    window_s: float = _MINUTE_S


class Bucket:
    """A token bucket that starts full; its level may fall below zero."""

    def __init__(self, per_minute: int, window_s: float, now: float) -> None:
        self.limit = per_minute
        self._per_s = per_minute / _MINUTE_S
        self._capacity = max(1.0, self._per_s * window_s)
        self._level = self._capacity
        self._at = now

    def level(self, now: float) -> float:
        self._level = min(self._capacity, self._level + max(0.0, now - self._at) * self._per_s)
        self._at = max(self._at, now)
        return self._level

    def take(self, amount: float, now: float) -> None:
        self._level = self.level(now) - amount

    def wait_s(self, amount: float, now: float) -> float:
        """Return the seconds until ``amount`` is available; a minute if it never can be."""
        missing = amount - self.level(now)
        # Refills are binary fractions: ignore a rounding error.
        if missing <= 1e-9:
            return 0.0
        return missing / self._per_s if self._per_s and amount <= self._capacity else _MINUTE_S

    def full_at(self, now: float) -> float:
        return now + ((self._capacity - self.level(now)) / self._per_s if self._per_s else _MINUTE_S)


@dataclass(slots=True)
class RateLimits:
    """Buckets of all models; ``default`` applies to models without an allowance of their own."""

    default: Allowance = Allowance()
    _own: dict[str, Allowance] = field(default_factory=dict)
    _buckets: dict[str, Mapping[str, Bucket]] = field(default_factory=dict)

    def allow(self, allowance: Allowance, model: str | None = None) -> None:
        """Set the allowance of one model, or the default, and refill all buckets."""
        if model is None:
            self.default = allowance
        else:
            self._own[model] = allowance
        self._buckets.clear()

    def admit(self, model: str, uncached_tokens: int, now: float) -> None:
        """Take one request and its uncached input, or raise a 429 and take nothing.

        ``max_tokens`` plays no part: output is taken once it is generated, and blocks new requests while its
        bucket is empty.
        """
        buckets = self._of(model, now)
        amounts = {"requests": 1, "input-tokens": uncached_tokens, "output-tokens": 1}
        waits = {name: bucket.wait_s(amounts[name], now) for name, bucket in buckets.items()}
        name = max(waits, key=lambda name: waits[name])
        if waits[name] > 0:
            raise ApiError(
                429,
                f"This request would exceed your organization's rate limit of {buckets[name].limit:,} "
                f"{name.replace('-', ' ')} per minute (model: {model}).",
                headers={"retry-after": str(max(1, math.ceil(waits[name]))), **self.headers(model, now)},
            )
        buckets["requests"].take(1, now)
        buckets["input-tokens"].take(uncached_tokens, now)

    def spend_output(self, model: str, tokens: int, now: float) -> None:
        self._of(model, now)["output-tokens"].take(tokens, now)

    def headers(self, model: str, now: float) -> dict[str, str]:
        """Return the headers: remaining tokens rounded to thousands, and the time when a bucket is full."""
        buckets = self._of(model, now)
        tokens = [buckets["input-tokens"], buckets["output-tokens"]]
        headers: dict[str, str] = {}
        for name, parts in {**{name: [bucket] for name, bucket in buckets.items()}, "tokens": tokens}.items():
            unit = 1 if name == "requests" else 1000
            levels = [part.level(now) / unit for part in parts]
            remaining = sum(
                max(0, math.floor(level) if unit == 1 else round(level)) * unit for level in levels
            )
            start = f"anthropic-ratelimit-{name}"
            headers[f"{start}-limit"] = str(sum(part.limit for part in parts))
            headers[f"{start}-remaining"] = str(remaining)
            headers[f"{start}-reset"] = rfc3339(math.ceil(max(part.full_at(now) for part in parts)))
        return headers

    def _of(self, model: str, now: float) -> Mapping[str, Bucket]:
        if model not in self._buckets:
            own = self._own.get(model, self.default)
            limits = {"requests": own.rpm, "input-tokens": own.itpm, "output-tokens": own.otpm}
            self._buckets[model] = {
                name: Bucket(per_minute, own.window_s, now) for name, per_minute in limits.items()
            }
        return self._buckets[model]
