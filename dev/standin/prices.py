"""Token counts and prices, kept apart from the product's so that tests can compare the two.

Nothing here may be imported from the product: both sides must agree to the micro-dollar.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

CHARS_PER_TOKEN: Final = 4
_MILLION: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Token usage of one call, by disjoint kinds."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def prompt(self) -> int:
        return self.input + self.cache_read + self.cache_write

    @property
    def uncached(self) -> int:
        """Return the tokens that count against the input rate limit: cache reads do not."""
        return self.input + self.cache_write


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars for a million tokens; ``cache_write`` is for entries that live five minutes."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal


def _rates(*dollars: str) -> Rates:
    return Rates(*map(Decimal, dollars))


# Input, output, cache read, cache write.
RATES: Final = {
    "claude-haiku-5-5": _rates("0.10", "0.50", "0.01", "0.125"),
    "claude-sonnet-5-5": _rates("2", "10", "0.10", "2.50"),
    "claude-opus-5-5": _rates("4", "20", "0.20", "5"),
    "claude-fable-5-1": _rates("10", "50", "0.25", "12.50"),
    "claude-haiku-4-5-20251001": _rates("1", "5", "0.10", "1.25"),
}

# A longer prompt, cached tokens included, is billed at the second price as a whole, output included.
LONG_PROMPT_TOKENS: Final = 100_000
LONG_RATES: Final = {"claude-haiku-5-5": _rates("0.50", "2.50", "0.05", "0.625")}


def price_usd(model: str, used: Tokens, *, is_batch: bool = False) -> Decimal | None:
    """Return the exact price in US dollars, or None for a model without a price."""
    rates = RATES.get(model)
    if rates is None:
        return None
    if used.prompt > LONG_PROMPT_TOKENS:
        rates = LONG_RATES.get(model, rates)
    millionths = (
        used.input * rates.input
        + used.output * rates.output
        + used.cache_read * rates.cache_read
        + used.cache_write * rates.cache_write
    )
    return millionths / _MILLION / (2 if is_batch else 1)


def count_tokens(text: str) -> int:
    """Count four characters as a token, rounded up, so that a test can compute it by hand."""
    return -(-len(text) // CHARS_PER_TOKEN)


def canonical(value: Any) -> str:
    """Return the spelling of a JSON value that is hashed and counted."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
