"""Metrics of the agents' quality, computed from reviewers' verdicts.

Only decisions in force count; gold items, which measure the reviewer, do not. A confidence counts as right if the
output was approved unchanged: an edit is a defect that a person repaired. Trusted jobs are audited at a known sampling
rate, so their verdicts are weighted by its inverse, and the calibration covers all jobs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from agents.billing import usage
from agents.choices import ACCEPTED_VERDICTS, AgentType, Verdict
from agents.common.text.money import format_usd
from agents.common.text.timestamps import isoformat_utc
from agents.engine.confidence import statistics
from agents.engine.confidence.statistics import Observation, Rate
from agents.models import ReviewDecision
from agents.quality.decided import Audited, Money, Period
from agents.quality.types import (
    Calibration,
    Choices,
    Escaped,
    NamedRate,
    ReviewedCost,
    ReviewMetrics,
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
NO_CALL: Final = "No call is on record"
AGENT_NAMES: Final = {value: str(label) for value, label in AgentType.choices}


def compute(days: int, now: datetime | None = None) -> ReviewMetrics:
    """Compute the metrics of the last ``days`` in a fixed number of queries, which return groups of verdicts."""
    until = now or timezone.now()
    since = until - timedelta(days=days)
    period = Period(since, until)
    by_agent = period.by_agent()
    verdicts: Counter[str] = Counter()
    for _, verdict, count in by_agent:
        verdicts[verdict] += count
    answered = list(period.answered())
    unanswered = verdicts.copy()
    for answer in answered:
        unanswered[answer.verdict] -= answer.count
    waited, worked = period.times()
    return {
        "form": FORM,
        "days": days,
        "since": isoformat_utc(since),
        "until": isoformat_utc(until),
        "decided": verdicts.total(),
        "mock": period.mock(),
        "verdicts": verdict_rates(verdicts),
        "by_agent": _groups(
            (agent, _agent_name(agent), verdict, count) for agent, verdict, count in by_agent
        ),
        "by_model": _groups(_by_call(unanswered, ((a.model, a.verdict, a.count) for a in answered))),
        "by_prompt": _groups(_by_call(unanswered, ((a.prompt, a.verdict, a.count) for a in answered))),
        "calibration": _calibration(period.observations()),
        "escaped": _escaped(period.audited()),
        "time_to_decision_s": waited,
        "work_s": worked,
        "money": _money(sum(verdicts[verdict] for verdict in ACCEPTED_VERDICTS), period.money()),
        "usage": usage.summary((until - timedelta(days=days - 1)).date(), until.date()),
        "variants": _choices(days),
        "per_week": per_week(until),
    }


# Key and name of a group, a verdict, and how many of the group have it.
_Group = tuple[str, str, str, int]


def _by_call(unanswered: Mapping[str, int], answered: Iterable[tuple[str, str, int]]) -> Iterator[_Group]:
    for key, verdict, count in answered:
        yield key, key or NO_CALL, verdict, count
    for verdict, count in unanswered.items():
        if count:
            yield "", NO_CALL, verdict, count


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


def _groups(groups: Iterable[_Group]) -> VerdictGroups:
    verdicts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for key, name, verdict, count in groups:
        verdicts[key, name][verdict] += count
    ordered = sorted(verdicts.items(), key=lambda group: (-group[1].total(), group[0]))
    rows: list[VerdictGroup] = [
        {"key": key, "name": name, "decided": counts.total(), **verdict_rates(counts)}
        for (key, name), counts in ordered[:MAX_GROUPS]
    ]
    return {"rows": rows, "left_out": max(0, len(ordered) - MAX_GROUPS)}


def _calibration(observations: Sequence[Observation]) -> Calibration:
    bins = statistics.reliability(observations)
    return {
        "count": sum(observation.count for observation in observations),
        "speaks_for": sum(observation.weight * observation.count for observation in observations),
        "ece": statistics.calibration_error(bins),
        "brier": statistics.brier(observations),
        "auroc": statistics.auroc(observations),
        "bins": bins,
    }


def _escaped(audits: Sequence[Audited]) -> Escaped:
    universes = _defects(
        audits, lambda audit: (str(audit.universe_id or ""), audit.universe_name or "Without a universe")
    )
    return {
        "overall": _defect_rate(audits),
        "by_agent": _defects(audits, lambda audit: (audit.agent_type, _agent_name(audit.agent_type))),
        "by_universe": universes[:MAX_GROUPS],
        "universes_left_out": max(0, len(universes) - MAX_GROUPS),
    }


def _defects(audits: Iterable[Audited], key: Callable[[Audited], tuple[str, str]]) -> list[NamedRate]:
    groups: dict[tuple[str, str], list[Audited]] = defaultdict(list)
    for audit in audits:
        groups[key(audit)].append(audit)
    ordered = sorted(groups.items(), key=lambda group: (-sum(audit.count for audit in group[1]), group[0]))
    return [{"key": key, "name": name, "rate": _defect_rate(inside)} for (key, name), inside in ordered]


def _defect_rate(audits: Iterable[Audited]) -> Rate | None:
    return statistics.weighted_rate([(not audit.is_right, audit.weight, audit.count) for audit in audits])


def _money(accepted: int, money: Money) -> ReviewedCost:
    is_known = money.calls > money.unknown_calls
    return {
        "accepted": accepted,
        "calls": money.calls,
        "unknown_calls": money.unknown_calls,
        "cost_usd": format_usd(money.cost) if is_known else None,
        "per_accepted_usd": format_usd(money.cost / accepted) if is_known and accepted else None,
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
