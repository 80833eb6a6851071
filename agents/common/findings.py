"""Findings of jobs together with the marks that reviewers have set on them since."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypedDict

from agents.models import AgentJob, IntentionalFinding


class StoredFinding(TypedDict):
    """A finding in ``AgentJob.signals``, as written by ``Finding.as_dict``."""

    id: str
    kind: str
    strength: str
    source_id: str
    statement: str
    quote: str
    start: int
    end: int
    why: str
    is_intentional: bool


class Mark(TypedDict):
    """The mark of an intentional finding; ``by`` is None if the account is gone."""

    by: str | None
    at: datetime
    reason: str


class MarkedFinding(StoredFinding):
    mark: Mark | None


class MarkedSignal(TypedDict):
    name: str
    value: float | None
    weight: float
    cap: float
    sentence: str
    findings: list[MarkedFinding]


# Marks by universe and finding.
Marks = Mapping[tuple[uuid.UUID, str], IntentionalFinding]


def findings_in(job: AgentJob) -> Iterator[StoredFinding]:
    """Yield the stored findings of a job; signals of an earlier release have none."""
    for signal in job.signals:
        yield from signal.get("findings") or ()


def marks_on(jobs: Iterable[AgentJob]) -> Marks:
    """Return the marks on the findings of these jobs, with a single query; without findings, with none."""
    of_universe = [job for job in jobs if job.universe_id is not None]
    ids = {finding["id"] for job in of_universe for finding in findings_in(job)}
    if not ids:
        return {}
    marks = IntentionalFinding.objects.select_related("marked_by").filter(
        universe__in={job.universe_id for job in of_universe}, finding_id__in=ids
    )
    return {(mark.universe_id, mark.finding_id): mark for mark in marks}


def signals_of(job: AgentJob, marks: Marks) -> list[MarkedSignal]:
    """Return the job's signals, each finding as it is marked now."""
    stored: list[MarkedSignal] = job.signals
    return [
        {**signal, "findings": [as_marked(job, finding, marks) for finding in signal.get("findings") or ()]}
        for signal in stored
    ]


def limit_of(signal: MarkedSignal) -> float | None:
    """Return what the signal limits the confidence of its output to; None for no limit."""
    cap = signal.get("cap", 1.0)
    return cap if cap < 1 and signal.get("value") is not None else None


def as_marked(job: AgentJob, finding: StoredFinding, marks: Marks) -> MarkedFinding:
    """Return a finding with its mark: who set it, when and why; None if it is not marked."""
    if job.universe_id is None:
        return {**finding, "mark": None}
    mark = marks.get((job.universe_id, finding["id"]))
    return {
        **finding,
        "is_intentional": mark is not None,
        "mark": None
        if mark is None
        else {
            "by": mark.marked_by.get_username() if mark.marked_by else None,
            "at": mark.created_at,
            "reason": mark.reason,
        },
    }


def intentional_ids(universe_id: uuid.UUID | None) -> frozenset[str]:
    """Return the ids of the findings that are intentional in a universe; none without a universe."""
    if universe_id is None:
        return frozenset()
    marks = IntentionalFinding.objects.filter(universe=universe_id).order_by()
    return frozenset(marks.values_list("finding_id", flat=True))
