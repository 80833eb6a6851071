"""What the calls cost, worked out apart from the product: a table and arithmetic of its own.

The two must agree to the micro-dollar, so nothing here may be imported from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dev.standin.tokens import Tokens

_MILLION: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars for a million tokens."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write_5m: Decimal
    cache_write_1h: Decimal


def _rates(*dollars: str) -> Rates:
    return Rates(*map(Decimal, dollars))


# Input, output, cache read, 5-minute write, 1-hour write.
RATES: Final = {
    "claude-haiku-5-5": _rates("0.10", "0.50", "0.01", "0.125", "0.20"),
    "claude-sonnet-5-5": _rates("2", "10", "0.10", "2.50", "4"),
    "claude-opus-5-5": _rates("4", "20", "0.20", "5", "8"),
    "claude-fable-5-1": _rates("10", "50", "0.25", "12.50", "20"),
    "claude-haiku-4-5-20251001": _rates("1", "5", "0.10", "1.25", "2"),
}

# A prompt over this many tokens, cached ones included, is billed at the second price: all of it, and its output.
LONG_PROMPT_TOKENS: Final = 100_000
LONG_RATES: Final = {"claude-haiku-5-5": _rates("0.50", "2.50", "0.05", "0.625", "1.00")}


def price_usd(model: str, used: Tokens, *, is_batch: bool = False) -> Decimal | None:
    """The exact price in US dollars, unrounded; None for a model that has no price here."""
    rates = RATES.get(model)
    if rates is None:
        return None
    if used.prompt > LONG_PROMPT_TOKENS:
        rates = LONG_RATES.get(model, rates)
    millionths = (
        used.input * rates.input
        + used.output * rates.output
        + used.cache_read * rates.cache_read
        + used.cache_write_5m * rates.cache_write_5m
        + used.cache_write_1h * rates.cache_write_1h
    )
    return millionths / _MILLION / (2 if is_batch else 1)
