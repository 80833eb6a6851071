"""Charts: well-formed, accessible, escaped, and to scale."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from agents.common.admin import charts, number_format
from agents.engine.confidence import statistics
from agents.engine.confidence.statistics import Observation
from agents.quality.admin import metric_rows

HOSTILE = "</title><script>alert(1)</script>\"'&"


def parsed(svg) -> ElementTree.Element:
    return ElementTree.fromstring(f"<root>{svg}</root>")[0]


def all_of(svg, name: str, kind: str = "") -> list[ElementTree.Element]:
    return [element for element in parsed(svg).iter(name) if kind in element.get("class", "")]


@pytest.fixture
def bins():
    seen = [Observation(0.95, True)] * 9 + [Observation(0.95, False)] + [Observation(0.25, False)] * 40
    return statistics.reliability(seen)


def test_chart_has_a_title_and_description(bins):
    svg = parsed(charts.reliability(bins, "50 verdicts."))

    assert (svg.get("role"), svg.get("aria-labelledby")) == ("img", "reliability-title reliability-desc")
    said = {element.get("id"): element.text for element in svg if element.get("id")}
    assert said == {"reliability-title": "Confidence against verdicts", "reliability-desc": "50 verdicts."}


def test_points_are_at_confidence_and_accuracy(bins):
    svg = charts.reliability(bins, "")

    low, high = all_of(svg, "circle")
    side, left, top = charts.SIDE, charts.LEFT, charts.TOP
    assert (float(low.get("cx", "")), float(low.get("cy", ""))) == (left + 0.25 * side, top + side)
    assert float(high.get("cx", "")) == pytest.approx(left + 0.95 * side, abs=0.05)
    assert float(high.get("cy", "")) == pytest.approx(top + 0.1 * side, abs=0.05)
    # Area follows the number of decisions, so four times as many are twice as wide.
    assert float(low.get("r", "")) == pytest.approx(2 * float(high.get("r", "")), abs=0.1)


def test_whiskers_show_the_interval(bins):
    whiskers = all_of(charts.reliability(bins, ""), "line", "chart-whisker")

    low, high = statistics.wilson(0.9, 10)
    of_high = whiskers[1]
    assert float(of_high.get("y1", "")) == pytest.approx(charts.TOP + (1 - low) * charts.SIDE, abs=0.05)
    assert float(of_high.get("y2", "")) == pytest.approx(charts.TOP + (1 - high) * charts.SIDE, abs=0.05)
    titles = [element.text for element in all_of(charts.reliability(bins, ""), "title")]
    assert "Confidence 0.9 to 1.0: 90% of 10 (60% to 98%)" in titles


def test_empty_bins_draw_nothing():
    empty = statistics.reliability([])

    for svg in (charts.reliability(empty, ""), charts.reliability([], "")):
        assert all_of(svg, "circle") == []
        assert len(all_of(svg, "line", "chart-ideal")) == 1


def test_column_height_is_proportional():
    rows = [
        charts.Column("a", 20, 5, "twenty"),
        charts.Column("b", 0, 0, "none"),
        charts.Column("c", 10, 10, ""),
    ]

    svg = charts.columns("weeks", "Weeks", "", rows)

    whole = [
        float(element.get("height", ""))
        for element in all_of(svg, "rect")
        if element.get("class") == "chart-column"
    ]
    part = [float(element.get("height", "")) for element in all_of(svg, "rect", "chart-column-part")]
    floor = charts.HEIGHT - 22 - 16
    assert whole == [pytest.approx(floor, abs=0.1), 0, pytest.approx(floor / 2, abs=0.1)]
    assert part == [pytest.approx(floor / 4, abs=0.1), 0, pytest.approx(floor / 2, abs=0.1)]
    texts = [element.text for element in all_of(svg, "text")]
    # The axis, a number on each non-empty column, and every second label counted from the last.
    assert texts == ["0", "10", "20", "20", "a", "10", "c"]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 2), (1, 2), (3, 4), (21, 24), (38, 40), (41, 60), (81, 100), (2500, 3000)]
)
def test_axis_ends_with_a_round_number(most, top):
    svg = charts.columns("weeks", "", "", [charts.Column("", most, 0, "")])

    assert [element.text for element in all_of(svg, "text")][2] == str(top)


def test_no_rows_draw_an_empty_chart():
    assert all_of(charts.columns("weeks", "", "", []), "rect") == []


def test_bar_parts_are_side_by_side():
    parts = [
        charts.Part("good", 0.5, "half"),
        charts.Part("bad", 0.25, "a quarter"),
        charts.Part("warn", 0, ""),
    ]

    drawn = [
        (element.get("class"), element.get("x"), element.get("width"))
        for element in all_of(charts.bar(parts), "rect")
    ]

    assert drawn == [("chart-good", "0", "50"), ("chart-bad", "50", "25")]


def test_interval_is_drawn_from_low_to_high():
    span = all_of(charts.interval(0.25, 0.75, 0.5), "rect", "chart-span")[0]

    assert (span.get("x"), span.get("width")) == ("25", "50")


def test_hostile_text_is_escaped_and_nothing_is_inline(bins):
    drawn = [
        charts.reliability(bins, HOSTILE),
        charts.columns("weeks", HOSTILE, HOSTILE, [charts.Column(HOSTILE, 1, 1, HOSTILE)]),
        charts.bar([charts.Part("good", 1.0, HOSTILE)]),
        charts.interval(0, 1, 0.5),
        metric_rows.verdict_row(
            HOSTILE, 0, dict.fromkeys(("approved", "edited", "rejected", "asked_again"))
        ).name,
        metric_rows.rate_row(HOSTILE, None).name,
    ]

    for element in drawn:
        parsed(element)
        assert "<script" not in element
        assert not re.search(r"\s(style|on\w+)=", element)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0, "0 s"),
        (89, "89 s"),
        (90, "2 min"),
        (3600, "60 min"),
        (9000, "2.5 h"),
        (400_000, "4.6 days"),
    ],
)
def test_durations_in_words(seconds, words):
    assert number_format.duration(seconds) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(None, "–"), (0.0, "0%"), (0.004, "under 1%"), (0.125, "12%"), (0.996, "over 99%"), (1.0, "100%")],
)
def test_shares_in_words(share, words):
    assert number_format.percent(share) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (None, "–"),
        ("0", "$0"),
        ("0.0000004", "under $0.000001"),
        ("0.000037", "$0.000037"),
        ("0.000664", "$0.00066"),
        ("0.00412", "$0.0041"),
        ("0.25", "$0.2500"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_money_in_words(amount, words):
    assert number_format.usd(amount) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (None, "unknown"),
        ("0", "$0"),
        ("12.5000", "$12.50"),
        ("0.000037100000", "$0.0000371"),
        ("0.125", "$0.125"),
    ],
)
def test_prices_and_single_costs_have_all_digits(amount, words):
    assert number_format.exact_usd(None if amount is None else Decimal(amount)) == words
