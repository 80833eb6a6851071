"""Error promises in force: the cut-off that an output must reach to pass without review, and the audits it needs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import F, Q

from agents.choices import PromiseState, VersionedData
from agents.common.database.versions import Versioned
from agents.common.guidance import guide_of
from agents.engine.confidence.calibration import Calibration
from agents.engine.registry import get_agent
from agents.engine.request.prompt_files import version_of
from agents.models import ErrorPromise, LearnedConfidence, PromiseTerms

# The promise of an agent in one universe, or in all of them.
Scope = tuple[str, uuid.UUID | None]


@dataclass(frozen=True, slots=True)
class InForce:
    """The effect of a promise: a cut-off while it is kept, a raised share of audits while it is not."""

    cut_off: float | None
    audit_share: float | None
    guide_version: int


def _read_in_force() -> dict[Scope, InForce]:
    active = set(PromiseTerms.objects.filter(is_active=True).values_list("agent_type", flat=True))
    now = ErrorPromise.objects.filter(until__isnull=True, agent_type__in=active - settings.FIXED_THRESHOLDS)
    return {
        (agent_type, universe_id): InForce(
            cut_off if state == PromiseState.KEPT else None, audit_share, guide_version or 0
        )
        for agent_type, universe_id, state, cut_off, audit_share, guide_version in now.order_by().values_list(
            "agent_type", "universe_id", "state", "cut_off", "audit_share", "guide_version"
        )
    }


_in_force: Final = Versioned(VersionedData.PROMISES, _read_in_force)


def _read_learned() -> dict[tuple[str, str], Calibration]:
    rows = LearnedConfidence.objects.filter(until__isnull=True).exclude(
        agent_type__in=settings.FIXED_THRESHOLDS
    )
    return {
        (row.agent_type, row.model): Calibration(row.bias, row.weights)
        for row in rows
        if row.prompt_version == version_of(get_agent(row.agent_type).prompt_names())
    }


_learned: Final = Versioned(VersionedData.PROMISES, _read_learned)


def calibration(agent_type: str, model: str) -> Calibration | None:
    """Return the learned confidence of an agent with this model and the present prompts; None if there is none."""
    return _learned.get().get((agent_type, model))


def threshold(agent_type: str, universe_id: uuid.UUID | None) -> float:
    """Return the lowest confidence that passes without review.

    It is the cut-off promised for the universe under its present style guide, or else for the agent; without a
    promise, the threshold of the settings.
    """
    in_force = _in_force.get()
    for scope in ((agent_type, universe_id), (agent_type, None)):
        promise = in_force.get(scope)
        if promise is None or promise.cut_off is None:
            continue
        guide = guide_of(scope[1], agent_type)
        if promise.guide_version == (0 if guide is None else guide.version):
            return promise.cut_off
    return float(settings.REVIEW_THRESHOLDS[agent_type])


def audit_share(agent_type: str, universe_id: uuid.UUID | None, own_share: float | None) -> float:
    """Return the share of the passed outputs to audit.

    A universe's ``own_share`` takes precedence, and a share of 0 in the settings switches audits off; otherwise an
    agent without a kept promise may need more than the settings say.
    """
    if own_share is not None:
        return own_share
    share = float(settings.AUDIT_SHARES[agent_type])
    # As of the last job of this process: the share is recorded with each audit.
    needed = _in_force.recent().get((agent_type, None)) if share else None
    if needed is None or needed.audit_share is None:
        return share
    return max(share, needed.audit_share)


def kept_at(agent_type: str, universe_id: uuid.UUID | None, moment: datetime) -> ErrorPromise | None:
    """Return the promise that was kept for an output of this moment: that of its universe, or else of the agent."""
    scopes = (
        Q(universe__isnull=True)
        if universe_id is None
        else Q(universe__isnull=True) | Q(universe=universe_id)
    )
    kept = ErrorPromise.objects.filter(
        scopes,
        Q(until__isnull=True) | Q(until__gt=moment),
        agent_type=agent_type,
        at__lte=moment,
        state=PromiseState.KEPT,
    )
    return kept.order_by(F("universe").desc(nulls_last=True), "-at").first()
