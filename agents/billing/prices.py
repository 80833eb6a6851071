"""What a call costs, by the price list of its day."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q

from agents.llm.base import Usage
from agents.models import ModelPrice

MILLION: Final = Decimal(1_000_000)

# As many places as the columns of the ledger have.
_RATE_PLACES: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars for a million tokens of each kind, of one model, lane and length of prompt."""

    input_usd: Decimal = Decimal(0)
    output_usd: Decimal = Decimal(0)
    cache_read_usd: Decimal = Decimal(0)
    cache_write_usd: Decimal = Decimal(0)

    def cost_of(self, usage: Usage) -> Decimal:
        """Exact, to a millionth of a millionth of a dollar."""
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
    """The rates for one call, or None where the list has no price: unknown is never written as zero.

    A dated model name (``name-20261007``) falls back to the price of the name that it starts with. A prompt over the
    limit of a band is billed at that band's rates, all of it and its answer too.
    """
    prompt_tokens = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
    row = (
        ModelPrice.objects.filter(model__in=_names(model), valid_from__lte=at.astimezone(UTC).date())
        .filter(Q(prompt_over=0) | Q(prompt_over__lt=prompt_tokens))
        # Of two of these names one begins with the other, so that the greater is the closer one.
        .order_by("-model", "-valid_from", "-prompt_over")
        .first()
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


def _names(model: str) -> list[str]:
    """The name, and what is left of it without its last parts."""
    parts = model.split("-")
    return ["-".join(parts[:count]) for count in range(1, len(parts) + 1)]
