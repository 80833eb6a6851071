"""Figures in words, and the rows of the tables that show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.choices import Verdict
from agents.common.admin import charts, display
from agents.common.money import format_usd

NOTHING = "–"

# How each verdict is drawn, and how a heading calls it.
VERDICT_TONES = {
    Verdict.APPROVED: ("good", "Approved"),
    Verdict.EDITED: ("info", "Edited"),
    Verdict.ASKED_AGAIN: ("warn", "Asked again"),
    Verdict.REJECTED: ("bad", "Rejected"),
}


def verdict_legend() -> list[dict[str, str]]:
    return [{"tone": tone, "name": called} for tone, called in VERDICT_TONES.values()]


def percent(share: float | None) -> str:
    """Whole percents, but not "0%" for what has happened nor "100%" for what has not always."""
    if share is None:
        return NOTHING
    if share in {0.0, 1.0} or 0.01 <= share < 0.995:
        return f"{share:.0%}"
    return "under 1%" if share < 0.5 else "over 99%"


def fine_percent(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.1%}"


def rate(found: Mapping[str, Any] | None) -> str:
    """A share with its interval and its count: "8.3% (2.9% to 21.8%) of 36"."""
    if found is None:
        return NOTHING
    low, high = fine_percent(found["low"]), fine_percent(found["high"])
    return f"{fine_percent(found['share'])} ({low} to {high}) of {found['count']}"


def duration(seconds: float | None) -> str:
    """In one unit that reads well: "45 s", "12 min", "3.4 h", "2.1 days"."""
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
    """Cents where there are dollars, and two digits that say something where there are not even cents."""
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
    """All its digits, of one price or one call; "unknown" where nobody knows it."""
    if amount is None:
        return "unknown"
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents}" if amount and cents == amount else f"${format_usd(amount)}"


def score(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The verdicts of one group: its name, how many, a bar, and the shares in the order of the headings."""

    name: SafeString
    decided: int
    bar: SafeString
    shares: list[str]


def verdict_row(name: str, decided: int, rates: Mapping[str, Any]) -> VerdictRow:
    shares = [
        (tone, called, (rates[verdict] or {}).get("share"))
        for verdict, (tone, called) in VERDICT_TONES.items()
    ]
    parts = [
        charts.Part(tone, share, f"{called}: {percent(share)}") for tone, called, share in shares if share
    ]
    return VerdictRow(
        display.isolated(name), decided, charts.bar(parts), [percent(share) for *_, share in shares]
    )


@dataclass(frozen=True, slots=True)
class RateRow:
    """One share, drawn and in words."""

    name: SafeString
    picture: SafeString
    words: str


def rate_row(name: str, found: Mapping[str, Any] | None) -> RateRow:
    picture = charts.interval(found["low"], found["high"], found["share"]) if found else format_html("{}", "")
    return RateRow(display.isolated(name), picture, rate(found))


def weeks(rows: Sequence[Mapping[str, Any]]) -> SafeString | str:
    """Decided per week, the accepted ones darker; "" where nothing was decided."""
    total = sum(row["decided"] for row in rows)
    if not total:
        return ""
    return charts.columns(
        "weeks",
        "Decided per week",
        f"{total} decided in {len(rows)} weeks, {rows[-1]['decided']} of them in this one.",
        [
            charts.Column(
                row["week"][5:],
                row["decided"],
                row["accepted"],
                f"Week of {row['week']}: {row['decided']} decided, {row['accepted']} approved or edited",
            )
            for row in rows
        ],
    )
