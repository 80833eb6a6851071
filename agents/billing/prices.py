"""Rates of model calls, from the price list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from agents.choices import VersionedData
from agents.common.database.versions import Versioned
from agents.llm.base import Usage
from agents.models import ModelPrice

MILLION: Final = Decimal(1_000_000)

# The decimal places of the ledger's columns.
_RATE_PLACES: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Rates:
    """Prices in US dollars of a million tokens of each kind, for one model, lane and prompt length."""

    input_usd: Decimal = Decimal(0)
    output_usd: Decimal = Decimal(0)
    cache_read_usd: Decimal = Decimal(0)
    cache_write_usd: Decimal = Decimal(0)

    def cost_of(self, usage: Usage) -> Decimal:
        """Return the exact cost, a multiple of 10⁻¹² dollars."""
        return (
            usage.input_tokens * self.input_usd
            + usage.output_tokens * self.output_usd
            + usage.cache_read_tokens * self.cache_read_usd
            + usage.cache_write_tokens * self.cache_write_usd
        ) / MILLION

    def as_dict(self) -> dict[str, Decimal]:
        return asdict(self)


FREE: Final = Rates()


def price_for(model: str, usage: Usage, *, at: datetime, is_batch: bool = False) -> Rates | None:
    """Return the rates for one call, or None if the list has no price for the model.

    A dated model name (``name-20261007``) falls back to the price of its prefix. A prompt over a row's ``prompt_over``
    is billed at that row's rates, the whole prompt and the answer.
    """
    prompt_tokens = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
    day = at.astimezone(UTC).date()
    by_model = _price_list.get()
    # The longest of the names is the closest match.
    rows = (row for name in reversed(_names(model)) for row in by_model.get(name, ()))
    row = next(
        (row for row in rows if row.valid_from <= day and _is_in_band(row, prompt_tokens)),
        None,
    )
    if row is None:
        return None
    share = row.batch_share if is_batch else Decimal(1)
    return Rates(
        *(
            (usd * share).quantize(_RATE_PLACES)
            for usd in (row.input_usd, row.output_usd, row.cache_read_usd, row.cache_write_usd)
        )
    )


def _is_in_band(row: ModelPrice, prompt_tokens: int) -> bool:
    return row.prompt_over == 0 or row.prompt_over < prompt_tokens


def _read_prices() -> Mapping[str, list[ModelPrice]]:
    """Return all prices by model, newest first, and of one day those for the longest prompts first."""
    by_model: dict[str, list[ModelPrice]] = defaultdict(list)
    for row in ModelPrice.objects.order_by("-valid_from", "-prompt_over"):
        by_model[row.model].append(row)
    return dict(by_model)


_price_list: Final = Versioned(VersionedData.PRICES, _read_prices)


def _names(model: str) -> list[str]:
    """Return the name and its prefixes that end before a hyphen."""
    parts = model.split("-")
    return ["-".join(parts[:count]) for count in range(1, len(parts) + 1)]
