"""The log that tests read: every call, what it used, and what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal

from dev.standin.prices import price_usd
from dev.standin.tokens import Tokens

Lane = Literal["live", "batch"]


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, or one item of a batch.

    ``used`` and ``price_usd`` are what the server bills, None where it did no work. ``is_delivered`` says that
    the whole answer with its usage went out to a caller that was still there: a billed call without it is one
    whose cost the caller had no way to read.
    """

    number: int
    route: str
    arrived_at: float
    lane: Lane = "live"
    ended_at: float | None = None
    model: str = ""
    request_id: str = ""
    custom_id: str = ""
    batch_id: str = ""
    status: int = 0
    fault: str = ""
    stop_reason: str = ""
    is_streamed: bool = False
    is_delivered: bool = False
    used: Tokens | None = None
    price_usd: Decimal | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def bill(self, used: Tokens) -> None:
        self.used = used
        self.price_usd = price_usd(self.model, used, is_batch=self.lane == "batch")

    def as_dict(self, *, with_bodies: bool = False) -> dict[str, Any]:
        """As JSON takes it; the headers and the body only if they are wanted."""
        entry = asdict(self)
        entry["price_usd"] = None if self.price_usd is None else str(self.price_usd)
        if not with_bodies:
            del entry["body"], entry["headers"]
        return entry

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> Call:
        values = dict(entry)
        values["used"] = None if values["used"] is None else Tokens(**values["used"])
        values["price_usd"] = None if values["price_usd"] is None else Decimal(values["price_usd"])
        return cls(**values)


@dataclass(slots=True)
class Log:
    """``peak`` is the most live message calls that were in flight at once."""

    calls: list[Call] = field(default_factory=list)
    peak: int = 0
    in_flight: int = 0

    @property
    def billed(self) -> list[Call]:
        return [call for call in self.calls if call.used is not None]

    @property
    def price_usd(self) -> Decimal:
        """Of everything that was billed, delivered or not. ``unpriced`` says whether models are missing in it."""
        return sum((call.price_usd for call in self.billed if call.price_usd is not None), Decimal(0))

    @property
    def delivered_price_usd(self) -> Decimal:
        """Of what the callers could know of."""
        known = (call.price_usd for call in self.billed if call.is_delivered and call.price_usd is not None)
        return sum(known, Decimal(0))

    @property
    def unpriced(self) -> int:
        return sum(call.price_usd is None for call in self.billed)

    @property
    def tokens(self) -> Tokens:
        """All that was billed, by kind."""
        kinds = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "thinking")
        return Tokens(**{kind: sum(getattr(call.used, kind) for call in self.billed) for kind in kinds})

    @property
    def statuses(self) -> Counter[int]:
        """Of live message calls; 0 where no status was sent."""
        return Counter(call.status for call in self.messages)

    @property
    def faults(self) -> Counter[str]:
        return Counter(call.fault for call in self.calls if call.fault)

    @property
    def messages(self) -> list[Call]:
        return [call for call in self.calls if call.route == "messages"]

    def totals(self) -> dict[str, Any]:
        return {
            "calls": len(self.calls),
            "in_flight": self.in_flight,
            "peak": self.peak,
            "tokens": asdict(self.tokens),
            "price_usd": str(self.price_usd),
            "delivered_price_usd": str(self.delivered_price_usd),
            "unpriced": self.unpriced,
            "statuses": {str(code): number for code, number in sorted(self.statuses.items())},
            "faults": dict(sorted(self.faults.items())),
        }

    def open(self, route: str, at: float, **values: Any) -> Call:
        call = Call(number=len(self.calls) + 1, route=route, arrived_at=at, **values)
        self.calls.append(call)
        if route == "messages":
            self.in_flight += 1
            self.peak = max(self.peak, self.in_flight)
        return call

    def close(self, call: Call, at: float) -> None:
        call.ended_at = at
        if call.route == "messages":
            self.in_flight -= 1

    def clear(self) -> None:
        """Forget what was; calls in flight stay counted."""
        self.calls.clear()
        self.peak = self.in_flight
