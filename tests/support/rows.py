"""Rows for API tests, as workers and reviewers would have stored them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from agents.choices import AgentType, EventKind, JobStatus
from agents.models import AgentJob, AgentJobEvent, GenerationSchedule, ModelCall, ReviewDecision, ReviewItem
from universes.models import Element, Scene, Universe

OUTPUTS: dict[str, dict[str, Any]] = {
    "narrative": {
        "type": "narrative",
        "title": "The Ledger",
        "content": "Mira opened the ledger and found her own name.",
        "word_count": 9,
        "model": "mock",
        "tokens_used": 420,
    },
    "spatial": {
        "location_name": "The Drowned Market",
        "type": "ruin",
        "description": "Stalls of grey stone stand in a foot of water.",
        "landmarks": [{"name": "The bell arch", "description": "It rings at low tide."}],
        "atmosphere": "Patient.",
        "map_layout": "A square with one gate to the east.",
        "model": "mock",
        "tokens_used": 300,
    },
    "consistency": {
        "is_consistent": True,
        "violations": [],
        "explanation": "Nothing breaks a rule.",
        "suggestions": [],
        "model": "mock",
        "tokens_used": 200,
    },
}
INPUTS: dict[str, dict[str, Any]] = {
    "narrative": {"prompt": "Mira reads the ledger."},
    "spatial": {"location_name": "The Drowned Market"},
    "consistency": {"content": "Mira asked the salt once."},
}
SIGNALS = [
    {"name": "complete", "value": 1.0, "sentence": "It has a title.", "findings": []},
    {"name": "word_range", "value": 0.2, "sentence": "9 words; 300 to 1000 were wanted.", "findings": []},
]


def make_job(
    owner: User, *, status: str = JobStatus.PENDING, agent_type: str = AgentType.NARRATIVE, **fields: Any
) -> AgentJob:
    """Store a job in a state, with the columns that the state needs."""
    now = timezone.now()
    needed: dict[str, Any] = {}
    if status == JobStatus.PROCESSING:
        needed = {"attempts": 1, "started_at": now, "claimed_until": now + timedelta(minutes=3)}
    elif status == JobStatus.COMPLETED:
        needed = {
            "attempts": 1,
            "started_at": now,
            "completed_at": now,
            "output_data": OUTPUTS[agent_type],
            "confidence_score": 0.9,
            "signals": SIGNALS,
            "is_mock": True,
        }
    elif status == JobStatus.FAILED:
        needed = {
            "attempts": 4,
            "started_at": now,
            "completed_at": now,
            "error_code": "overloaded",
            "error_message": "Gave up after 4 attempts: the model is overloaded.",
        }
    elif status == JobStatus.CANCELLED:
        needed = {"completed_at": now}
    return AgentJob.objects.create(
        **{
            "requested_by": owner,
            "agent_type": agent_type,
            "status": status,
            "input_data": INPUTS[agent_type],
            "attempt_limit": 4,
            **needed,
            **fields,
        }
    )


def make_review(
    owner: User, *, universe: Universe | None = None, agent_type: str = AgentType.NARRATIVE, **fields: Any
) -> ReviewItem:
    """Store an open review item of a completed job, with an event and a model call."""
    job = make_job(
        owner,
        status=JobStatus.COMPLETED,
        agent_type=agent_type,
        universe=universe,
        confidence_score=0.4,
        human_review_required=True,
    )
    AgentJobEvent.objects.create(job=job, kind=EventKind.REVIEW_OPENED, attempt=1)
    ModelCall.objects.create(
        job=job,
        requested_by=owner,
        agent_type=agent_type,
        attempt=1,
        model="mock",
        prompt_name="narrative",
        prompt_version="abc",
        input_tokens=300,
        output_tokens=100,
        cache_read_tokens=15,
        cache_write_tokens=5,
        is_mock=True,
        cost_usd=0,
    )
    return ReviewItem.objects.create(
        **{
            "job": job,
            "universe": universe,
            "agent_type": agent_type,
            "confidence": 0.4,
            "reasons": ["9 words; 300 to 1000 were wanted."],
            "reason_codes": "|word_range|",
            **fields,
        }
    )


def make_schedule(owner: User, universe: Universe, **fields: Any) -> GenerationSchedule:
    return GenerationSchedule.objects.create(
        **{
            "name": "Mondays",
            "owner": owner,
            "universe": universe,
            "agent_type": AgentType.NARRATIVE,
            "input_data": INPUTS["narrative"],
            "crontab": "0 7 * * 1",
            "next_run_at": timezone.now() + timedelta(days=2),
            **fields,
        }
    )


def assert_undecided(item: ReviewItem) -> None:
    """Assert that the item is open, nothing was decided or placed, and no other job exists."""
    item.refresh_from_db()
    assert (item.state, item.closed_at) == ("open", None)
    assert not ReviewDecision.objects.exists()
    assert not Scene.objects.exists()
    assert not Element.objects.exists()
    assert AgentJob.objects.count() == 1
    assert AgentJob.objects.get().human_review_required is True
