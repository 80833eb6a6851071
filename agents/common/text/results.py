"""The text of a job that counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agents.choices import COUNTING_OUTCOMES, JobOutcome, Verdict
from agents.models import AgentJob, ReviewDecision


def result_of(job: AgentJob, decisions: Iterable[ReviewDecision] | None = None) -> dict[str, Any] | None:
    """Return the output that counts, with the edits of its reviewer; None if none counts.

    ``decisions`` are those in force on the job, if the caller has read them.
    """
    if job.outcome not in COUNTING_OUTCOMES:
        return None
    if job.outcome != JobOutcome.EDITED:
        return job.output_data
    if decisions is None:
        decisions = ReviewDecision.objects.effective().filter(item__job=job)
    edits = [decision for decision in decisions if decision.verdict == Verdict.EDITED]
    newest = max(edits, key=lambda decision: (decision.at, decision.pk))
    return newest.after
