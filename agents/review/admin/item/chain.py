"""Earlier outputs that an item's output follows, with the verdicts on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.common.admin import diff
from agents.models import AgentJob, ReviewDecision, ReviewItem

# Older outputs are on their own pages.
MAX_REVISIONS = 10


@dataclass(frozen=True, slots=True)
class RevisionLink:
    """An earlier output and its verdict; no verdict while the item is blind."""

    number: int
    output: Mapping[str, Any]
    output_template: list[str]
    decision: ReviewDecision | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Earlier outputs, newest first; ``changes`` is the diff from the latest of them to the present output."""

    links: list[RevisionLink]
    changes: list[diff.Change]
    has_more: bool


def chain_of(item: ReviewItem) -> Chain | None:
    """Return up to ``MAX_REVISIONS`` earlier outputs; None if this one follows none."""
    jobs = _predecessors(item.job)
    if not jobs:
        return None
    has_more = len(jobs) == MAX_REVISIONS and jobs[-1].follows_id is not None
    verdicts = {} if item.is_hidden else _verdicts(jobs)
    links = [
        RevisionLink(len(jobs) - index, job.output_data or {}, template_of(job), verdicts.get(job.pk))
        for index, job in enumerate(jobs)
    ]
    return Chain(links, diff.changes(jobs[0].output_data or {}, item.job.output_data or {}), has_more)


def _predecessors(job: AgentJob) -> list[AgentJob]:
    """Return the jobs that this one follows, with a query each: few jobs follow more than one."""
    jobs: list[AgentJob] = []
    while job.follows_id is not None and len(jobs) < MAX_REVISIONS:
        earlier = AgentJob.objects.only("agent_type", "output_data", "follows").get(pk=job.follows_id)
        jobs.append(earlier)
        job = earlier
    return jobs


def _verdicts(jobs: list[AgentJob]) -> dict[Any, ReviewDecision]:
    decisions = ReviewDecision.objects.effective().filter(item__job__in=jobs)
    people = decisions.select_related("by", "reason", "item").order_by("at", "id")
    return {decision.item.job_id: decision for decision in people}


def template_of(job: AgentJob) -> list[str]:
    """Return the templates for an output of this agent, in order of preference."""
    directory = "admin/agents/reviewitem/output"
    return [f"{directory}/{job.agent_type}.html", f"{directory}/any.html"]
