"""Charts as SVG that the server draws: no script, no inline style, and every word escaped.

Colours and sizes come from ``dashboard.css`` by class, for both themes. A picture is one image to a screen reader, with
a title and a sentence that says what it shows; its numbers stand in a table beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# The reliability diagram: a square with room for its labels, in units of the picture.
SIDE: Final = 260
LEFT, TOP, BOTTOM = 44, 10, 40
SMALLEST, LARGEST = 3.0, 11.0

# The columns.
WIDTH, HEIGHT = 460, 170
AXIS, WIDE_AXIS = 30, 58


class Column(NamedTuple):
    """``part`` of ``whole`` is drawn darker; ``label`` stands below, ``words`` are its tooltip."""

    label: str
    whole: int
    part: int
    words: str


class Part(NamedTuple):
    """A share in [0, 1] of a bar; the tone names its colour."""

    tone: str
    share: float
    words: str


def _picture(
    name: str, title: str, description: str, size: tuple[float, float], content: SafeString
) -> SafeString:
    return format_html(
        '<svg class="chart chart-{name}" role="img" aria-labelledby="{name}-title {name}-desc" '
        'viewBox="0 0 {width} {height}" preserveAspectRatio="xMinYMin meet">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>{content}</svg>',
        name=name,
        title=title,
        description=description,
        width=size[0],
        height=size[1],
        content=content,
    )


def reliability(bins: Sequence[Mapping[str, Any]], description: str) -> SafeString:
    """Confidence against the share that was right: a point a bin, its area by count, whiskers for the interval.

    On the diagonal confidence is what it promises to be. ``bins`` as ``statistics.Bin`` has them.
    """
    most = max((one["count"] for one in bins), default=0)
    content = format_html(
        '{}<line class="chart-ideal" x1="{}" y1="{}" x2="{}" y2="{}"></line>{}{}',
        _grid(),
        *(_x(0), _y(0), _x(1), _y(1)),
        format_html_join("", "{}", ((_point(one, most),) for one in bins if one["count"])),
        _axis_names(),
    )
    size = (LEFT + SIDE + 12, TOP + SIDE + BOTTOM)
    return _picture("reliability", "Confidence against verdicts", description, size, content)


def _x(share: float) -> str:
    return _number(LEFT + share * SIDE)


def _y(share: float) -> str:
    return _number(TOP + (1 - share) * SIDE)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _grid() -> SafeString:
    at = (0.0, 0.25, 0.5, 0.75, 1.0)
    return format_html_join(
        "",
        '<line class="chart-grid" x1="{}" y1="{}" x2="{}" y2="{}"></line>'
        '<line class="chart-grid" x1="{}" y1="{}" x2="{}" y2="{}"></line>'
        '<text class="chart-label chart-end" x="{}" y="{}">{}</text>'
        '<text class="chart-label chart-middle" x="{}" y="{}">{}</text>',
        (
            (
                *(_x(share), _y(0), _x(share), _y(1)),
                *(_x(0), _y(share), _x(1), _y(share)),
                *(_number(LEFT - 6), _number(TOP + (1 - share) * SIDE + 4), f"{share:.0%}"),
                *(_x(share), _number(TOP + SIDE + 16), f"{share:.2f}".rstrip("0").rstrip(".")),
            )
            for share in at
        ),
    )


def _axis_names() -> SafeString:
    return format_html(
        '<text class="chart-name chart-middle" x="{}" y="{}">Confidence</text>'
        '<text class="chart-name chart-middle" transform="translate(11 {}) rotate(-90)">Approved as it was</text>',
        _x(0.5),
        _number(TOP + SIDE + BOTTOM - 5),
        _y(0.5),
    )


def _point(one: Mapping[str, Any], most: int) -> SafeString:
    x, y = _x(one["mean_confidence"]), _y(one["right"])
    radius = max(SMALLEST, LARGEST * math.sqrt(one["count"] / most))
    words = (
        f"Confidence {one['low']:.1f} to {one['high']:.1f}: {one['right']:.0%} of {one['count']} "
        f"({one['right_low']:.0%} to {one['right_high']:.0%})"
    )
    return format_html(
        '<g><title>{words}</title><line class="chart-whisker" x1="{x}" y1="{low}" x2="{x}" y2="{high}"></line>'
        '<circle class="chart-point" cx="{x}" cy="{y}" r="{radius}"></circle></g>',
        words=words,
        x=x,
        y=y,
        low=_y(one["right_low"]),
        high=_y(one["right_high"]),
        radius=_number(radius),
    )


def columns(name: str, title: str, description: str, rows: Sequence[Column]) -> SafeString:
    """A column for each row, with its number on top and every second label below, the last one always."""
    return _columns(name, title, description, rows, axis=AXIS, every=2, shown=str, has_numbers=True)


def amounts(
    name: str,
    title: str,
    description: str,
    rows: Sequence[Column],
    shown: Callable[[int], str],
    *,
    least: int,
) -> SafeString:
    """Many columns: five labels below, no numbers on top, and ``shown`` says the numbers beside them.

    The scale reaches up to ``least`` at least, so that next to nothing looks like that.
    """
    every = max(1, math.ceil(len(rows) / 6))
    return _columns(
        name,
        title,
        description,
        rows,
        axis=WIDE_AXIS,
        every=every,
        shown=shown,
        has_numbers=False,
        least=least,
    )


def _columns(
    name: str,
    title: str,
    description: str,
    rows: Sequence[Column],
    *,
    axis: int,
    every: int,
    shown: Callable[[int], str],
    has_numbers: bool,
    least: int = 0,
) -> SafeString:
    top = _round_up(max([least, *(row.whole for row in rows)]))
    step = (WIDTH - axis) / max(1, len(rows))
    content = format_html(
        "{}{}",
        format_html_join(
            "",
            '<line class="chart-grid" x1="{}" y1="{}" x2="{}" y2="{}"></line>'
            '<text class="chart-label chart-end" x="{}" y="{}">{}</text>',
            (
                (
                    axis,
                    _up(count, top),
                    WIDTH,
                    _up(count, top),
                    axis - 4,
                    _up(count, top, lift=-4),
                    shown(count),
                )
                for count in sorted({0, top // 2, top})
            ),
        ),
        format_html_join(
            "",
            "{}",
            (
                (
                    _column(
                        row,
                        axis + index * step,
                        step,
                        top,
                        is_named=(len(rows) - 1 - index) % every == 0,
                        has_number=has_numbers,
                    ),
                )
                for index, row in enumerate(rows)
            ),
        ),
    )
    # With room for the last label, which is wider than its column.
    return _picture(name, title, description, (WIDTH + 18, HEIGHT), content)


def _round_up(most: int) -> int:
    """The next even number that is round: 2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 60, …"""
    size = 1
    while True:
        for digits in (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 60, 80):
            if most <= digits * size:
                return digits * size
        size *= 10


def _up(count: float, top: int, *, lift: float = 0) -> str:
    floor, ceiling = HEIGHT - 22, 16
    return _number(floor - count / top * (floor - ceiling) - lift)


def _column(
    row: Column, left: float, step: float, top: int, *, is_named: bool, has_number: bool
) -> SafeString:
    bar = step * 0.64
    x, middle = left + (step - bar) / 2, _number(left + step / 2)
    floor = float(_up(0, top))

    def box(tone: str, count: int) -> SafeString:
        return format_html(
            '<rect class="chart-{}" x="{}" y="{}" width="{}" height="{}"></rect>',
            tone,
            _number(x),
            _up(count, top),
            _number(bar),
            _number(floor - float(_up(count, top))),
        )

    number = format_html(
        '<text class="chart-label chart-middle" x="{}" y="{}">{}</text>',
        middle,
        _up(row.whole, top, lift=4),
        row.whole,
    )
    label = format_html(
        '<text class="chart-label chart-middle" x="{}" y="{}">{}</text>', middle, HEIGHT - 6, row.label
    )
    return format_html(
        "<g><title>{}</title>{}{}{}{}</g>",
        row.words,
        box("column", row.whole),
        box("column-part", row.part),
        number if row.whole and has_number else "",
        label if is_named else "",
    )


def bar(parts: Sequence[Part]) -> SafeString:
    """Shares side by side in one bar. The numbers stand beside it, so it says nothing to a screen reader."""
    pieces, left = [], 0.0
    for part in parts:
        width = max(0.0, min(part.share, 1.0)) * 100
        pieces.append((part.tone, _number(left), _number(width), part.words))
        left += width
    return format_html(
        '<svg class="chart-bar" aria-hidden="true" focusable="false" viewBox="0 0 100 8" '
        'preserveAspectRatio="none">{}</svg>',
        format_html_join(
            "",
            '<rect class="chart-{}" x="{}" y="0" width="{}" height="8"><title>{}</title></rect>',
            (piece for piece in pieces if piece[2] != "0"),
        ),
    )


def interval(low: float, high: float, share: float) -> SafeString:
    """A share as a mark on a line from 0 to 1, with its interval; the numbers stand beside it."""
    return format_html(
        '<svg class="chart-interval" aria-hidden="true" focusable="false" viewBox="0 0 100 10" '
        'preserveAspectRatio="none"><rect class="chart-track" x="0" y="4" width="100" height="2"></rect>'
        '<rect class="chart-span" x="{}" y="3" width="{}" height="4"></rect>'
        '<rect class="chart-mark" x="{}" y="0" width="1.5" height="10"></rect></svg>',
        _number(low * 100),
        _number(max(0.5, (high - low) * 100)),
        _number(min(98.5, max(0.0, share * 100 - 0.75))),
    )
