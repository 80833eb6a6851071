"""Which model answers in this process, and under which settings an attempt runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from django.conf import settings

from agents.engine.results import RunSettings
from agents.llm.base import LLMClient
from agents.services.preferences import preferences_of

if TYPE_CHECKING:
    from agents.models import AgentJob

_lock = threading.Lock()
_client: LLMClient | None = None


def uses_mock() -> bool:
    """Whether the built-in mock model answers: there is no key."""
    return not settings.ANTHROPIC_API_KEY


def llm_client() -> LLMClient:
    """The process's one model client, made on first use."""
    global _client
    with _lock:
        if _client is None:
            _client = _make_client()
        return _client


def _make_client() -> LLMClient:
    if uses_mock():
        from agents.llm.mock import MockClient

        return MockClient(latency_s=settings.MOCK_LATENCY_S)
    # Imported late: the SDK takes a second to load, and only a worker with a key needs it.
    from agents.llm.anthropic_client import AnthropicClient

    return AnthropicClient(
        api_key=settings.ANTHROPIC_API_KEY,
        base_url=settings.ANTHROPIC_BASE_URL or None,
        max_in_flight=settings.WORKER_CONCURRENCY,
    )


def run_settings(job: AgentJob) -> RunSettings:
    """The site's settings with the requester's preferences over them."""
    wishes = preferences_of(job.requested_by)
    site_threshold = settings.REVIEW_THRESHOLDS[job.agent_type]
    return RunSettings(
        model=wishes.default_models.get(job.agent_type) or settings.AGENT_MODELS[job.agent_type],
        threshold=max(site_threshold, wishes.review_threshold or 0.0),
        timeout_s=settings.LLM_TIMEOUT_S,
        attempt=job.attempts,
        tone=wishes.tone,
        language=wishes.language,
        word_range=wishes.word_range,
    )
