"""Figures of a benchmark beside those of its yardstick, measured alternately in one run."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure, by round. Without a yardstick the goal is for the value itself, otherwise for the ratio to it.

    ``at_least`` and ``at_most`` are the goal.
    """

    name: str
    unit: str
    ours: Sequence[float]
    yardstick: str = ""
    theirs: Sequence[float] = ()
    at_least: float | None = None
    at_most: float | None = None

    @property
    def compared(self) -> list[float]:
        """Return what the goal is about: the ratio of each round, or the value."""
        if not self.yardstick:
            return sorted(self.ours)
        return sorted(own / other for own, other in zip(self.ours, self.theirs, strict=True) if other)

    @property
    def median(self) -> float:
        return statistics.median(self.compared or [float("nan")])

    @property
    def is_reached(self) -> bool | None:
        """Return whether the median is within the goal; None without one."""
        if self.at_least is None and self.at_most is None:
            return None
        return (self.at_least is None or self.median >= self.at_least) and (
            self.at_most is None or self.median <= self.at_most
        )

    @property
    def goal(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else ""

    def row(self) -> tuple[str, ...]:
        compared = self.compared
        spread = f"{_short(compared[0])}–{_short(compared[-1])}" if compared else ""
        verdict = {True: "yes", False: "no", None: ""}[self.is_reached]
        theirs = f"{self.yardstick}: {_short(statistics.median(self.theirs))}" if self.theirs else ""
        return (
            self.name,
            self.unit,
            _short(statistics.median(self.ours)) if self.ours else "",
            theirs,
            f"{_short(self.median)} ({spread})" if compared else "",
            self.goal,
            verdict,
        )


_HEAD = ("measure", "unit", "ours", "yardstick", "median (min–max)", "goal", "reached")


def markdown(figures: Sequence[Figure]) -> str:
    """Return the figures as a table; "median" is that of the ratios where there is a yardstick."""
    rows = [_HEAD, ("---",) * len(_HEAD), *(figure.row() for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def conditions() -> dict[str, str | float | int]:
    """Return what a figure depends on: date, commit, machine and the load at this moment."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "cores": os.cpu_count() or 0,
        "load": round(os.getloadavg()[0], 2),
    }


def write_json(path: Path, begun: dict[str, str | float | int], figures: Sequence[Figure]) -> None:
    of_figures = [
        {**asdict(figure), "compared": figure.compared, "is_reached": figure.is_reached} for figure in figures
    ]
    whole = {"begun": begun, "ended": conditions(), "figures": of_figures}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")


def _short(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
