"""Rows and charts of review metrics, for the overview and the reviewers' pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from agents.common.admin import charts, display
from agents.common.admin.display import VERDICT_TONES
from agents.common.admin.number_format import NOTHING, percent
from agents.engine.confidence.statistics import Rate
from agents.quality.types import Week


def verdict_headings() -> list[dict[str, str]]:
    return [{"tone": tone, "name": verdict.label} for verdict, tone in VERDICT_TONES.items()]


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The verdicts of one group: its name, their number, a bar, and the shares in the order of the headings."""

    name: SafeString
    decided: int
    bar: SafeString
    shares: list[str]


def verdict_row(name: str, decided: int, rates: Mapping[str, Any]) -> VerdictRow:
    shares = [
        (tone, verdict.label, (rates[verdict] or {}).get("share")) for verdict, tone in VERDICT_TONES.items()
    ]
    parts = [
        charts.Part(tone, share, f"{heading}: {percent(share)}") for tone, heading, share in shares if share
    ]
    return VerdictRow(
        display.isolated(name), decided, charts.bar(parts), [percent(share) for *_, share in shares]
    )


@dataclass(frozen=True, slots=True)
class RateRow:
    """A share with its interval, drawn and in words."""

    name: SafeString
    picture: SafeString
    words: str


def rate_row(name: str, rate: Rate | None) -> RateRow:
    picture = charts.interval(rate["low"], rate["high"], rate["share"]) if rate else SafeString()
    return RateRow(display.isolated(name), picture, _rate_words(rate))


def _rate_words(rate: Rate | None) -> str:
    """Format a share with its interval and count: "8.3% (2.9% to 21.8%) of 36"."""
    if rate is None:
        return NOTHING
    return f"{rate['share']:.1%} ({rate['low']:.1%} to {rate['high']:.1%}) of {rate['count']}"


def week_chart(rows: Sequence[Week]) -> SafeString | str:
    """Draw the items decided per week, the accepted ones darker; return "" if none were decided."""
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
                f"Week of {row['week']}: {row['decided']} decided, {row['accepted']} approved, edited or not",
            )
            for row in rows
        ],
    )
