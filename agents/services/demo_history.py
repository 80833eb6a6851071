"""Past work for the demo: outputs that the mock model wrote, under verdicts and dates that are made up.

It stands in a universe of its own, which says what it is, and exists so that the figures of the review have
something to show. Loaded in bulk: through the services it would take a minute.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents.choices import AgentType, EventKind, JobStatus, ReviewKind, ReviewState, Verdict
from agents.engine.registry import get_agent
from agents.engine.results import AgentResult, RunSettings
from agents.engine.world import WorldView
from agents.mock.client import MOCK_MODEL, MockClient
from agents.models import (
    AgentJob,
    AgentJobEvent,
    ModelCall,
    RejectReason,
    ReviewDecision,
    ReviewItem,
)
from agents.services import canon, worlds
from agents.services.verdicts import ACCEPTED
from universes.services import canon_origins

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from universes.models import Universe

COUNT: Final = 90
DAYS: Final = 80
# The same history everywhere, so that it can be talked about.
SEED: Final = 20

PEOPLE = ("Odran Pell", "Mira Vance", "Isolde Carrow")
ACTS = (
    "mends a net that is not theirs",
    "counts the axles at dawn",
    "waits for a letter at the weir",
    "pays a debt in salt",
    "buries a bell before the flood",
    "teaches a child to read the tide",
    "refuses the Court's coin",
    "finds a door in the sea wall",
    "burns a ledger page by page",
    "rows out to the lantern buoy",
)
PLACE_NAMES = ("Heron", "Lantern", "Rope", "Bell", "Brine", "Cinder", "Gull")
PLACE_KINDS = ("Stairs", "Weir", "Yard", "Store", "Gate")
CLAIMS = (
    "Odran lit the lamp and went down to the causeway.",
    "The wizard pulled out his smartphone and called for help.",
    "Mira asked the salt once and wrote down what it cost.",
    "The tide had gone out, and the market stood dry for a day.",
)
# How often an output of the mock is good enough to pass; the others wait for a reviewer.
PASSING: Final = 0.4
DIRECTIVES = ("[mock:weak]", "[mock:weak]", "[mock:inconsistent]")
VERDICTS: Mapping[bool, tuple[tuple[Verdict, ...], tuple[int, ...]]] = {
    # Passed, or in doubt: the verdicts, and how often each is given.
    True: ((Verdict.APPROVED, Verdict.EDITED, Verdict.REJECTED), (88, 8, 4)),
    False: (tuple(Verdict), (34, 30, 26, 10)),
}


@dataclass
class _Rows:
    jobs: list[AgentJob] = field(default_factory=list)
    calls: list[ModelCall] = field(default_factory=list)
    items: list[ReviewItem] = field(default_factory=list)
    decisions: list[ReviewDecision] = field(default_factory=list)
    events: list[AgentJobEvent] = field(default_factory=list)


@transaction.atomic
def load(universe: Universe, by: User, reviewers: list[User], lead: User) -> None:
    """Fill a universe with decided work of the last weeks; what was accepted becomes its canon."""
    dice = random.Random(SEED)  # noqa: S311 - it draws a story, not a secret
    world = worlds.world_view(universe)
    assert world is not None
    reasons = list(RejectReason.objects.filter(is_active=True))
    rows, now = _Rows(), timezone.now()
    for number in range(COUNT):
        agent_type, asked, result = _written(number, world, dice)
        job = _job(rows, universe, by, agent_type, asked, result, world, _moment(number, now, dice))
        _review(rows, job, result, reviewers, lead, reasons, dice)
    AgentJob.objects.bulk_create(rows.jobs)
    ModelCall.objects.bulk_create(rows.calls)
    ReviewItem.objects.bulk_create(rows.items)
    ReviewDecision.objects.bulk_create(rows.decisions)
    AgentJobEvent.objects.bulk_create(rows.events)
    for decision in rows.decisions:
        _place(decision)


def _moment(number: int, now: datetime, dice: random.Random) -> datetime:
    """Evenly over the weeks; even the newest leaves time for its verdicts, the longest of which take 32 hours."""
    return now - timedelta(days=1.5 + DAYS * (number + dice.random()) / COUNT)


def _written(
    number: int, world: WorldView, dice: random.Random
) -> tuple[AgentType, dict[str, Any], AgentResult]:
    agent_type = list(AgentType)[number % 3]
    directive = "" if dice.random() < PASSING else f" {dice.choice(DIRECTIVES)}"
    turn = number // 3
    asked: dict[str, Any]
    if agent_type == AgentType.NARRATIVE:
        person = PEOPLE[turn % len(PEOPLE)]
        asked = {"prompt": f"{person} {ACTS[turn % len(ACTS)]}.{directive}", "characters": [person]}
    elif agent_type == AgentType.SPATIAL:
        name = f"{PLACE_NAMES[turn % len(PLACE_NAMES)]} {PLACE_KINDS[turn % len(PLACE_KINDS)]}"
        asked = {"location_name": name, "type": "structure", "details": directive, "landmarks": ["the post"]}
    else:
        asked = {"content": f"{dice.choice(CLAIMS)}{directive}", "content_type": "scene"}
    run = RunSettings(model=MOCK_MODEL, threshold=settings.REVIEW_THRESHOLDS[agent_type])
    return agent_type, asked, get_agent(agent_type).run(asked, world, run, MockClient(), None)


def _job(
    rows: _Rows,
    universe: Universe,
    by: User,
    agent_type: AgentType,
    asked: dict[str, Any],
    result: AgentResult,
    world: WorldView,
    at: datetime,
) -> AgentJob:
    job = AgentJob(
        universe=universe,
        agent_type=agent_type,
        requested_by=by,
        status=JobStatus.COMPLETED,
        input_data=asked,
        output_data=dict(result.output),
        signals=[signal.as_dict() for signal in result.signals],
        confidence_score=result.confidence,
        is_mock=result.is_mock,
        model=str(result.output["model"]),
        world_hash=world.hash,
        attempts=1,
        attempt_limit=1 + settings.JOB_MAX_RETRIES,
        created_at=at - timedelta(seconds=9),
        available_at=at,
        started_at=at - timedelta(seconds=8),
        completed_at=at,
    )
    rows.jobs.append(job)
    rows.calls += [
        ModelCall(
            job=job,
            universe=universe,
            requested_by=by,
            agent_type=agent_type,
            attempt=1,
            at=at,
            model=call.model,
            prompt_name=call.prompt_name,
            prompt_version=call.prompt_version,
            input_tokens=call.usage.input_tokens,
            output_tokens=call.usage.output_tokens,
            latency_ms=call.latency_ms,
            request_id=call.request_id,
            stop_reason=call.stop_reason,
            is_mock=call.is_mock,
            cost_usd=0,
        )
        for call in result.calls
    ]
    _event(rows, job, EventKind.SUBMITTED, job.created_at, by, attempt=0)
    _event(rows, job, EventKind.CLAIMED, at - timedelta(seconds=8))
    _event(rows, job, EventKind.COMPLETED, at, confidence=result.confidence)
    return job


def _review(
    rows: _Rows,
    job: AgentJob,
    result: AgentResult,
    reviewers: list[User],
    lead: User,
    reasons: list[RejectReason],
    dice: random.Random,
) -> None:
    """One opinion, or two of which the second takes effect if they agree; otherwise a lead's."""
    opened_at = job.completed_at
    assert opened_at is not None
    passed = not result.needs_review
    at = opened_at + timedelta(hours=min(30.0, dice.lognormvariate(1.1, 0.9)))
    item = _item(job, ReviewKind.AUDIT if passed else ReviewKind.DOUBT, opened_at, at)
    item.draw_rate = 0.05 if passed else 1
    item.is_blind = passed or dice.random() < settings.REVIEW_BLIND_SHARE
    item.reasons = list(result.reasons)
    weak = [signal.name for signal in result.signals if signal.value < 1]
    item.reason_codes = f"|{'|'.join(weak)}|" if weak else ""
    rows.items.append(item)
    _event(rows, job, EventKind.REVIEW_OPENED, opened_at, review_id=str(item.pk))
    first, second = dice.sample(reviewers, 2)
    verdict = _drawn(passed, dice)
    last = _decision(item, verdict, second, at, reasons, dice)
    if dice.random() < 0.2:
        item.opinions_wanted = 2
        other = verdict if dice.random() < 0.7 else _drawn(passed, dice)
        before = _decision(item, other, first, at - timedelta(minutes=40), reasons, dice)
        before.takes_effect = False
        rows.decisions.append(before)
        if other != verdict:
            last.takes_effect = False
            rows.decisions.append(last)
            last = _decision(item, verdict, lead, at + timedelta(hours=2), reasons, dice)
            last.is_lead, item.closed_at = True, last.at
    rows.decisions.append(last)
    _event(rows, job, EventKind.REVIEW_DECIDED, last.at, last.by, verdict=last.verdict, note=last.note)


def _drawn(passed: bool, dice: random.Random) -> Verdict:
    verdicts, often = VERDICTS[passed]
    return dice.choices(verdicts, often)[0]


def _item(job: AgentJob, kind: ReviewKind, opened_at: datetime, closed_at: datetime) -> ReviewItem:
    assert job.confidence_score is not None
    return ReviewItem(
        job=job,
        universe=job.universe,
        agent_type=job.agent_type,
        state=ReviewState.CLOSED,
        kind=kind,
        confidence=job.confidence_score,
        reasons=[],
        opened_at=opened_at,
        due_at=opened_at + timedelta(hours=settings.REVIEW_WITHIN_H),
        closed_at=closed_at,
    )


def _decision(
    item: ReviewItem,
    verdict: Verdict,
    by: User,
    at: datetime,
    reasons: list[RejectReason],
    dice: random.Random,
) -> ReviewDecision:
    output = item.job.output_data or {}
    return ReviewDecision(
        item=item,
        verdict=verdict,
        by=by,
        at=at,
        reason=dice.choice(reasons) if verdict == Verdict.REJECTED else None,
        note="" if verdict in ACCEPTED else "Say more, and keep to what was asked.",
        before=output,
        after=_edited(item.agent_type, output) if verdict == Verdict.EDITED else None,
        work_s=round(dice.lognormvariate(4.4, 0.6), 1),
    )


def _edited(agent_type: str, output: Mapping[str, Any]) -> dict[str, Any]:
    """What a person might have made of it: a few words more at the end of the main text."""
    name = {"narrative": "content", "spatial": "description"}.get(agent_type, "explanation")
    changed = {**output, name: f"{output[name]} And the tide, as always, had the last word."}
    return get_agent(agent_type).check_edit(changed, output)


def _event(
    rows: _Rows,
    job: AgentJob,
    kind: EventKind,
    at: datetime,
    by: User | None = None,
    *,
    attempt: int = 1,
    **data: Any,
) -> None:
    rows.events.append(AgentJobEvent(job=job, kind=kind, attempt=attempt, at=at, by=by, data=data))


def _place(decision: ReviewDecision) -> None:
    """Accepted output is canon here as everywhere."""
    if not decision.takes_effect or decision.verdict not in ACCEPTED:
        return
    job = decision.item.job
    output = decision.before if decision.after is None else decision.after
    if canon.place(job, output, status="canon", by=decision.by) is None:
        return
    step = canon_origins.latest_change(str(job.pk))
    assert step is not None
    ReviewDecision.objects.filter(pk=decision.pk).update(canon_change_id=step.pk)
