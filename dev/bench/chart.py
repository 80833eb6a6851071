"""Charts of figures as SVG, readable on light and on dark pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 130, 50, 50
# Readable on white and on black, and for people who do not tell red from green.
_COLORS: Final = ("#3d85c6", "#d1741f", "#8a63c9")


@dataclass(frozen=True, slots=True)
class Series:
    """Named values ``(x, y)``, all positive: joined by lines, or marked alone."""

    name: str
    values: Sequence[tuple[float, float]]
    is_joined: bool = True


@dataclass(frozen=True, slots=True)
class Axis:
    """Logarithmic axis with marks at the given values, the first and the last of which are its ends."""

    name: str
    marks: Sequence[float]

    def at(self, value: float) -> float:
        """Return the position of a value, 0 to 1; values beyond the ends are drawn at the ends."""
        low, high = math.log(self.marks[0]), math.log(self.marks[-1])
        return min(1.0, max(0.0, (math.log(value) - low) / (high - low)))


def svg(title: str, x: Axis, y: Axis, series: Sequence[Series]) -> str:
    """Return a chart as the text of an SVG file."""
    parts = [_text(_LEFT, 24, title, "start", 'font-weight="bold"')]
    for mark in x.marks:
        at = _x(x, mark)
        parts += [
            _line(at, _TOP, at, _HEIGHT - _BOTTOM),
            _text(at, _HEIGHT - _BOTTOM + 16, f"{mark:,g}", "middle"),
        ]
    for mark in y.marks:
        at = _y(y, mark)
        parts += [_line(_LEFT, at, _WIDTH - _RIGHT, at), _text(_LEFT - 6, at + 4, f"{mark:,g}", "end")]
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 12, x.name, "middle"))
    parts.append(_text(_LEFT, _TOP - 10, y.name, "start"))
    for color, one in zip(_COLORS, series, strict=False):
        parts += _drawn(x, y, one, color)
    style = "text{font:12px sans-serif;fill:#777}line{stroke:#7775}"
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f"<title>{escape(title)}</title><style>{style}</style>\n{body}\n</svg>\n"
    )


def _drawn(x: Axis, y: Axis, series: Series, color: str) -> list[str]:
    points = [(_x(x, one), _y(y, other)) for one, other in series.values]
    parts = []
    if series.is_joined:
        path = " ".join(f"{left:.1f},{top:.1f}" for left, top in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
    parts += [f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3" fill="{color}"/>' for left, top in points]
    if points:
        left, top = points[-1]
        parts.append(_text(left + 8, top + 4, series.name, "start", f'style="fill:{color}"'))
    return parts


def _x(axis: Axis, value: float) -> float:
    return _LEFT + axis.at(value) * (_WIDTH - _LEFT - _RIGHT)


def _y(axis: Axis, value: float) -> float:
    return _HEIGHT - _BOTTOM - axis.at(value) * (_HEIGHT - _TOP - _BOTTOM)


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
