"""Log of calls, with their usage and their price, for tests to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any, Literal

from dev.standin.prices import Tokens, price_usd


@dataclass(slots=True, kw_only=True)
class Call:
    """A request, or an item of a batch.

    ``used`` and ``price_usd`` are what the server bills, None where it did no work. ``is_delivered`` is True
    once the whole response went out to a client that was still connected: otherwise the client cannot know
    the cost of a billed call.
    """

    route: str
    arrived_at: float
    lane: Literal["live", "batch"] = "live"
    model: str = ""
    request_id: str = ""
    custom_id: str = ""
    batch_id: str = ""
    status: int = 0
    fault: str = ""
    is_delivered: bool = False
    used: Tokens | None = None
    price_usd: Decimal | None = None
    body: Any = None

    def bill(self, used: Tokens) -> None:
        self.used = used
        self.price_usd = price_usd(self.model, used, is_batch=self.lane == "batch")

    def as_dict(self) -> dict[str, Any]:
        """Return the call as JSON values, without its body."""
        price = None if self.price_usd is None else str(self.price_usd)
        return asdict(self) | {"price_usd": price, "body": None}

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> Call:
        """Return the call that ``as_dict`` wrote."""
        used, price = entry["used"], entry["price_usd"]
        changed = {"used": used and Tokens(**used), "price_usd": None if price is None else Decimal(price)}
        return cls(**(dict(entry) | changed))


@dataclass(slots=True)
class Log:
    """Calls in order of arrival; ``peak`` is the maximum of live messages that were in flight at once."""

    calls: list[Call] = field(default_factory=list)
    peak: int = 0
    in_flight: int = 0

    @property
    def messages(self) -> list[Call]:
        """Return the live calls of ``/v1/messages``."""
        return [call for call in self.calls if call.route == "messages"]

    @property
    def statuses(self) -> Counter[int]:
        """Count live messages by status; 0 where none was sent."""
        return Counter(call.status for call in self.messages)

    @property
    def billed(self) -> list[Call]:
        return [call for call in self.calls if call.used is not None]

    @property
    def price_usd(self) -> Decimal:
        """Return the price of all billed calls, delivered or not."""
        return sum((call.price_usd for call in self.billed if call.price_usd is not None), Decimal(0))

    @property
    def delivered_price_usd(self) -> Decimal:
        """Return the price of the calls whose cost their clients could know."""
        return Log([call for call in self.calls if call.is_delivered]).price_usd

    @property
    def tokens(self) -> Tokens:
        """Return the sum of all billed tokens by kind."""
        billed = [call.used for call in self.billed if call.used is not None]
        return Tokens(
            **{kind.name: sum(getattr(used, kind.name) for used in billed) for kind in fields(Tokens)}
        )

    def open(self, route: str, at: float, **values: Any) -> Call:
        call = Call(route=route, arrived_at=at, **values)
        self.calls.append(call)
        if route == "messages":
            self.in_flight += 1
            self.peak = max(self.peak, self.in_flight)
        return call

    def close(self, call: Call) -> None:
        if call.route == "messages":
            self.in_flight -= 1

    def clear(self) -> None:
        """Drop the calls; those in flight stay counted."""
        self.calls.clear()
        self.peak = self.in_flight
