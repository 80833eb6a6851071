"""Using an earlier output again for exactly the same question, where that is asked for."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from agents.choices import EventKind, JobStatus
from agents.engine.envelope import canonical_json
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.engine.results import RunSettings
from agents.engine.world import WorldView
from agents.llm.base import LLMRequest
from agents.models import AgentJob, AgentJobEvent, ReviewDecision, ReviewItem
from agents.services import canon, events, ledger, worlds
from agents.services.verdicts import ACCEPTED
from universes.choices import CanonStatus

# Of those that were asked the same, so many of the newest are looked at.
LOOKED_AT = 5


def question_hash(job: AgentJob, world: WorldView | None, settings: RunSettings) -> str:
    """``hash_of`` what a job will ask.

    "" for what a reviewer asked for again, because the same is not wanted, and for an input that the agent cannot use.
    """
    if job.revision_note:
        return ""
    try:
        request = get_agent(job.agent_type).request_for(job.input_data, world, settings)
    except InvalidInput:
        return ""
    return hash_of(request, world.hash if world else "", settings)


def hash_of(request: LLMRequest, world_hash: str, settings: RunSettings) -> str:
    """SHA-256 of all that an output is made from; equal for equal questions.

    That is the request with its model and prompt, the whole world, of which a request may hold a part, and who gives a
    second opinion.
    """
    question = [
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
    # As the databases do, the hash takes a lone surrogate for what it is.
    return hashlib.sha256(canonical_json(question).encode("utf-8", "surrogatepass")).hexdigest()


def is_answered(job: AgentJob, question: str, settings: RunSettings, *, is_mock: bool) -> bool:
    """Whether ``answer_again`` would find an earlier output now."""
    with transaction.atomic():
        return _earlier(job, question, settings, is_mock=is_mock) is not None


def answer_again(job: AgentJob, question: str, settings: RunSettings, *, is_mock: bool) -> bool:
    """processing -> completed with an earlier output; False where there is none, and the model has to be asked.

    It costs nothing, opens no review and puts nothing into canon: the earlier job has done that. Two equal jobs that
    run at once find nothing of each other, and both are asked.
    """
    with transaction.atomic():
        job.universe = worlds.hold_universe(job.universe_id)
        earlier = _earlier(job, question, settings, is_mock=is_mock)
        if earlier is None:
            return False
        won = AgentJob.objects.complete(
            job.pk,
            job.attempts,
            output_data=_as_accepted(earlier),
            signals=earlier.signals,
            confidence_score=earlier.confidence_score,
            human_review_required=False,
            is_mock=earlier.is_mock,
            model=earlier.model,
            world_hash=earlier.world_hash,
            world_choice=earlier.world_choice,
            question_hash=question,
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


def _earlier(job: AgentJob, question: str, settings: RunSettings, *, is_mock: bool) -> AgentJob | None:
    """The newest job with this question whose output counts, held so that it is not deleted meanwhile.

    Of the same universe, or of the same person where there is none. Its output was accepted by a reviewer, or trusted
    and would be so today. Not one that is under review, or that came from another job itself: what a reviewer says
    of the first says nothing to the copies.
    """
    verdicts = ReviewDecision.objects.effective().filter(item__job=OuterRef("pk"))
    counts = Q(Exists(verdicts.filter(verdict__in=ACCEPTED)))
    if not settings.forced_review_reason:
        # Without a verdict and without an open item nobody doubted it.
        counts |= Q(human_review_required=False, confidence_score__gte=settings.threshold)
    where = (
        Q(universe=job.universe_id)
        if job.universe_id is not None
        else Q(universe__isnull=True, requested_by=job.requested_by_id)
    )
    same = (
        AgentJob.objects.select_for_update(of=("self",), no_key=True)
        .filter(where, counts, status=JobStatus.COMPLETED, question_hash=question, is_mock=is_mock)
        .exclude(pk=job.pk)
        .filter(
            ~Exists(ReviewItem.objects.open().filter(job=OuterRef("pk"))),
            ~Exists(verdicts.exclude(verdict__in=ACCEPTED)),
            # The event stays when the job that it came from is gone.
            ~Exists(AgentJobEvent.objects.filter(job=OuterRef("pk"), kind=EventKind.REUSED)),
        )
        .order_by("-completed_at", "-pk")[:LOOKED_AT]
    )
    return next((one for one in same if not _is_retired(one)), None)


def _is_retired(job: AgentJob) -> bool:
    """Whether the people of its universe have taken its output out again."""
    entry = canon.entry_of(job)
    return entry is not None and entry.status == CanonStatus.RETIRED


def _as_accepted(job: AgentJob) -> object:
    """Its output as the reviewer left it. Signals and confidence are of what the model wrote."""
    verdict = ReviewDecision.objects.effective().filter(item__job=job).order_by("-at", "-pk").first()
    return job.output_data if verdict is None or verdict.after is None else verdict.after
