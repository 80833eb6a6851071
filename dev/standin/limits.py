"""Rate limits: three token buckets a model, and the headers that tell of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from dev.standin.clock import rfc3339
from dev.standin.errors import ApiError

_MINUTE_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a model may be asked a minute. ``window_s`` is how many seconds' worth a bucket holds: 60 lets a
    whole minute's allowance go at once, 1 spreads it evenly.
    """

    rpm: int = 100_000
    itpm: int = 100_000_000
    otpm: int = 20_000_000
    window_s: float = _MINUTE_S


class Bucket:
    """Starts full. Output is taken when it is there, so the level may fall below nothing."""

    def __init__(self, per_minute: int, window_s: float, now: float) -> None:
        self.limit = per_minute
        self._per_s = per_minute / _MINUTE_S
        self._capacity = max(1.0, self._per_s * window_s)
        self._level = self._capacity
        self._at = now

    def left(self, now: float) -> float:
        self._level = min(self._capacity, self._level + max(0.0, now - self._at) * self._per_s)
        self._at = max(self._at, now)
        return self._level

    def take(self, amount: float, now: float) -> None:
        self._level = self.left(now) - amount

    def wait_s(self, amount: float, now: float) -> float:
        """How long until ``amount`` is there; a minute for what can never be."""
        missing = amount - self.left(now)
        # What refills in binary fractions may be short by less than anybody would wait for.
        if missing <= 1e-9:
            return 0.0
        return missing / self._per_s if self._per_s and amount <= self._capacity else _MINUTE_S

    def full_at(self, now: float) -> float:
        return now + ((self._capacity - self.left(now)) / self._per_s if self._per_s else _MINUTE_S)


@dataclass(slots=True)
class _Buckets:
    requests: Bucket
    input: Bucket
    output: Bucket


@dataclass(slots=True)
class RateLimits:
    default: Allowance = Allowance()
    _own: dict[str, Allowance] = field(default_factory=dict)
    _buckets: dict[str, _Buckets] = field(default_factory=dict)

    def allow(self, allowance: Allowance, model: str | None = None) -> None:
        """Set what one model may be asked, or every model without a setting of its own. All buckets refill."""
        if model is None:
            self.default = allowance
        else:
            self._own[model] = allowance
        self._buckets.clear()

    def admit(self, model: str, uncached_tokens: int, now: float) -> None:
        """Take one request and its uncached input, or answer 429 and take nothing.

        ``max_tokens`` plays no part: output is counted when it is made, and stops new requests while the
        bucket is empty.
        """
        buckets = self._of(model, now)
        waits = {
            "requests": buckets.requests.wait_s(1, now),
            "input tokens": buckets.input.wait_s(uncached_tokens, now),
            "output tokens": buckets.output.wait_s(1, now),
        }
        worst = max(waits, key=lambda name: waits[name])
        if waits[worst] > 0:
            limit = {
                "requests": buckets.requests,
                "input tokens": buckets.input,
                "output tokens": buckets.output,
            }[worst].limit
            raise ApiError(
                429,
                f"This request would exceed your organization's rate limit of {limit:,} {worst} per minute "
                f"(model: {model}). See the response headers for current usage.",
                headers={"retry-after": str(max(1, math.ceil(waits[worst]))), **self.headers(model, now)},
            )
        buckets.requests.take(1, now)
        buckets.input.take(uncached_tokens, now)

    def spend_output(self, model: str, tokens: int, now: float) -> None:
        self._of(model, now).output.take(tokens, now)

    def headers(self, model: str, now: float) -> dict[str, str]:
        """Tokens left are rounded to the nearest thousand; the time is when the bucket is full again."""
        buckets = self._of(model, now)
        shown = {
            "requests": (
                buckets.requests.limit,
                max(0, math.floor(buckets.requests.left(now))),
                [buckets.requests],
            ),
            "input-tokens": (buckets.input.limit, _thousands(buckets.input.left(now)), [buckets.input]),
            "output-tokens": (buckets.output.limit, _thousands(buckets.output.left(now)), [buckets.output]),
            "tokens": (
                buckets.input.limit + buckets.output.limit,
                _thousands(buckets.input.left(now)) + _thousands(buckets.output.left(now)),
                [buckets.input, buckets.output],
            ),
        }
        headers: dict[str, str] = {}
        for name, (limit, left, parts) in shown.items():
            start = f"anthropic-ratelimit-{name}"
            headers[f"{start}-limit"] = str(limit)
            headers[f"{start}-remaining"] = str(left)
            headers[f"{start}-reset"] = rfc3339(math.ceil(max(part.full_at(now) for part in parts)))
        return headers

    def _of(self, model: str, now: float) -> _Buckets:
        if model not in self._buckets:
            allowance = self._own.get(model, self.default)
            self._buckets[model] = _Buckets(
                *(
                    Bucket(per_minute, allowance.window_s, now)
                    for per_minute in (allowance.rpm, allowance.itpm, allowance.otpm)
                )
            )
        return self._buckets[model]


def _thousands(left: float) -> int:
    return max(0, round(left / 1000) * 1000)
