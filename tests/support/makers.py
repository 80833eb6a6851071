"""Rows for admin pages, as services would have stored them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from agents.choices import AgentType, EventKind, JobStatus, ReviewState
from agents.models import AgentJob, AgentJobEvent, GenerationSchedule, ModelCall, ReviewItem
from universes.choices import Role
from universes.models import Element, Membership, Universe, WorldConfig, WorldRule

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
SIGNALS = [
    {
        "name": "schema_valid",
        "value": 1.0,
        "weight": 2.0,
        "cap": 1.0,
        "sentence": "The answer has the agreed form.",
    },
    {
        "name": "word_range",
        "value": 0.137,
        "weight": 3.0,
        "cap": 0.45,
        "sentence": "The text has 44 words; at least 300 were asked for.",
    },
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


def make_job(by: User, universe: Universe | None, agent_type: str = "narrative", **fields: Any) -> AgentJob:
    """Store a completed job of an agent, with a model call and its events."""
    now = timezone.now()
    values: dict[str, Any] = {
        "status": JobStatus.COMPLETED,
        "input_data": INPUTS[agent_type],
        "output_data": OUTPUTS[agent_type],
        "signals": SIGNALS,
        "confidence_score": 0.45,
        "human_review_required": True,
        "is_mock": True,
        "attempts": 1,
        "attempt_limit": 4,
        "created_at": now - timedelta(minutes=30),
        "started_at": now - timedelta(minutes=29),
        "completed_at": now - timedelta(minutes=28),
        **fields,
    }
    job = AgentJob.objects.create(universe=universe, agent_type=agent_type, requested_by=by, **values)
    ModelCall.objects.create(
        job=job,
        universe=universe,
        requested_by=by,
        agent_type=agent_type,
        attempt=1,
        model="mock",
        prompt_name=agent_type,
        prompt_version="3f5a9c0d1e2b",
        input_tokens=1400,
        output_tokens=440,
        latency_ms=2300,
        stop_reason="end_turn",
        is_mock=True,
        cost_usd=Decimal(0),
    )
    for kind, attempt, person in (
        (EventKind.SUBMITTED, 0, by),
        (EventKind.CLAIMED, 1, None),
        (EventKind.COMPLETED, 1, None),
    ):
        data = {"confidence": 0.45} if kind == EventKind.COMPLETED else {}
        AgentJobEvent.objects.create(job=job, kind=kind, attempt=attempt, by=person, data=data)
    return job


def make_review(
    job: AgentJob,
    *,
    confidence: float = 0.45,
    opened_at: datetime | None = None,
    reasons: list[str] | None = None,
    reason_codes: str = "|word_range|",
    state: str = ReviewState.OPEN,
    **fields: Any,
) -> ReviewItem:
    """Store a review item, due a day after its opening unless ``due_at`` is given."""
    now = timezone.now()
    opened_at = opened_at or now - timedelta(minutes=28)
    fields = {"due_at": opened_at + timedelta(hours=24), **fields}
    return ReviewItem.objects.create(
        job=job,
        universe=job.universe,
        agent_type=job.agent_type,
        confidence=confidence,
        state=state,
        closed_at=now if state == ReviewState.CLOSED else None,
        opened_at=opened_at,
        reasons=reasons
        or [
            f"Confidence {confidence:.2f} is below the threshold 0.75.",
            "The text has 44 words; at least 300 were asked for.",
        ],
        reason_codes=reason_codes,
        **fields,
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
