"""Rows of jobs, reviews, schedules and universes, as services would have stored them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from agents.choices import AgentType, EventKind, JobOutcome, JobStatus, ReviewState
from agents.models import AgentJob, AgentJobEvent, GenerationSchedule, ModelCall, ReviewDecision, ReviewItem
from universes.choices import Role
from universes.models import Element, Membership, Scene, Universe, WorldConfig, WorldRule

NARRATIVE: dict[str, Any] = {
    "type": "narrative",
    "title": "The Ferry at Low Water",
    "content": (
        "Mira counted the coins twice before she gave them to the ferryman.\n\n"
        "“Low water,” he said, “and a lower fare.” The rope creaked; the far bank stayed where it was.\n\n"
        "She did not look back at the town, and the town returned the favour."
    ),
    "word_count": 44,
    "model": "mock",
    "tokens_used": 1840,
}
VIDEO_PROMPT: dict[str, Any] = {
    **NARRATIVE,
    "type": "video_prompt",
    "shots": [
        {"description": "The ferry leaves the bank.", "camera": "slow pan left", "duration_s": 6},
        {"description": "Coins in an open hand.", "camera": "close", "duration_s": 3},
    ],
    "camera": "Handheld, low.",
    "mood": "Grey and patient.",
}
SPATIAL: dict[str, Any] = {
    "location_name": "Emberfall",
    "type": "town",
    "description": (
        "Emberfall leans into the hill as if it were listening.\n\n"
        "Its streets were made by goats and its walls by people who did not trust goats."
    ),
    "landmarks": [
        {"name": "The Cinder Gate", "description": "Blackened oak, never repainted."},
        {"name": "Weighhouse", "description": "Where the salt is counted."},
    ],
    "atmosphere": "Smoke, bread and argument.",
    "map_layout": "One street up, three lanes across, a wall on the river side.",
    "model": "mock",
    "tokens_used": 1210,
}
CONSISTENCY: dict[str, Any] = {
    "is_consistent": False,
    "violations": [
        {
            "rule": "Technology is medieval.",
            "quote": "his smartphone",
            "severity": "critical",
            "explanation": "There are no telephones.",
        }
    ],
    "explanation": "One thing does not belong.",
    "suggestions": ["Let him consult a ledger.", "Let him ask the miller."],
    "model": "mock",
    "tokens_used": 640,
}
INPUTS: dict[str, dict[str, Any]] = {
    "narrative": {
        "prompt": "Mira leaves the town by the ferry.",
        "type": "narrative",
        "characters": ["Mira"],
    },
    "spatial": {"location_name": "Emberfall", "type": "town", "details": "On a hill above a river."},
    "consistency": {"content": "The wizard looked at his  smartphone and sighed.", "content_type": "scene"},
}
OUTPUTS: dict[str, dict[str, Any]] = {
    "narrative": NARRATIVE,
    "spatial": SPATIAL,
    "consistency": CONSISTENCY,
}
SIGNALS: list[dict[str, Any]] = [
    {
        "name": "schema_valid",
        "value": 1.0,
        "weight": 2.0,
        "cap": 1.0,
        "sentence": "The answer matches the schema.",
        "findings": [],
    },
    {
        "name": "word_range",
        "value": 0.137,
        "weight": 3.0,
        "cap": 0.45,
        "sentence": "The text has 44 words; at least 300 were requested.",
        "findings": [],
    },
]

SHOWN_SIGNALS = [
    {
        **{name: signal[name] for name in ("name", "value", "sentence", "findings")},
        "limit": signal["cap"] if signal["cap"] < 1 else None,
    }
    for signal in SIGNALS
]


def make_universe(owner: User, name: str = "The Low Marches", slug: str = "the-low-marches") -> Universe:
    universe = Universe.objects.create(owner=owner, name=name, slug=slug)
    Membership.objects.create(universe=universe, user=owner, role=Role.OWNER)
    WorldConfig.objects.create(
        universe=universe,
        genre="low fantasy",
        tone="wry",
        tech_level="medieval",
        magic_system="Small, costly, and never free of rust.",
    )
    for position, text in enumerate(["No one can teleport.", "Iron spoils magic."], start=1):
        WorldRule.objects.create(universe=universe, position=position, text=text)
    Element.objects.create(
        universe=universe,
        kind="character",
        name="Mira",
        name_key="mira",
        summary="A courier who counts everything twice.",
        canon_status="canon",
    )
    return universe


def make_job(
    owner: User,
    *,
    status: JobStatus | str = JobStatus.PENDING,
    agent_type: str = AgentType.NARRATIVE,
    **fields: Any,
) -> AgentJob:
    """Store a job in a state, with the columns that the state needs, but without events and calls."""
    now = timezone.now()
    needed: dict[str, Any] = {"created_at": now, "available_at": now, "sent_at": now}
    if status != JobStatus.PENDING:
        needed |= {"attempts": 1, "started_at": now}
    if status == JobStatus.PROCESSING:
        needed["claimed_until"] = now + timedelta(minutes=3)
    if status in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}:
        needed["completed_at"] = now
        needed["outcome"] = JobOutcome.TRUSTED if status == JobStatus.COMPLETED else status
    if status == JobStatus.COMPLETED:
        needed |= {"output_data": OUTPUTS[agent_type], "confidence_score": 0.9, "signals": SIGNALS}
    if status == JobStatus.FAILED:
        needed |= {"error_code": "overloaded", "error_message": "The model is overloaded."}
    values = {"input_data": INPUTS[agent_type], "attempt_limit": 4, **needed, **fields}
    return AgentJob.objects.create(requested_by=owner, agent_type=agent_type, status=status, **values)


def finished_job(
    owner: User, universe: Universe | None, agent_type: str = AgentType.NARRATIVE, **fields: Any
) -> AgentJob:
    """Store a completed job of the mock model that needs a review, with its model call and events."""
    now = timezone.now()
    values: dict[str, Any] = {
        "status": JobStatus.COMPLETED,
        "confidence_score": 0.45,
        "is_mock": True,
        "created_at": now - timedelta(minutes=30),
        "started_at": now - timedelta(minutes=29),
        "completed_at": now - timedelta(minutes=28),
        **fields,
    }
    if values["status"] == JobStatus.COMPLETED:
        values.setdefault("outcome", JobOutcome.AWAITING_REVIEW)
    job = make_job(owner, universe=universe, agent_type=agent_type, **values)
    _add_call(job)
    for kind, attempt, person in (
        (EventKind.SUBMITTED, 0, owner),
        (EventKind.CLAIMED, 1, None),
        (EventKind.COMPLETED, 1, None),
    ):
        data = {"confidence": job.confidence_score} if kind == EventKind.COMPLETED else {}
        AgentJobEvent.objects.create(job=job, kind=kind, attempt=attempt, by=person, data=data)
    return job


def _add_call(job: AgentJob) -> None:
    ModelCall.objects.create(
        job=job,
        universe=job.universe,
        requested_by=job.requested_by,
        agent_type=job.agent_type,
        attempt=1,
        model="mock",
        prompt_name=job.agent_type,
        prompt_version="3f5a9c0d1e2b",
        input_tokens=1380,
        output_tokens=440,
        cache_read_tokens=15,
        cache_write_tokens=5,
        latency_ms=2300,
        stop_reason="end_turn",
        is_mock=True,
        cost_usd=Decimal(0),
    )


def make_review(
    owner: User, *, universe: Universe | None = None, agent_type: str = AgentType.NARRATIVE, **fields: Any
) -> ReviewItem:
    """Store a review item of a new job, which has a model call and the one event of the item's opening."""
    job = make_job(
        owner,
        universe=universe,
        agent_type=agent_type,
        status=JobStatus.COMPLETED,
        confidence_score=0.45,
        outcome=JobOutcome.AWAITING_REVIEW,
        is_mock=True,
    )
    _add_call(job)
    AgentJobEvent.objects.create(job=job, kind=EventKind.REVIEW_OPENED, attempt=1)
    return item_of(job, **fields)


def make_variants(
    user: User, universe: Universe | None = None, models: Sequence[str] = ("one", "two"), **fields: Any
) -> list[AgentJob]:
    """Return jobs of one request, each by another model, whose outputs wait for a verdict."""
    variants_id = uuid.uuid4()
    jobs = [
        make_job(
            user,
            universe=universe,
            status="completed",
            outcome="awaiting_review",
            variants_id=variants_id,
            model=model,
        )
        for model in models
    ]
    for job in jobs:
        item_of(job, **fields)
    return jobs


def item_of(job: AgentJob, *, opened_at: datetime | None = None, **fields: Any) -> ReviewItem:
    """Store a review item of a job, open and due a day after its opening unless ``fields`` say otherwise."""
    now = timezone.now()
    opened_at = opened_at or now - timedelta(minutes=28)
    values: dict[str, Any] = {
        "confidence": job.confidence_score,
        "due_at": opened_at + timedelta(hours=24),
        "closed_at": now if fields.get("state") == ReviewState.CLOSED else None,
        "reasons": [
            f"Confidence {fields.get('confidence', job.confidence_score):.2f} is below the threshold 0.75.",
            "The text has 44 words; at least 300 were requested.",
        ],
        "reason_codes": "|word_range|",
        **fields,
    }
    return ReviewItem.objects.create(
        job=job, universe=job.universe, agent_type=job.agent_type, opened_at=opened_at, **values
    )


def make_schedule(owner: User, universe: Universe, **fields: Any) -> GenerationSchedule:
    values: dict[str, Any] = {
        "name": "A scene every Monday",
        "agent_type": AgentType.NARRATIVE,
        "input_data": INPUTS["narrative"],
        "crontab": "0 9 * * 1",
        "next_run_at": timezone.now() + timedelta(days=2),
        **fields,
    }
    return GenerationSchedule.objects.create(owner=owner, universe=universe, **values)


def assert_undecided(item: ReviewItem) -> None:
    """Assert that the item is open, nothing was decided or placed, and no other job exists."""
    item.refresh_from_db()
    assert (item.state, item.closed_at) == ("open", None)
    assert not ReviewDecision.objects.exists()
    assert not Scene.objects.exists()
    assert not Element.objects.exists()
    assert AgentJob.objects.count() == 1
    assert AgentJob.objects.get().human_review_required is True
