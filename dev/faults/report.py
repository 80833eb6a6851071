"""Tables of outcomes, as Markdown for docs/reliability.md and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dev.bench.figures import conditions

if TYPE_CHECKING:
    from dev.faults.scenario import Outcome

COLUMNS: Final = (
    "fault",
    "recovery, s",
    "jobs",
    "lost",
    "doubled",
    "more calls",
    "of unknown cost",
    "webhooks repeated",
    "answers to submissions",
    "slowest, s",
    "`/healthz`, ms",
    "`/readyz`, ms",
    "jobs/s",
    "took, s",
)


def heading(form: str, begun: dict[str, Any]) -> str:
    """Return the lines above the rows."""
    conditions_ = f"{begun['at']}, commit {begun['commit']}, {begun['cores']} cores, load {begun['load']}"
    return f"{form}; {conditions_}.\n\n| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"


def row(outcome: Outcome) -> str:
    return f"| {' | '.join(str(cell) for cell in _cells(outcome))} |"


def _cells(outcome: Outcome) -> tuple[object, ...]:
    verdict = outcome.verdict
    away = f" ({outcome.away_s:g} s)" if outcome.away_s else ""
    codes = sorted(outcome.jobs.codes.items())
    return (
        f"{outcome.fault.name}{away}",
        f"{outcome.recovery_s:.1f}",
        *(verdict.jobs, verdict.lost, verdict.doubled, verdict.extra_calls, verdict.unknown_calls),
        verdict.repeated_webhooks,
        ", ".join(f"{code or 'none'}: {times}" for code, times in codes),
        f"{outcome.jobs.slowest_s:.2f}",
        f"{outcome.alive.slowest_s * 1000:.0f}",
        f"{outcome.ready.slowest_s * 1000:.0f}",
        f"{outcome.per_s:.0f}",
        f"{outcome.took_s:.0f}",
    )


def write(path: Path, form: str, begun: dict[str, Any], outcomes: Sequence[Outcome]) -> None:
    """Write ``path`` as Markdown, and the same as JSON beside it."""
    rows = [dict(zip(COLUMNS, _cells(outcome), strict=True)) for outcome in outcomes]
    problems = [
        {**cells, "wrong": outcome.wrong, "slow": outcome.slow}
        for cells, outcome in zip(rows, outcomes, strict=True)
    ]
    path.write_text("\n".join([heading(form, begun), *map(row, outcomes)]) + "\n")
    whole = {"form": form, "begun": begun, "ended": conditions(), "faults": problems}
    path.with_suffix(".json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
