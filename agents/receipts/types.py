"""Shapes of a receipt, which the API serializes and the admin's page shows."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, TypedDict

from agents.canon.placement import Entry
from agents.common.findings import MarkedSignal
from agents.jobs.stats import JobUsage
from agents.models import AgentJob, ModelCall
from universes.services.provenance import CanonStep


class UniverseLink(TypedDict):
    id: uuid.UUID
    name: str


class RequestedJob(TypedDict):
    """The request: its input, requester and universe."""

    job_id: uuid.UUID
    agent_type: str
    status: str
    outcome: str | None
    priority: str
    universe: UniverseLink | None
    requested_by: str
    schedule_id: uuid.UUID | None
    created_at: datetime
    completed_at: datetime | None
    input_data: dict[str, Any]
    revision_note: str
    world_hash: str
    is_mock: bool
    model: str
    reused_from_job_id: uuid.UUID | None


class Attempt(TypedDict):
    """An attempt; ``outcome`` is the kind of the event that ended it, or None while it runs."""

    number: int
    in_batch: bool
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    error_code: str
    error_message: str


class Prompt(TypedDict):
    name: str
    version: str


class Usage(JobUsage):
    unknown_calls: int


class Reason(TypedDict):
    code: str
    name: str


class Edit(TypedDict):
    before: dict[str, Any]
    after: dict[str, Any]


class Decision(TypedDict):
    id: uuid.UUID
    verdict: str
    by: str
    at: datetime
    reason: Reason | None
    note: str
    work_s: float | None
    takes_effect: bool
    is_lead: bool
    self_review_allowed_by: str | None
    guest: str | None
    undone_at: datetime | None
    undone_by: str | None
    edit: Edit | None
    follow_up_job_id: uuid.UUID | None
    canon_change_id: uuid.UUID | None


class Review(TypedDict):
    """A review item with its decisions, oldest first; ``kind`` is None while it is hidden."""

    id: uuid.UUID
    kind: str | None
    state: str
    is_blind: bool
    reasons: list[str]
    opinions_wanted: int
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    decisions: list[Decision]


class Canon(TypedDict):
    """The entry of the job, None if there is none now, and all its changes."""

    entry: Entry | None
    changes: list[CanonStep]


class KeptPromise(TypedDict):
    """The error promise under which the output was judged."""

    id: uuid.UUID
    cut_off: float | None
    alpha: float
    delta: float
    at: datetime
    sentence: str


class ReadExample(TypedDict):
    """An exemplar that the job read; ``request`` and ``job_id`` are None if it was removed since."""

    id: str
    request: str | None
    job_id: uuid.UUID | None


class ReadGuidance(TypedDict):
    """Style guide, exemplars and preferences that applied; ``rules`` are those that the job read."""

    guide_version: int
    rules: list[str]
    without_new_rules: bool
    examples: list[ReadExample]
    tone: str
    language: str
    word_range: list[int] | None


class Receipt(TypedDict):
    """The trace of a job from the request to its canon entry.

    While the job is ``withheld`` from the reader, ``confidence``, ``score``, ``promise``, ``signals``, ``passport``,
    ``reviews``, ``canon``, the follow-ups and the reused job are None.
    """

    job: RequestedJob
    attempts: list[Attempt]
    models: list[str]
    prompts: list[Prompt]
    calls: list[ModelCall]
    usage: Usage
    guidance: ReadGuidance | None
    withheld: bool
    confidence: float | None
    score: float | None
    promise: KeptPromise | None
    signals: list[MarkedSignal] | None
    passport: dict[str, Any] | None
    reviews: list[Review] | None
    follows: list[AgentJob]
    follow_ups: list[AgentJob] | None
    canon: Canon | None
