"""Amounts of money as text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


def format_usd(cost: Decimal) -> str:
    """Without trailing zeros: the databases sum up decimals with different numbers of places."""
    return f"{cost.quantize(Decimal('1e-12')).normalize():f}"
