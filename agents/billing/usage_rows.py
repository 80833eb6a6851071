"""The rows of a usage report, with the values derived from their counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypedDict

from agents.common.text.money import format_usd

TOKENS: Final = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")


class UsageCounts(TypedDict):
    """JSON-ready counts; amounts are decimal numbers as text, None if unknown."""

    calls: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_hit_rate: float | None
    cost_usd: str | None
    unknown_calls: int
    mock_calls: int
    batch_calls: int
    jobs_completed: int
    jobs_approved: int
    cost_per_approved_usd: str | None


@dataclass(slots=True)
class UsageRow:
    """A group of calls and jobs; ``key`` has a value for each column of ``group_by``."""

    key: dict[str, Any]
    universe_name: str | None = None
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cost: Decimal = Decimal(0)
    unknown_calls: int = 0
    mock_calls: int = 0
    batch_calls: int = 0
    jobs_completed: int = 0
    jobs_approved: int = 0

    @property
    def hit_rate(self) -> float | None:
        """Return the share of the prompt tokens that was read from the cache."""
        prompts = self.input_tokens + self.cache_read_tokens + self.cache_write_tokens
        return self.cache_read_tokens / prompts if prompts else None

    @property
    def known_cost(self) -> Decimal | None:
        """Return the cost of the calls whose cost is known; None if no call's is."""
        return None if self.calls and self.calls == self.unknown_calls else self.cost

    @property
    def per_approved(self) -> Decimal | None:
        if self.known_cost is None or not (self.calls and self.jobs_approved):
            return None
        return self.known_cost / self.jobs_approved

    def as_dict(self) -> dict[str, Any]:
        names = {"universe_name": self.universe_name} if "universe_id" in self.key else {}
        return {**self.key, **names, **self.counts()}

    def counts(self) -> UsageCounts:
        cost, per_approved = self.known_cost, self.per_approved
        return {
            "calls": self.calls,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cache_read_tokens": self.cache_read_tokens,
            "cache_write_tokens": self.cache_write_tokens,
            "cache_hit_rate": None if self.hit_rate is None else round(self.hit_rate, 4),
            "cost_usd": None if cost is None else format_usd(cost),
            "unknown_calls": self.unknown_calls,
            "mock_calls": self.mock_calls,
            "batch_calls": self.batch_calls,
            "jobs_completed": self.jobs_completed,
            "jobs_approved": self.jobs_approved,
            "cost_per_approved_usd": None if per_approved is None else format_usd(per_approved),
        }


def total_of(rows: Iterable[UsageRow]) -> UsageRow:
    total = UsageRow({})
    counts = set(UsageRow.__slots__) - {"key", "universe_name"}
    for row in rows:
        for name in counts:
            setattr(total, name, getattr(total, name) + getattr(row, name))
    return total
