"""Work that was done again: the outputs before this one, and what was said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.common.admin import diff
from agents.models import AgentJob, ReviewDecision, ReviewItem

# Who asks for the same thing more often than this reads the older ones on their own pages.
MOST_LINKS = 10


@dataclass(frozen=True, slots=True)
class Link:
    """One earlier output, and the verdict on it; no verdict is told while the item is judged blind."""

    number: int
    output: Mapping[str, Any]
    output_template: list[str]
    decision: ReviewDecision | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Newest first. ``changes`` is what is different between the last output before this one and this one."""

    links: list[Link]
    changes: list[diff.Change]
    has_more: bool


def chain_of(item: ReviewItem) -> Chain | None:
    """The outputs that this one follows, at most ``MOST_LINKS``; None for work that was asked for once."""
    jobs = _predecessors(item.job)
    if not jobs:
        return None
    has_more = len(jobs) == MOST_LINKS and jobs[-1].follows_id is not None
    verdicts = {} if item.is_hidden else _verdicts(jobs)
    links = [
        Link(len(jobs) - index, job.output_data or {}, template_of(job), verdicts.get(job.pk))
        for index, job in enumerate(jobs)
    ]
    return Chain(links, diff.changes(jobs[0].output_data or {}, item.job.output_data or {}), has_more)


def _predecessors(job: AgentJob) -> list[AgentJob]:
    """One query a link: hardly any job has more than one."""
    found: list[AgentJob] = []
    while job.follows_id is not None and len(found) < MOST_LINKS:
        earlier = AgentJob.objects.only("agent_type", "output_data", "follows").get(pk=job.follows_id)
        found.append(earlier)
        job = earlier
    return found


def _verdicts(jobs: list[AgentJob]) -> dict[Any, ReviewDecision]:
    decisions = ReviewDecision.objects.effective().filter(item__job__in=jobs)
    people = decisions.select_related("by", "reason", "item").order_by("at", "id")
    return {decision.item.job_id: decision for decision in people}


def template_of(job: AgentJob) -> list[str]:
    """How an output of this agent is shown."""
    directory = "admin/agents/reviewitem/output"
    return [f"{directory}/{job.agent_type}.html", f"{directory}/any.html"]
