"""Formatting of amounts of money."""

from __future__ import annotations

from decimal import Decimal


def format_usd(cost: Decimal) -> str:
    """Format US dollars without trailing zeros, which the databases add in different numbers."""
    return f"{cost.quantize(Decimal('1e-12')).normalize():f}"
