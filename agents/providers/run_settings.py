"""The settings under which an attempt runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from agents.choices import JobPriority
from agents.common import findings, guidance, promises
from agents.engine.results import RunSettings
from agents.llm.base import LaneName
from agents.notify.preferences import preferences_of
from agents.providers import lifecycle
from agents.providers.factory import uses_mock

if TYPE_CHECKING:
    from agents.models import AgentJob


def run_settings(job: AgentJob, *, marks: bool = True) -> RunSettings:
    """Combine the site's settings with the requester's preferences; the preferences take precedence.

    ``marks`` False leaves out the intentional findings, which no prompt has.
    """
    preferences = preferences_of(job.requested_by_id)
    model = preferences.default_models.get(job.agent_type) or settings.AGENT_MODELS[job.agent_type]
    replacement = _replacement_for(model)
    second_opinion = job.universe is not None and job.universe.second_opinion
    asked = replacement.model if replacement else model
    return RunSettings(
        model=asked,
        threshold=max(
            promises.threshold(job.agent_type, job.universe_id), preferences.review_threshold or 0.0
        ),
        timeout_s=settings.LLM_TIMEOUT_S,
        attempt=job.attempts,
        variant=str(job.pk) if job.variants_id else "",
        job=str(job.pk),
        lane=_lane(job),
        universe=str(job.universe_id or f"of person {job.requested_by_id}"),
        tone=preferences.tone,
        language=preferences.language,
        word_range=preferences.word_range,
        world_tokens=settings.WORLD_TOKENS,
        second_opinion=second_opinion,
        consistency_model=_second_opinion_model() if second_opinion else "",
        fallback_for=model if replacement else "",
        forced_review_reason=_forced_review(job, replacement),
        calibration=None if uses_mock() else promises.calibration(job.agent_type, asked),
        intentional=findings.intentional_ids(job.universe_id) if marks else frozenset(),
        guidance=guidance.guidance_for(job),
    )


def _forced_review(job: AgentJob, replacement: lifecycle.Replacement | None) -> str:
    return lifecycle.trial_reason(replacement, job.agent_type) if replacement else ""


def _second_opinion_model() -> str:
    model = settings.AGENT_MODELS["consistency"]
    replacement = _replacement_for(model)
    return replacement.model if replacement else model


def _replacement_for(model: str) -> lifecycle.Replacement | None:
    # The mock model is never retired, even if rows from a provider remain.
    return None if uses_mock() else lifecycle.replacement_for(model)


def _lane(job: AgentJob) -> LaneName:
    if job.priority == JobPriority.BATCH:
        return "batch_fallback"
    return "scheduled" if job.schedule_id or job.is_crowded else "interactive"
