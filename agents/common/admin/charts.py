"""Charts as SVG without scripts or inline styles.

The markup is in ``templates/admin/agents/charts``; colours and sizes come from ``overview.css`` by class, for both
themes. A picture is one image to a screen reader, with a title and a description; a table beside it has its numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from agents.engine.confidence.statistics import Bin

# The reliability diagram: a square with room for its labels, in units of the picture.
SIDE: Final = 260
LEFT, TOP, BOTTOM = 44, 10, 40
MIN_RADIUS, MAX_RADIUS = 3.0, 11.0

# The columns: the width without the last label, which is wider than its column; and where the axes are.
WIDTH, HEIGHT = 460, 170
LABEL_OVERHANG: Final = 18
AXIS, WIDE_AXIS = 30, 58
FLOOR, CEILING = HEIGHT - 22, 16


class Column(NamedTuple):
    """A column with ``part`` of ``whole`` drawn darker, ``label`` below it and ``words`` as its tooltip."""

    label: str
    whole: int
    part: int
    words: str


class Part(NamedTuple):
    """A share in [0, 1] of a bar; the tone names its colour."""

    tone: str
    share: float
    words: str


def reliability(bins: Sequence[Bin], description: str) -> SafeString:
    """Draw confidence against the share that was right, with a point and an interval for each bin.

    A point's area is the bin's count; on the diagonal the confidence is right.
    """
    largest = max((row["count"] for row in bins), default=0)
    return _render(
        "reliability",
        name="reliability",
        title="Confidence against verdicts",
        description=description,
        width=LEFT + SIDE + 12,
        height=TOP + SIDE + BOTTOM,
        left=_x(0),
        right=_x(1),
        top=_y(1),
        bottom=_y(0),
        middle_x=_x(0.5),
        middle_y=_y(0.5),
        ticks=[
            {"x": _x(share), "y": _y(share), "percent": f"{share:.0%}", "share": f"{share:g}"}
            for share in (0.0, 0.25, 0.5, 0.75, 1.0)
        ],
        points=[_point(row, largest) for row in bins if row["count"]],
    )


def _point(row: Mapping[str, Any], largest: int) -> dict[str, str]:
    return {
        "x": _x(row["mean_confidence"]),
        "y": _y(row["right"]),
        "y_low": _y(row["right_low"]),
        "y_high": _y(row["right_high"]),
        "radius": _number(max(MIN_RADIUS, MAX_RADIUS * math.sqrt(row["count"] / largest))),
        "words": f"Confidence {row['low']:.1f} to {row['high']:.1f}: {row['right']:.0%} of {row['count']} "
        f"({row['right_low']:.0%} to {row['right_high']:.0%})",
    }


def _x(share: float) -> str:
    return _number(LEFT + share * SIDE)


def _y(share: float) -> str:
    return _number(TOP + (1 - share) * SIDE)


def columns(
    name: str,
    title: str,
    description: str,
    rows: Sequence[Column],
    *,
    is_dense: bool = False,
    axis_label: Callable[[int], str] = str,
    min_top: int = 0,
) -> SafeString:
    """Draw a column for each row, with its number on top and a label below every second, the last one included.

    ``is_dense`` is for many columns: at most six labels and no numbers. The scale reaches ``min_top`` at least, so that
    columns near zero look near zero.
    """
    label_step = max(1, math.ceil(len(rows) / 6)) if is_dense else 2
    left = WIDE_AXIS if is_dense else AXIS
    step = (WIDTH - left) / max(1, len(rows))
    column_width = step * 0.64
    top = _round_up(max([min_top, *(row.whole for row in rows)]))
    return _render(
        "columns",
        name=name,
        title=title,
        description=description,
        width=WIDTH + LABEL_OVERHANG,
        height=HEIGHT,
        left=left,
        right=WIDTH,
        grid=[
            {"y": _number(_y_of_count(count, top)), "label": axis_label(count)}
            for count in sorted({0, top // 2, top})
        ],
        column_width=_number(column_width),
        columns=[
            {
                "words": row.words,
                "x": _number(left + index * step + (step - column_width) / 2),
                "middle": _number(left + (index + 0.5) * step),
                "whole": _box(row.whole, top),
                "part": _box(row.part, top),
                "number": "" if is_dense or not row.whole else str(row.whole),
                "label": row.label,
                "has_label": (len(rows) - 1 - index) % label_step == 0,
            }
            for index, row in enumerate(rows)
        ],
    )


def _round_up(count: int) -> int:
    """Return the next even and round number: 2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 60 and so on."""
    size = 1
    while True:
        for digits in (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 60, 80):
            if count <= digits * size:
                return digits * size
        size *= 10


def _y_of_count(count: float, top: int) -> float:
    return FLOOR - count / top * (FLOOR - CEILING)


def _box(count: int, top: int) -> dict[str, str]:
    y = _y_of_count(count, top)
    return {"y": _number(y), "height": _number(FLOOR - y)}


def bar(parts: Sequence[Part]) -> SafeString:
    """Draw shares side by side in one bar, hidden from screen readers because the numbers are beside it."""
    pieces, x = [], 0.0
    for part in parts:
        width = max(0.0, min(part.share, 1.0)) * 100
        if _number(width) != "0":
            pieces.append({"tone": part.tone, "words": part.words, "x": _number(x), "width": _number(width)})
        x += width
    return _render("bar", pieces=pieces)


def interval(low: float, high: float, share: float) -> SafeString:
    """Draw a share as a mark on a line from 0 to 1, with its interval."""
    return _render(
        "interval",
        span_x=_number(low * 100),
        span_width=_number(max(0.5, (high - low) * 100)),
        mark_x=_number(min(98.5, max(0.0, share * 100 - 0.75))),
    )


def _number(value: float) -> str:
    """Format a coordinate as text, so that no locale changes its decimal point."""
    return f"{value:.1f}".removesuffix(".0")


def _render(template: str, **context: Any) -> SafeString:
    return render_to_string(f"admin/agents/charts/{template}.svg", context)
