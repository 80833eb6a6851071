"""Reuse of an earlier output for exactly the same request."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from agents.billing import ledger
from agents.canon import placement
from agents.choices import EventKind, JobOutcome, JobStatus
from agents.common import events, findings, world_context
from agents.common.text import results
from agents.engine.envelope import canonical_json
from agents.engine.results import RunSettings
from agents.llm.base import LLMRequest
from agents.models import AgentJob, AgentJobEvent, ReviewItem
from universes.choices import CanonStatus

# Number of newest jobs with the same request that are considered.
RECENT_JOBS = 5


def request_hash(request: LLMRequest, world_hash: str, settings: RunSettings) -> str:
    """Return the SHA-256 of everything that an output is made from.

    It covers the request with its model and prompt, the whole world, of which a large request holds only a part, and
    the model of the second opinion.
    """
    parts = [
        request.agent,
        request.model,
        request.prompt_name,
        request.prompt_version,
        request.system,
        request.user,
        request.schema,
        request.max_tokens,
        world_hash,
        settings.second_opinion and settings.consistency_model,
    ]
    # Lone surrogates are hashed as they are, because the databases store them as well.
    return hashlib.sha256(canonical_json(parts).encode("utf-8", "surrogatepass")).hexdigest()


def has_earlier_output(job: AgentJob, request_hash: str, settings: RunSettings, *, is_mock: bool) -> bool:
    """Return True if ``complete_from_earlier`` would find an output now."""
    with transaction.atomic():
        return _earlier_job(job, request_hash, settings, is_mock=is_mock) is not None


def complete_from_earlier(job: AgentJob, request_hash: str, settings: RunSettings, *, is_mock: bool) -> bool:
    """Move a job from processing to completed with the output of an earlier job; False if there is none.

    It costs nothing, opens no review and places nothing in canon: the earlier job has done that. Two equal jobs that
    run at the same time do not find each other, and both ask the model.
    """
    with transaction.atomic():
        job.universe = world_context.lock_universe(job.universe_id)
        earlier = _earlier_job(job, request_hash, settings, is_mock=is_mock)
        if earlier is None:
            return False
        won = AgentJob.objects.complete(
            job.pk,
            job.attempts,
            # Signals and confidence describe the model's own text.
            output_data=results.result_of(earlier),
            signals=earlier.signals,
            confidence_score=earlier.confidence_score,
            outcome=JobOutcome.TRUSTED,
            is_mock=earlier.is_mock,
            model=earlier.model,
            world_hash=earlier.world_hash,
            world_choice=earlier.world_choice,
            guide_version=earlier.guide_version,
            guidance=earlier.guidance,
            question_hash=request_hash,
            reused_from=earlier,
        )
        if won:
            events.record(job.pk, EventKind.REUSED, attempt=job.attempts, from_job_id=str(earlier.pk))
            events.record(
                job.pk, EventKind.COMPLETED, attempt=job.attempts, confidence=earlier.confidence_score
            )
        else:
            events.record(job.pk, EventKind.LATE_RESULT_DROPPED, attempt=job.attempts)
        ledger.record_calls(job, [], is_final=won)
    return True


def _earlier_job(
    job: AgentJob, request_hash: str, settings: RunSettings, *, is_mock: bool
) -> AgentJob | None:
    """Return the newest job with this request whose output counts, locked so that it is not deleted meanwhile.

    It belongs to the same universe, or to the same person if there is no universe. A reviewer accepted its output, or
    it was trusted and would be trusted today. Jobs under review are excluded, and so are jobs that reused an output
    themselves, because a later verdict on the original does not reach the copies. An output is checked anew if a mark
    has been set on one of its findings since, or undone.
    """
    counts = Q(outcome__in=[JobOutcome.APPROVED, JobOutcome.EDITED])
    if not settings.forced_review_reason:
        counts |= Q(outcome=JobOutcome.TRUSTED, confidence_score__gte=settings.threshold)
    where = (
        Q(universe=job.universe_id)
        if job.universe_id is not None
        else Q(universe__isnull=True, requested_by=job.requested_by_id)
    )
    same = (
        AgentJob.objects.select_for_update(of=("self",), no_key=True)
        .filter(where, counts, status=JobStatus.COMPLETED, question_hash=request_hash, is_mock=is_mock)
        .exclude(pk=job.pk)
        .filter(
            ~Exists(ReviewItem.objects.open().filter(job=OuterRef("pk"))),
            # The event outlives the job that the output came from; the foreign key does not.
            ~Exists(AgentJobEvent.objects.filter(job=OuterRef("pk"), kind=EventKind.REUSED)),
        )
        .order_by("-completed_at", "-pk")[:RECENT_JOBS]
    )
    usable = (earlier for earlier in same if not _is_retired(earlier))
    return next((earlier for earlier in usable if _has_same_marks(earlier, settings.intentional)), None)


def _is_retired(job: AgentJob) -> bool:
    """Return True if the canon entry of the job's output has been retired."""
    entry = placement.entry_of(job)
    return entry is not None and entry.status == CanonStatus.RETIRED


def _has_same_marks(job: AgentJob, intentional: frozenset[str]) -> bool:
    """Return whether exactly those findings of the job that are intentional today were so when it ran."""
    return all(
        finding["is_intentional"] == (finding["id"] in intentional) for finding in findings.findings_in(job)
    )
