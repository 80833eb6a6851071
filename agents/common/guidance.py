"""Style guides and exemplars in force: what a job reads of them.

Processes keep them in memory, so that a run costs no query for them.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery

from agents.choices import VersionedData
from agents.common.database.versions import Versioned
from agents.engine.guidance import Example, Guidance, nearest
from agents.engine.registry import get_agent
from agents.models import AgentJob, Exemplar, StyleGuide

# A style guide is that of one universe and one agent.
Scope = tuple[uuid.UUID, str]

# Share of the jobs that goes without the rules on trial.
WITHOUT_SHARE: Final = 0.2
# The newest exemplars of a kind, among which the nearest are chosen.
MAX_CANDIDATES: Final = 20


@dataclass(frozen=True, slots=True)
class GuideInForce:
    """The newest version of a guide; ``old_rules`` are those that are not on trial, None without a trial."""

    version: int
    rules: tuple[str, ...]
    old_rules: tuple[str, ...] | None


def guide_of(universe_id: uuid.UUID | None, agent_type: str) -> GuideInForce | None:
    return None if universe_id is None else _guides.get().get((universe_id, agent_type))


def guidance_for(job: AgentJob) -> Guidance:
    """Return what a job reads of the guide and the exemplars of its universe; the same for each attempt."""
    if job.universe_id is None:
        return Guidance()
    examples = _examples_for(job, job.universe_id)
    guide = guide_of(job.universe_id, job.agent_type)
    if guide is None:
        return Guidance(examples=examples)
    is_without = guide.old_rules is not None and _is_drawn(job.pk, guide.version)
    return Guidance(
        guide_version=guide.version,
        rules=guide.old_rules if is_without and guide.old_rules is not None else guide.rules,
        without_new_rules=is_without,
        examples=examples,
    )


def newest_guides() -> QuerySet[StyleGuide]:
    """Select the newest version of each guide."""
    of_scope = StyleGuide.objects.filter(universe=OuterRef("universe"), agent_type=OuterRef("agent_type"))
    newest = Subquery(of_scope.order_by("-version").values("version")[:1])
    return StyleGuide.objects.filter(version=newest)


def kind_of(job: AgentJob) -> str:
    """Return what kind of text a request asks for, such as a video prompt or a village."""
    field = get_agent(job.agent_type).input_model.model_fields.get("type")
    usual = field.default if field is not None else ""
    return str(job.input_data.get("type") or usual)[:100]


def _is_drawn(job_id: uuid.UUID, version: int) -> bool:
    """Draw by a hash, so that the retries of a job are alike and each trial draws anew."""
    digest = hashlib.sha256(f"{job_id}:{version}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64 < WITHOUT_SHARE


def _examples_for(job: AgentJob, universe_id: uuid.UUID) -> tuple[Example, ...]:
    by_kind = _exemplars.get()
    candidates = by_kind.get((universe_id, job.agent_type, kind_of(job)), ())
    return nearest(candidates, job.input_data) if candidates else ()


def _read_guides() -> dict[Scope, GuideInForce]:
    guides: dict[Scope, GuideInForce] = {}
    for guide in newest_guides().order_by():
        old = tuple(rule["text"] for rule in guide.rules if rule["id"] not in guide.on_trial)
        guides[guide.universe_id, guide.agent_type] = GuideInForce(
            guide.version, guide.texts, old if guide.has_trial else None
        )
    return guides


def _read_exemplars() -> dict[tuple[uuid.UUID, str, str], tuple[Example, ...]]:
    by_kind: defaultdict[tuple[uuid.UUID, str, str], list[Example]] = defaultdict(list)
    rows = Exemplar.objects.order_by("-marked_at", "-id").values_list(
        "universe", "agent_type", "kind", "pk", "request", "output"
    )
    for universe_id, agent_type, kind, pk, request, output in rows.iterator():
        of_kind = by_kind[universe_id, agent_type, kind]
        if len(of_kind) < MAX_CANDIDATES:
            of_kind.append(Example(str(pk), request, output))
    return {key: tuple(examples) for key, examples in by_kind.items()}


_guides: Final = Versioned(VersionedData.GUIDES, _read_guides)
_exemplars: Final = Versioned(VersionedData.EXEMPLARS, _read_exemplars)
