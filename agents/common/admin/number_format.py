"""Numbers as people read them: shares, durations and amounts of money."""

from __future__ import annotations

from decimal import Decimal

from agents.common.text.money import format_usd

NOTHING = "–"


def percent(share: float | None) -> str:
    """Format as whole percents, with "0%" and "100%" for exactly these shares only."""
    if share is None:
        return NOTHING
    if share in {0.0, 1.0} or 0.01 <= share < 0.995:
        return f"{share:.0%}"
    return "under 1%" if share < 0.5 else "over 99%"


def duration(seconds: float | None) -> str:
    """Format in one readable unit: "45 s", "12 min", "3.4 h", "2.1 days"."""
    if seconds is None:
        return NOTHING
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.1f} days"


def usd(amount: str | None) -> str:
    """Format with cents from one dollar on, with two significant digits below a cent."""
    if amount is None:
        return NOTHING
    value = Decimal(amount)
    if value == 0:
        return "$0"
    if value < Decimal("0.000001"):
        return "under $0.000001"
    if value >= 1:
        return f"${value:,.2f}"
    places = 4 if value >= Decimal("0.01") else 1 - value.adjusted()
    return f"${value:.{places}f}"


def exact_usd(amount: Decimal | None) -> str:
    """Format all digits of a price or the cost of one call; "unknown" for None."""
    if amount is None:
        return "unknown"
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents}" if amount and cents == amount else f"${format_usd(amount)}"


def score(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"
