"""A plot of the cost of each day, as the geometry of an SVG picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from agents.billing.usage_rows import UsageRow

WIDTH: Final = 720
HEIGHT: Final = 120


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    words: str
    is_none: bool


@dataclass(frozen=True, slots=True)
class Plot:
    bars: list[Bar]
    highest: Decimal
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT


def days_plot(rows: Iterable[UsageRow], first: date, last: date) -> Plot:
    """Return a bar for each day; days without a cost have a low one, so that the axis is seen."""
    costs: dict[date, Decimal] = defaultdict(Decimal)
    calls: dict[date, int] = defaultdict(int)
    for row in rows:
        costs[row.key["day"]] += row.cost
        calls[row.key["day"]] += row.calls
    count = (last - first).days + 1
    highest = max(costs.values(), default=Decimal(0))
    step = WIDTH / count
    bars = []
    for number in range(count):
        day = first + timedelta(days=number)
        cost = costs[day]
        height = float(cost / highest) * HEIGHT if highest else 0.0
        height = max(height, 2.0)
        words = f"{day:%d %B}: ${cost:.4f}, {calls[day]} {'call' if calls[day] == 1 else 'calls'}"
        bars.append(
            Bar(
                f"{number * step + 1:.1f}",
                f"{HEIGHT - height:.1f}",
                f"{step - 2:.1f}",
                f"{height:.1f}",
                words,
                not cost,
            )
        )
    return Plot(bars, highest, first, last)
