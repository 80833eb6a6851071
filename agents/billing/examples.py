"""Prices that a job would have with a real model, where the mock model answers."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from agents.billing import prices
from agents.llm.base import Usage


def price_with(
    model: str, *, prefix: int, task: int, output_low: int, output_high: int
) -> tuple[Decimal, Decimal] | None:
    """Return the lowest and the highest price of these tokens in US dollars; None if the model has no price."""
    cheapest = Usage(input_tokens=task, cache_read_tokens=prefix, output_tokens=output_low)
    dearest = Usage(cache_write_tokens=prefix + task, output_tokens=output_high)
    now = timezone.now()
    low, high = (prices.price_for(model, usage, at=now) for usage in (cheapest, dearest))
    if low is None or high is None:
        return None
    return low.cost_of(cheapest), high.cost_of(dearest)
