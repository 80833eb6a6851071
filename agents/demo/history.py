"""Load decided jobs of past weeks, so that the demo's review statistics have data.

The mock model wrote the outputs; verdicts and dates are made up, and prices are examples, as the archive universe says.
Rows are written in bulk because the services would take a minute.
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

from agents.canon import placement
from agents.choices import (
    ACCEPTED_VERDICTS,
    AgentType,
    EventKind,
    JobOutcome,
    JobStatus,
    ReviewKind,
    ReviewState,
    Verdict,
)
from agents.common import world_context
from agents.demo import example_prices
from agents.demo.past_requests import run_agent
from agents.engine.registry import get_agent
from agents.engine.results import AgentResult
from agents.engine.world import WorldView
from agents.models import (
    AgentJob,
    AgentJobEvent,
    ModelCall,
    RejectReason,
    ReviewDecision,
    ReviewItem,
)
from universes.services.history import canon_origins

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from universes.models import Universe

COUNT: Final = 90
DAYS: Final = 80
# Fixed, so that every demo shows the same history.
SEED: Final = 20

VERDICTS: Mapping[bool, tuple[tuple[Verdict, ...], tuple[int, ...]]] = {
    # The possible verdicts and their weights, for outputs that passed and for those that did not.
    True: ((Verdict.APPROVED, Verdict.EDITED, Verdict.REJECTED), (88, 8, 4)),
    False: (tuple(Verdict), (34, 30, 26, 10)),
}


@dataclass
class _History:
    """The actors of the history, and its rows until they are saved."""

    universe: Universe
    creator: User
    reviewers: list[User]
    lead: User
    world: WorldView
    reasons: list[RejectReason]
    dice: random.Random
    jobs: list[AgentJob] = field(default_factory=list)
    calls: list[ModelCall] = field(default_factory=list)
    items: list[ReviewItem] = field(default_factory=list)
    decisions: list[ReviewDecision] = field(default_factory=list)
    events: list[AgentJobEvent] = field(default_factory=list)

    def save(self) -> None:
        AgentJob.objects.bulk_create(self.jobs)
        ModelCall.objects.bulk_create(self.calls)
        ReviewItem.objects.bulk_create(self.items)
        ReviewDecision.objects.bulk_create(self.decisions)
        AgentJobEvent.objects.bulk_create(self.events)


@transaction.atomic
def load(universe: Universe, by: User, reviewers: list[User], lead: User) -> None:
    """Fill the universe with decided jobs of past weeks, and its canon with the accepted outputs."""
    dice = random.Random(SEED)  # noqa: S311 - a fixed history needs no secure randomness
    world = world_context.world_view(universe)
    assert world is not None
    reasons = list(RejectReason.objects.filter(is_active=True))
    history, now = _History(universe, by, reviewers, lead, world, reasons, dice), timezone.now()
    for number in range(COUNT):
        agent_type, input_data, result = run_agent(dice, world, number)
        job = _add_job(history, agent_type, input_data, result, _completed_at(number, now, dice))
        _add_review(history, job, result)
    history.save()
    for decision in history.decisions:
        _place(decision)


def _completed_at(number: int, now: datetime, dice: random.Random) -> datetime:
    """Spread the jobs evenly over the weeks. Decisions come up to 32 hours later and still lie in the past."""
    return now - timedelta(days=1.5 + DAYS * (number + dice.random()) / COUNT)


def _add_job(
    history: _History, agent_type: AgentType, input_data: dict[str, Any], result: AgentResult, at: datetime
) -> AgentJob:
    job = AgentJob(
        universe=history.universe,
        agent_type=agent_type,
        requested_by=history.creator,
        status=JobStatus.COMPLETED,
        input_data=input_data,
        output_data=dict(result.output),
        signals=[signal.as_dict() for signal in result.signals],
        confidence_score=result.confidence,
        is_mock=result.is_mock,
        model=str(result.output["model"]),
        world_hash=history.world.hash,
        attempts=1,
        attempt_limit=1 + settings.JOB_MAX_RETRIES,
        created_at=at - timedelta(seconds=9),
        available_at=at,
        started_at=at - timedelta(seconds=8),
        completed_at=at,
    )
    history.jobs.append(job)
    calls = [
        ModelCall(
            job=job,
            universe=history.universe,
            requested_by=history.creator,
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
        )
        for call in result.calls
    ]
    for call in calls:
        example_prices.price(call)
    history.calls += calls
    _add_event(history, job, EventKind.SUBMITTED, job.created_at, history.creator, attempt=0)
    _add_event(history, job, EventKind.CLAIMED, at - timedelta(seconds=8))
    _add_event(history, job, EventKind.COMPLETED, at, confidence=result.confidence)
    return job


def _add_review(history: _History, job: AgentJob, result: AgentResult) -> None:
    """Add a closed item with one opinion, or with two; the lead reviewer decides if they differ."""
    dice = history.dice
    opened_at = job.completed_at
    assert opened_at is not None
    passed = not result.needs_review
    at = opened_at + timedelta(hours=min(30.0, dice.lognormvariate(1.1, 0.9)))
    item = _item(job, ReviewKind.AUDIT if passed else ReviewKind.DOUBT, opened_at, at)
    item.draw_rate = 0.05 if passed else 1
    item.is_blind = passed or dice.random() < settings.REVIEW_BLIND_SHARE
    item.reasons = list(result.reasons)
    weak = [signal.name for signal in result.signals if signal.is_weak]
    item.reason_codes = f"|{'|'.join(weak)}|" if weak else ""
    history.items.append(item)
    _add_event(history, job, EventKind.REVIEW_OPENED, opened_at, review_id=str(item.pk))
    first, second = dice.sample(history.reviewers, 2)
    verdict = _draw_verdict(passed, dice)
    final = _decision(history, item, verdict, second, at)
    if dice.random() < 0.2:
        item.opinions_wanted = 2
        first_verdict = verdict if dice.random() < 0.7 else _draw_verdict(passed, dice)
        opinion = _decision(history, item, first_verdict, first, at - timedelta(minutes=40))
        opinion.takes_effect = False
        history.decisions.append(opinion)
        if first_verdict != verdict:
            final.takes_effect = False
            history.decisions.append(final)
            final = _decision(history, item, verdict, history.lead, at + timedelta(hours=2))
            final.is_lead, item.closed_at = True, final.at
    history.decisions.append(final)
    job.outcome = JobOutcome(final.verdict)
    _add_event(
        history, job, EventKind.REVIEW_DECIDED, final.at, final.by, verdict=final.verdict, note=final.note
    )


def _draw_verdict(passed: bool, dice: random.Random) -> Verdict:
    verdicts, weights = VERDICTS[passed]
    return dice.choices(verdicts, weights)[0]


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
    history: _History, item: ReviewItem, verdict: Verdict, by: User, at: datetime
) -> ReviewDecision:
    output = item.job.output_data or {}
    return ReviewDecision(
        item=item,
        verdict=verdict,
        by=by,
        at=at,
        reason=history.dice.choice(history.reasons) if verdict == Verdict.REJECTED else None,
        note="" if verdict in ACCEPTED_VERDICTS else "Say more, and keep to what was asked.",
        before=output,
        after=_edited(item.agent_type, output) if verdict == Verdict.EDITED else None,
        work_s=round(history.dice.lognormvariate(4.4, 0.6), 1),
    )


def _edited(agent_type: str, output: Mapping[str, Any]) -> dict[str, Any]:
    """Edit an output as a reviewer might, by a sentence at the end of its main text."""
    name = {"narrative": "content", "spatial": "description"}.get(agent_type, "explanation")
    changed = {**output, name: f"{output[name]} And the tide, as always, had the last word."}
    return get_agent(agent_type).check_edit(changed, output)


def _add_event(
    history: _History,
    job: AgentJob,
    kind: EventKind,
    at: datetime,
    by: User | None = None,
    *,
    attempt: int = 1,
    **data: Any,
) -> None:
    history.events.append(AgentJobEvent(job=job, kind=kind, attempt=attempt, at=at, by=by, data=data))


def _place(decision: ReviewDecision) -> None:
    if not decision.takes_effect or decision.verdict not in ACCEPTED_VERDICTS:
        return
    job = decision.item.job
    output = decision.before if decision.after is None else decision.after
    if placement.place(job, output, status="canon", by=decision.by) is None:
        return
    change = canon_origins.latest_change(str(job.pk))
    assert change is not None
    ReviewDecision.objects.filter(pk=decision.pk).update(canon_change_id=change.pk)
