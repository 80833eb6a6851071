"""Simulated reviews, stored in bulk as services would have stored them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from agents.choices import AgentType, JobOutcome, ReviewKind, ReviewState, Verdict
from agents.models import AgentJob, GoldStandard, ModelCall, ReviewDecision, ReviewItem
from tests.support import rows
from universes.models import Universe

MODELS = ("claude-one", "claude-two")


@dataclass
class SimulatedDecision:
    """A decision in force as plain data, from which reference figures are computed."""

    confidence: float
    verdict: str
    weight: float
    is_audit: bool
    agent_type: str
    model: str
    universe: str
    wait_s: float
    work_s: float | None
    costs: list[Decimal | None]
    at: datetime

    @property
    def is_right(self) -> bool:
        return self.verdict == "approved"


def decide(
    item: ReviewItem, by: User, verdict: str = Verdict.APPROVED, *, at: datetime | None = None, **fields: Any
) -> ReviewDecision:
    """Store a decision that closes its item, or an opinion with ``takes_effect=False``."""
    at = at or timezone.now()
    if fields.get("takes_effect", True) and "undone_at" not in fields:
        ReviewItem.objects.filter(pk=item.pk).update(state=ReviewState.CLOSED, closed_at=at, disputed_at=None)
    needed: dict[str, Any] = {"note": "Because.", "after": {} if verdict == Verdict.EDITED else None}
    if item.kind != ReviewKind.GOLD and fields.get("takes_effect", True) and "undone_at" not in fields:
        AgentJob.objects.decide(item.job_id, JobOutcome(verdict))
    return ReviewDecision.objects.create(
        item=item, by=by, verdict=verdict, at=at, before={}, **{**needed, **fields}
    )


def reviewed(
    owner: User, *, universe: Universe | None = None, agent_type: str = "narrative", **fields: Any
) -> ReviewItem:
    """Store an open review item of a completed job, by default for doubt."""
    is_doubt = fields.get("kind", ReviewKind.DOUBT) == ReviewKind.DOUBT
    job = rows.make_job(
        owner,
        universe=universe,
        agent_type=agent_type,
        status="completed",
        outcome=JobOutcome.AWAITING_REVIEW if is_doubt else JobOutcome.TRUSTED,
        confidence_score=fields.get("confidence", 0.5),
        is_mock=fields.pop("is_mock", False),
    )
    return rows.item_of(job, **fields)


def call(job: AgentJob, *, cost: str | None = "0.01", **fields: Any) -> ModelCall:
    values = {"model": "claude-one", "prompt_name": "narrative", "prompt_version": "abc", **fields}
    return ModelCall.objects.create(
        job=job,
        agent_type=job.agent_type,
        attempt=1,
        cost_usd=None if cost is None else Decimal(cost),
        **values,
    )


def gold(owner: User, reviewer: User, verdict: str, answer: str = "refuse", **fields: Any) -> ReviewDecision:
    """Store a decided gold item of a reviewer."""
    item = reviewed(owner, kind=ReviewKind.GOLD, only_for=reviewer)
    GoldStandard.objects.create(job=item.job, answer=answer, why="Known.", added_by=owner)
    return decide(item, reviewer, verdict, **fields)


def gold_item(known: GoldStandard, reviewer: User) -> ReviewItem:
    """Store an open gold item of a reviewer."""
    return ReviewItem.objects.create(
        job=known.job,
        agent_type="narrative",
        kind=ReviewKind.GOLD,
        only_for=reviewer,
        is_blind=True,
        confidence=0.5,
        reasons=[],
        reason_codes="",
    )


def simulate(
    owner: User,
    reviewers: Sequence[User],
    universes: Sequence[Universe],
    *,
    seed: int,
    count: int,
    now: datetime,
    days: int = 30,
) -> list[SimulatedDecision]:
    """Store doubtful jobs, sampled audits and their verdicts; higher confidence is right more often."""
    dice = random.Random(seed)
    jobs, items, decisions, calls, said = [], [], [], [], []
    for _ in range(count):
        is_audit = dice.random() < 0.4
        confidence = round(dice.uniform(0.75, 1.0) if is_audit else dice.betavariate(3, 3), 4)
        is_right = dice.random() < confidence**1.5
        verdict = "approved" if is_right else dice.choice(["edited", "rejected", "asked_again"])
        agent_type = dice.choice(AgentType.values)
        universe = dice.choice(universes)
        rate = dice.choice([0.05, 0.2]) if is_audit else 1.0
        at = now - timedelta(seconds=dice.uniform(1, days * 86400 - 1))
        wait_s = round(dice.lognormvariate(8, 1.5), 3)
        work_s = None if dice.random() < 0.2 else round(dice.lognormvariate(4, 1), 3)
        model = dice.choice(MODELS)
        costs = [
            None if dice.random() < 0.05 else Decimal(dice.randrange(1, 10**6)) / 10**8
            for _ in range(dice.choice([1, 1, 2]))
        ]
        job = AgentJob(
            requested_by=owner,
            universe=universe,
            agent_type=agent_type,
            status="completed",
            outcome=verdict,
            input_data={},
            output_data={},
            confidence_score=confidence,
            attempts=1,
            attempt_limit=4,
            completed_at=at,
        )
        item = ReviewItem(
            job=job,
            universe=universe,
            agent_type=agent_type,
            state=ReviewState.CLOSED,
            kind=ReviewKind.AUDIT if is_audit else ReviewKind.DOUBT,
            draw_rate=rate,
            confidence=confidence,
            reasons=[],
            reason_codes="",
            opened_at=at - timedelta(seconds=wait_s),
            closed_at=at,
        )
        jobs.append(job)
        items.append(item)
        decisions.append(
            ReviewDecision(
                item=item,
                verdict=verdict,
                by=dice.choice(reviewers),
                at=at,
                note="Because.",
                before={},
                after={} if verdict == "edited" else None,
                work_s=work_s,
            )
        )
        calls += [
            ModelCall(
                job=job,
                agent_type=agent_type,
                attempt=index + 1,
                # The answer of the last call was used.
                model=model if index == len(costs) - 1 else "given-up",
                prompt_name=agent_type,
                prompt_version=f"{model:0<64}",
                error_code="" if index == len(costs) - 1 else "overloaded",
                cost_usd=cost,
            )
            for index, cost in enumerate(costs)
        ]
        said.append(
            SimulatedDecision(
                confidence,
                verdict,
                1 / rate,
                is_audit,
                agent_type,
                model,
                universe.name,
                wait_s,
                work_s,
                costs,
                at,
            )
        )
    AgentJob.objects.bulk_create(jobs)
    ReviewItem.objects.bulk_create(items)
    ReviewDecision.objects.bulk_create(decisions)
    ModelCall.objects.bulk_create(calls)
    return said
