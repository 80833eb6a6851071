"""Metrics of the agents' quality, computed from reviewers' verdicts.

Only decisions in force count; gold items, which measure the reviewer, do not. A confidence counts as right if the
output was approved unchanged: an edit is a defect that a person repaired. Trusted jobs are audited at a known sampling
rate, so their verdicts are weighted by its inverse, and the calibration covers all jobs.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from agents.billing import usage
from agents.choices import ACCEPTED_VERDICTS, AgentType, ReviewKind, ReviewState, Verdict
from agents.common.text.money import format_usd
from agents.common.text.timestamps import isoformat_utc
from agents.engine.agents.second_opinion import is_opinion
from agents.engine.confidence import statistics
from agents.engine.confidence.statistics import Observation, Rate
from agents.models import ModelCall, ReviewDecision
from agents.quality.types import (
    Calibration,
    Choices,
    Escaped,
    NamedRate,
    ReviewedCost,
    ReviewMetrics,
    Spread,
    VerdictGroup,
    VerdictGroups,
    VerdictRates,
    Week,
)
from agents.review.creators import variants

# Version of the report's format; stored reports of another version are recomputed.
FORM: Final = 4
WEEKS: Final = 12
MAX_GROUPS: Final = 20
CHUNK: Final = 2000
AGENT_NAMES: Final = {value: str(label) for value, label in AgentType.choices}


@dataclass(slots=True)
class DecidedItem:
    """A decision in force with its item's columns; ``work_s`` sums the work of all reviewers of the item."""

    item_id: uuid.UUID
    job_id: uuid.UUID
    verdict: str
    agent_type: str
    kind: str
    draw_rate: float
    confidence: float
    universe_id: uuid.UUID | None
    universe_name: str | None
    opened_at: datetime
    at: datetime
    work_s: float | None
    is_mock: bool
    model: str = ""
    prompt: str = ""

    @property
    def is_right(self) -> bool:
        return self.verdict == Verdict.APPROVED

    @property
    def weight(self) -> float:
        return 1 / self.draw_rate


@dataclass(slots=True)
class Money:
    calls: int = 0
    unknown_calls: int = 0
    cost: Decimal = Decimal(0)


def compute(days: int, now: datetime | None = None) -> ReviewMetrics:
    """Compute the metrics of the last ``days``.

    Runs a fixed number of queries regardless of the number of jobs; rows are streamed, and outputs are not read.
    """
    until = now or timezone.now()
    since = until - timedelta(days=days)
    decided = _decided_items(since, until)
    money = _read_calls(decided, since, until)
    return {
        "form": FORM,
        "days": days,
        "since": isoformat_utc(since),
        "until": isoformat_utc(until),
        "decided": len(decided),
        "mock": sum(item.is_mock for item in decided),
        "verdicts": verdict_rates(Counter(item.verdict for item in decided)),
        "by_agent": _groups(decided, lambda item: (item.agent_type, _agent_name(item.agent_type))),
        "by_model": _groups(decided, lambda item: (item.model, item.model or "No call is on record")),
        "by_prompt": _groups(decided, lambda item: (item.prompt, item.prompt or "No call is on record")),
        # What people flag is no sample: they look for what is wrong.
        "calibration": _calibration([item for item in decided if item.kind != ReviewKind.FLAG]),
        "escaped": _escaped(decided),
        "time_to_decision_s": _spread((item.at - item.opened_at).total_seconds() for item in decided),
        "work_s": _spread(item.work_s for item in decided if item.work_s is not None),
        "money": _money(decided, money),
        "usage": usage.summary((until - timedelta(days=days - 1)).date(), until.date()),
        "variants": _choices(days),
        "per_week": per_week(until),
    }


def _decided_items(since: datetime, until: datetime) -> list[DecidedItem]:
    rows = (
        ReviewDecision.objects.effective()
        .filter(at__gte=since, at__lt=until)
        .order_by()
        .values_list(
            "item_id",
            "item__job_id",
            "verdict",
            "item__agent_type",
            "item__kind",
            "item__draw_rate",
            "item__confidence",
            "item__universe_id",
            "item__universe__name",
            "item__opened_at",
            "at",
            "work_s",
            "item__job__is_mock",
        )
    )
    decided = [DecidedItem(*row) for row in rows.iterator(chunk_size=CHUNK)]
    by_item = {item.item_id: item for item in decided}
    # Add the work of further opinions to the one decision in force.
    opinions = ReviewDecision.objects.in_force().filter(
        takes_effect=False, work_s__isnull=False, item__state=ReviewState.CLOSED, item__closed_at__gte=since
    )
    for item_id, work_s in opinions.order_by().values_list("item_id", "work_s").iterator(chunk_size=CHUNK):
        item = by_item.get(item_id)
        if item is not None and item.work_s is not None and work_s is not None:
            item.work_s += work_s
    return decided


def _read_calls(decided: Iterable[DecidedItem], since: datetime, until: datetime) -> Money:
    """Sum the cost of all calls of the decided jobs, and set model and prompt of each decided item."""
    by_job: dict[uuid.UUID, list[DecidedItem]] = defaultdict(list)
    for item in decided:
        by_job[item.job_id].append(item)
    jobs = ReviewDecision.objects.effective().filter(at__gte=since, at__lt=until).values("item__job")
    calls = (
        ModelCall.objects.filter(job__in=jobs)
        .order_by("id")
        .values_list(
            "job_id", "agent_type", "model", "prompt_name", "prompt_version", "error_code", "cost_usd"
        )
    )
    money = Money()
    for job_id, agent_type, model, prompt, version, error, cost in calls.iterator(chunk_size=CHUNK):
        money.calls += 1
        if cost is None:
            money.unknown_calls += 1
        else:
            money.cost += cost
        if not error and job_id is not None and not is_opinion(agent_type, prompt):
            # The last used reply produced the output.
            for item in by_job.get(job_id, ()):
                item.model, item.prompt = model, f"{prompt} {version[:12]}"
    return money


def _choices(days: int) -> Choices:
    found = variants.stats(days)
    return {"choices": found.choices, "ties": found.ties, "by_model": found.by_model}


def verdict_rates(verdicts: Counter[str]) -> VerdictRates:
    count = verdicts.total()
    return {
        "approved": statistics.rate(verdicts[Verdict.APPROVED], count),
        "edited": statistics.rate(verdicts[Verdict.EDITED], count),
        "rejected": statistics.rate(verdicts[Verdict.REJECTED], count),
        "asked_again": statistics.rate(verdicts[Verdict.ASKED_AGAIN], count),
    }


def _groups(decided: Iterable[DecidedItem], key: Callable[[DecidedItem], tuple[str, str]]) -> VerdictGroups:
    verdicts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for item in decided:
        verdicts[key(item)][item.verdict] += 1
    ordered = sorted(verdicts.items(), key=lambda group: (-group[1].total(), group[0]))
    rows: list[VerdictGroup] = [
        {"key": key, "name": name, "decided": counts.total(), **verdict_rates(counts)}
        for (key, name), counts in ordered[:MAX_GROUPS]
    ]
    return {"rows": rows, "left_out": max(0, len(ordered) - MAX_GROUPS)}


def _calibration(decided: Iterable[DecidedItem]) -> Calibration:
    observations = [Observation(item.confidence, item.is_right, item.weight) for item in decided]
    bins = statistics.reliability(observations)
    return {
        "count": len(observations),
        "speaks_for": sum(item.weight for item in decided),
        "ece": statistics.calibration_error(bins),
        "brier": statistics.brier(observations),
        "auroc": statistics.auroc(observations),
        "bins": bins,
    }


def _escaped(decided: Iterable[DecidedItem]) -> Escaped:
    audits = [item for item in decided if item.kind == ReviewKind.AUDIT]
    universes = _defects(
        audits, lambda item: (str(item.universe_id or ""), item.universe_name or "Without a universe")
    )
    return {
        "overall": _defect_rate(audits),
        "by_agent": _defects(audits, lambda item: (item.agent_type, _agent_name(item.agent_type))),
        "by_universe": universes[:MAX_GROUPS],
        "universes_left_out": max(0, len(universes) - MAX_GROUPS),
    }


def _defects(audits: Iterable[DecidedItem], key: Callable[[DecidedItem], tuple[str, str]]) -> list[NamedRate]:
    groups: dict[tuple[str, str], list[DecidedItem]] = defaultdict(list)
    for item in audits:
        groups[key(item)].append(item)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [{"key": key, "name": name, "rate": _defect_rate(inside)} for (key, name), inside in ordered]


def _defect_rate(audits: Iterable[DecidedItem]) -> Rate | None:
    return statistics.weighted_rate([(not item.is_right, item.weight) for item in audits])


def _money(decided: Iterable[DecidedItem], money: Money) -> ReviewedCost:
    accepted = sum(item.verdict in ACCEPTED_VERDICTS for item in decided)
    is_known = money.calls > money.unknown_calls
    return {
        "accepted": accepted,
        "calls": money.calls,
        "unknown_calls": money.unknown_calls,
        "cost_usd": format_usd(money.cost) if is_known else None,
        "per_accepted_usd": format_usd(money.cost / accepted) if is_known and accepted else None,
    }


def _spread(seconds: Iterable[float]) -> Spread:
    values = list(seconds)
    return {
        "count": len(values),
        "median": statistics.median(values),
        "p90": statistics.quantile(values, 0.9),
    }


def week_starts(now: datetime) -> list[datetime]:
    """Return the Mondays, midnight UTC, of the last twelve weeks, ending with the current one."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def per_week(now: datetime, **only: Any) -> list[Week]:
    """Count decisions per week; ``only`` narrows them by queryset filters."""
    weeks = week_starts(now)
    rows = (
        ReviewDecision.objects.effective()
        .filter(at__gte=weeks[0], at__lt=now, **only)
        .order_by()
        .annotate(week=TruncWeek("at"))
        .values_list("week")
        .annotate(decided=Count("pk"), accepted=Count("pk", filter=Q(verdict__in=ACCEPTED_VERDICTS)))
    )
    counts = {week: (decided, accepted) for week, decided, accepted in rows}
    return [
        {"week": f"{week:%Y-%m-%d}", "decided": decided, "accepted": accepted}
        for week in weeks
        for decided, accepted in [counts.get(week, (0, 0))]
    ]


def _agent_name(agent_type: str) -> str:
    return AGENT_NAMES.get(agent_type, agent_type)
