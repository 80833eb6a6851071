"""Review items for outputs in doubt, for a random share of the trusted ones, and for those that a person flags."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from agents.choices import Priority, ReviewKind
from agents.common import promises
from agents.engine.confidence.sampling import is_drawn
from agents.engine.results import AgentResult
from agents.models import AgentJob, ReviewItem

# Salts of the random draws, so that the draws of a job are independent of each other.
AUDIT, BLIND = "audit", "blind"


def doubt(job: AgentJob, result: AgentResult) -> ReviewItem:
    """Return the review that has to accept an output before it counts."""
    is_blind = is_drawn(str(job.pk), BLIND, settings.REVIEW_BLIND_SHARE)
    return _of_result(job, result, ReviewKind.DOUBT, is_blind=is_blind, draw_rate=1)


def audit_if_drawn(job: AgentJob, result: AgentResult) -> ReviewItem | None:
    """Return the audit of a trusted output, for a random share of such outputs; None for the others."""
    own_share = job.universe.audit_share if job.universe is not None else None
    share = promises.audit_share(job.agent_type, job.universe_id, own_share)
    if not is_drawn(str(job.pk), AUDIT, share):
        return None
    return _of_result(job, result, ReviewKind.AUDIT, is_blind=True, draw_rate=share)


def flagged(job: AgentJob, reason: str) -> ReviewItem:
    """Return the review of a trusted output that a person asked for."""
    weak = [signal["name"] for signal in job.signals if signal["value"] is not None and signal["value"] < 1]
    confidence = job.confidence_score or 0.0
    return _item(job, ReviewKind.FLAG, confidence=confidence, reasons=[f"Flagged: {reason}"], weak=weak)


def _of_result(
    job: AgentJob, result: AgentResult, kind: ReviewKind, *, is_blind: bool, draw_rate: float
) -> ReviewItem:
    weak = [signal.name for signal in result.signals if signal.is_weak]
    return _item(
        job,
        kind,
        confidence=result.confidence,
        reasons=list(result.reasons),
        weak=weak,
        is_blind=is_blind,
        draw_rate=draw_rate,
    )


def _item(
    job: AgentJob,
    kind: ReviewKind,
    *,
    confidence: float,
    reasons: list[str],
    weak: list[str],
    is_blind: bool = False,
    draw_rate: float = 1,
) -> ReviewItem:
    universe = job.universe
    universe_h = universe.review_within_h if universe is not None else None
    within_h = settings.REVIEW_WITHIN_H if universe_h is None else universe_h
    now = timezone.now()
    return ReviewItem(
        job=job,
        universe_id=job.universe_id,
        agent_type=job.agent_type,
        kind=kind,
        is_blind=is_blind,
        draw_rate=draw_rate,
        opinions_wanted=1 if universe is None else universe.opinions_wanted,
        confidence=confidence,
        reasons=reasons,
        reason_codes=f"|{'|'.join(weak)}|" if weak else "",
        priority=Priority.SCHEDULE if job.schedule_id else Priority.REQUEST,
        opened_at=now,
        due_at=now + timedelta(hours=within_h),
    )
