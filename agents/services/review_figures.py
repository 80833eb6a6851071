"""How good the machine is, counted from the verdicts of its reviewers.

What counts is a verdict that takes effect and was not undone; gold says nothing of the machine. A confidence was right
where the output was approved as it was: an edit is a defect that a person mended. A job that passed is drawn for review
with a known rate only, so its verdict weighs one by that rate and the calibration speaks of all jobs.
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

from agents.choices import AgentType, ReviewKind, ReviewState, Verdict
from agents.engine.agents.second_opinion import is_opinion
from agents.engine.confidence import statistics
from agents.engine.confidence.statistics import Observation
from agents.models import ModelCall, ReviewDecision
from agents.services import usage
from agents.services.moments import in_utc
from agents.services.stats import in_usd
from agents.services.verdicts import ACCEPTED

# Counted up whenever the figures change their shape, so that stored ones are made anew.
FORM: Final = 2
WEEKS: Final = 12
# Of longer lists the longest groups are told, and how many were left out.
GROUPS: Final = 20
CHUNK: Final = 2000


@dataclass(slots=True)
class Decided:
    """One verdict that counts, with what it was about. ``work_s`` is that of all reviewers of the item."""

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


def compute(days: int, now: datetime | None = None) -> dict[str, Any]:
    """The figures of the last ``days``, ready for JSON; what cannot be told is None.

    Six queries, however many jobs there are; rows of verdicts and calls are streamed, outputs are not read.
    """
    until = now or timezone.now()
    since = until - timedelta(days=days)
    decided = _decided(since, until)
    money = _read_calls(decided, since, until)
    return {
        "form": FORM,
        "days": days,
        "since": in_utc(since),
        "until": in_utc(until),
        "decided": len(decided),
        "mock": sum(one.is_mock for one in decided),
        "verdicts": verdict_rates(Counter(one.verdict for one in decided)),
        "by_agent": _groups(decided, lambda one: (one.agent_type, _agent_name(one.agent_type))),
        "by_model": _groups(decided, lambda one: (one.model, one.model or "No call is on record")),
        "by_prompt": _groups(decided, lambda one: (one.prompt, one.prompt or "No call is on record")),
        "calibration": _calibration(decided),
        "escaped": _escaped(decided),
        "time_to_decision_s": _spread((one.at - one.opened_at).total_seconds() for one in decided),
        "work_s": _spread(one.work_s for one in decided if one.work_s is not None),
        "money": _money(decided, money),
        "usage": usage.summary((until - timedelta(days=days - 1)).date(), until.date()),
        "per_week": per_week(until),
    }


def _decided(since: datetime, until: datetime) -> list[Decided]:
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
    decided = [Decided(*row) for row in rows.iterator(chunk_size=CHUNK)]
    by_item = {one.item_id: one for one in decided}
    # Where several opinions were asked for, all of their work went into the one item.
    opinions = ReviewDecision.objects.standing().filter(
        takes_effect=False, work_s__isnull=False, item__state=ReviewState.CLOSED, item__closed_at__gte=since
    )
    for item_id, work_s in opinions.order_by().values_list("item_id", "work_s").iterator(chunk_size=CHUNK):
        item = by_item.get(item_id)
        if item is not None and item.work_s is not None and work_s is not None:
            item.work_s += work_s
    return decided


def _read_calls(decided: Iterable[Decided], since: datetime, until: datetime) -> Money:
    """What all calls of the decided jobs cost; gives each verdict the model and the prompt of its output."""
    by_job: dict[uuid.UUID, list[Decided]] = defaultdict(list)
    for one in decided:
        by_job[one.job_id].append(one)
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
            # The last answer that was used made the output.
            for one in by_job.get(job_id, ()):
                one.model, one.prompt = model, f"{prompt} {version[:12]}"
    return money


def verdict_rates(verdicts: Counter[str]) -> dict[str, Any]:
    """Each verdict's share; None where nothing was decided."""
    count = sum(verdicts.values())
    return {verdict: _rate(statistics.rate(verdicts[verdict], count)) for verdict in Verdict.values}


def _groups(decided: Iterable[Decided], key: Callable[[Decided], tuple[str, str]]) -> dict[str, Any]:
    """The rates of each group, the largest first."""
    verdicts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in decided:
        verdicts[key(one)][one.verdict] += 1
    ordered = sorted(verdicts.items(), key=lambda group: (-group[1].total(), group[0]))
    return {
        "rows": [
            {"key": key, "name": name, "decided": counts.total(), **verdict_rates(counts)}
            for (key, name), counts in ordered[:GROUPS]
        ],
        "left_out": max(0, len(ordered) - GROUPS),
    }


def _calibration(decided: Iterable[Decided]) -> dict[str, Any]:
    """Confidence against verdicts; ``speaks_for`` is for how many jobs the verdicts stand."""
    seen = [Observation(one.confidence, one.is_right, one.weight) for one in decided]
    bins = statistics.reliability(seen)
    return {
        "count": len(seen),
        "speaks_for": sum(one.weight for one in seen),
        "ece": statistics.calibration_error(bins),
        "brier": statistics.brier(seen),
        "auroc": statistics.auroc(seen),
        "bins": [one.as_dict() for one in bins],
    }


def _escaped(decided: Iterable[Decided]) -> dict[str, Any]:
    """Of the jobs that passed, the share that a reviewer would not have let pass as they were."""
    audits = [one for one in decided if one.kind == ReviewKind.AUDIT]
    universes = _defects(
        audits, lambda one: (str(one.universe_id or ""), one.universe_name or "Without a universe")
    )
    return {
        "overall": _defect_rate(audits),
        "by_agent": _defects(audits, lambda one: (one.agent_type, _agent_name(one.agent_type))),
        "by_universe": universes[:GROUPS],
        "universes_left_out": max(0, len(universes) - GROUPS),
    }


def _defects(audits: Iterable[Decided], key: Callable[[Decided], tuple[str, str]]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[Decided]] = defaultdict(list)
    for one in audits:
        groups[key(one)].append(one)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [{"key": key, "name": name, "rate": _defect_rate(inside)} for (key, name), inside in ordered]


def _defect_rate(audits: Iterable[Decided]) -> dict[str, Any] | None:
    return _rate(statistics.weighted_rate([(not one.is_right, one.weight) for one in audits]))


def _money(decided: Iterable[Decided], money: Money) -> dict[str, Any]:
    """What the decided jobs cost, all calls of theirs included, and how much that is for one accepted piece.

    A call of unknown cost is counted and adds nothing, so with any of them the amounts are lower bounds.
    """
    accepted = sum(one.verdict in ACCEPTED for one in decided)
    is_known = money.calls > money.unknown_calls
    return {
        "accepted": accepted,
        "calls": money.calls,
        "unknown_calls": money.unknown_calls,
        "cost_usd": in_usd(money.cost) if is_known else None,
        "per_accepted_usd": in_usd(money.cost / accepted) if is_known and accepted else None,
    }


def _spread(seconds: Iterable[float]) -> dict[str, Any]:
    values = list(seconds)
    return {
        "count": len(values),
        "median": statistics.median(values),
        "p90": statistics.quantile(values, 0.9),
    }


def week_starts(now: datetime) -> list[datetime]:
    """The Mondays, at midnight UTC, with which the last twelve weeks began; the running week is the last."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def per_week(now: datetime, **only: Any) -> list[dict[str, Any]]:
    """How many were decided in each of the last weeks; ``only`` narrows the decisions."""
    weeks = week_starts(now)
    rows = (
        ReviewDecision.objects.effective()
        .filter(at__gte=weeks[0], at__lt=now, **only)
        .order_by()
        .annotate(week=TruncWeek("at"))
        .values_list("week")
        .annotate(decided=Count("pk"), accepted=Count("pk", filter=Q(verdict__in=ACCEPTED)))
    )
    found = {week: (decided, accepted) for week, decided, accepted in rows}
    return [
        {"week": f"{week:%Y-%m-%d}", "decided": decided, "accepted": accepted}
        for week in weeks
        for decided, accepted in [found.get(week, (0, 0))]
    ]


def _agent_name(agent_type: str) -> str:
    return str(dict(AgentType.choices).get(agent_type, agent_type))


def _rate(found: statistics.Rate | None) -> dict[str, Any] | None:
    return found.as_dict() if found else None
