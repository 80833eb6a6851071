"""Verdicts of a period, counted by the database: the numbers from which the metrics are made.

Each function runs one query, whose rows are the groups and not the verdicts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import JSONObject

from agents.choices import AgentType, ReviewKind, Verdict
from agents.common.quantiles import Quantile
from agents.engine.confidence.statistics import Observation
from agents.models import ModelCall, ReviewDecision
from agents.models.review.decision import ReviewDecisionQuerySet
from agents.quality.types import Spread

# A second opinion of the consistency agent on the output of another agent.
_IS_OPINION: Final = Q(prompt_name=AgentType.CONSISTENCY) & ~Q(agent_type=AgentType.CONSISTENCY)
_IS_RIGHT: Final = ExpressionWrapper(Q(verdict=Verdict.APPROVED), output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class Answered:
    """Verdicts on outputs that one model wrote from one version of a prompt."""

    model: str
    prompt: str
    verdict: str
    count: int


@dataclass(frozen=True, slots=True)
class Audited:
    """Verdicts on audits of one agent in one universe, drawn at one rate."""

    agent_type: str
    universe_id: uuid.UUID | None
    universe_name: str | None
    is_right: bool
    weight: float
    count: int


@dataclass(frozen=True, slots=True)
class Money:
    calls: int
    unknown_calls: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Period:
    """The decisions in force from ``since`` until before ``until``."""

    since: datetime
    until: datetime

    def decisions(self) -> ReviewDecisionQuerySet:
        return ReviewDecision.objects.effective().filter(at__gte=self.since, at__lt=self.until).order_by()

    def by_agent(self) -> list[tuple[str, str, int]]:
        """Return agent, verdict and number of verdicts."""
        return list(self.decisions().values_list("item__agent_type", "verdict").annotate(Count("pk")))

    def mock(self) -> int:
        return self.decisions().filter(item__job__is_mock=True).count()

    def answered(self) -> Iterator[Answered]:
        """Yield the verdicts by model and prompt, without those on jobs that have no call on record.

        The last used reply produced the output.
        """
        # Job by job, from an index: a join with the last call of every job is planned badly while statistics are old.
        last = (
            ModelCall.objects.filter(job=OuterRef("item__job"), error_code="")
            .exclude(_IS_OPINION)
            .order_by("-pk")
            .values(call=JSONObject(model="model", prompt="prompt_name", version="prompt_version"))
        )
        rows = (
            self.decisions()
            .annotate(call=Subquery(last[:1]))
            .values_list("call", "verdict")
            .annotate(Count("pk"))
        )
        for call, verdict, count in rows:
            if call:
                yield Answered(call["model"], f"{call['prompt']} {call['version'][:12]}", verdict, count)

    def observations(self) -> list[Observation]:
        """Return the confidences and whether each output was right, equal ones together.

        What people flag is no sample: they look for what is wrong.
        """
        rows = (
            self.decisions()
            .exclude(item__kind=ReviewKind.FLAG)
            .annotate(is_right=_IS_RIGHT)
            .values_list("item__confidence", "is_right", "item__draw_rate")
            .annotate(Count("pk"))
        )
        return [
            Observation(confidence, bool(right), 1 / rate, count) for confidence, right, rate, count in rows
        ]

    def audited(self) -> list[Audited]:
        rows = (
            self.decisions()
            .filter(item__kind=ReviewKind.AUDIT)
            .annotate(is_right=_IS_RIGHT)
            .values_list(
                "item__agent_type", "item__universe", "item__universe__name", "is_right", "item__draw_rate"
            )
            .annotate(Count("pk"))
        )
        return [
            Audited(agent, universe, name, bool(right), 1 / rate, count)
            for agent, universe, name, right, rate, count in rows
        ]

    def times(self) -> tuple[Spread, Spread]:
        """Return the time from the opening of an item to its verdict, and the work of all its reviewers."""
        further = (
            ReviewDecision.objects.in_force().filter(takes_effect=False, work_s__isnull=False).order_by()
        )
        of_item = (
            further.filter(item=OuterRef("item")).values("item").annotate(sum=Sum("work_s")).values("sum")
        )
        waited = ExpressionWrapper(F("at") - F("item__opened_at"), output_field=DurationField())
        worked = Case(
            When(item__in=further.values("item"), then=F("work_s") + Subquery(of_item)),
            default=F("work_s"),
            output_field=FloatField(),
        )
        found: dict[str, Any] = (
            self.decisions()
            .annotate(waited=waited, worked=worked)
            .aggregate(
                waits=Count("waited"),
                wait_median=Quantile("waited", 0.5, output_field=DurationField()),
                wait_p90=Quantile("waited", 0.9, output_field=DurationField()),
                works=Count("worked"),
                work_median=Quantile("worked", 0.5),
                work_p90=Quantile("worked", 0.9),
            )
        )
        waits = [found["wait_median"], found["wait_p90"]]
        median, p90 = (None if wait is None else wait.total_seconds() for wait in waits)
        return (
            {"count": found["waits"], "median": median, "p90": p90},
            {"count": found["works"], "median": found["work_median"], "p90": found["work_p90"]},
        )

    def money(self) -> Money:
        """Sum the cost of all calls of the decided jobs."""
        calls = ModelCall.objects.filter(job__in=self.decisions().values("item__job"))
        found: dict[str, Any] = calls.aggregate(
            calls=Count("pk"),
            unknown_calls=Count("pk", filter=Q(cost_usd__isnull=True)),
            cost=Sum("cost_usd", default=Decimal(0)),
        )
        return Money(**found)
