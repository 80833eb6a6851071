"""Metrics of each reviewer's work, for the reviewer and for leads.

They cover decisions and opinions in force of the last 90 days. Gold items do not count as work, and their results cover
all time, because gold is rare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, TruncWeek
from django.utils import timezone

from agents.choices import ACCEPTED_VERDICTS, GoldAnswer, ReviewKind, Verdict
from agents.common import permissions
from agents.common.quantiles import Quantile
from agents.common.text.timestamps import isoformat_utc
from agents.engine.confidence import statistics
from agents.errors import Forbidden, NotFound
from agents.models import ReviewDecision
from agents.models.review.decision import ReviewDecisionQuerySet as DecisionQuerySet
from agents.quality import gold, metrics
from agents.quality.gold import GoldResults
from agents.quality.types import ReviewerMetrics, ReviewerRow, ReviewerTable, Work, WrongGold

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DAYS: Final = 90
# A reviewer is flagged for a run of approvals at least this long that is less probable than this.
MIN_RUN: Final = 20
MAX_PROBABILITY: Final = 0.01
MAX_REVIEWERS: Final = 500
MAX_WRONG: Final = 20


@dataclass(slots=True)
class Tally:
    """Counts of one reviewer's verdicts."""

    user_id: int
    username: str
    verdicts: Counter[str] = field(default_factory=Counter)
    audits: Counter[str] = field(default_factory=Counter)
    weeks: Counter[date] = field(default_factory=Counter)
    weeks_accepted: Counter[date] = field(default_factory=Counter)
    today: int = 0
    last_7_days: int = 0
    last_30_days: int = 0
    work_s_median: float | None = None
    # Length of the latest unbroken run of unchanged approvals.
    run: int = 0
    final_pairs: list[tuple[str, str]] = field(default_factory=list)
    lead_pairs: list[tuple[str, str]] = field(default_factory=list)
    gold: GoldResults = field(default_factory=GoldResults)


def table(viewer: User, now: datetime | None = None) -> ReviewerTable:
    """Return the metrics of every reviewer to leads, of themselves to others, and of all together."""
    if not permissions.is_lead(viewer):
        permissions.require_reviewer(viewer)
    tallies, work_s_median = _tallies(now or timezone.now())
    is_lead = permissions.is_lead(viewer)
    shown = [tally for tally in tallies.values() if is_lead or tally.user_id == viewer.pk]
    return {
        "days": DAYS,
        "everybody": _work(tallies.values(), work_s_median),
        "reviewers": [_row(tally, tallies) for tally in sorted(shown, key=lambda tally: tally.username)],
    }


def of_reviewer(viewer: User, user_id: int, now: datetime | None = None) -> ReviewerMetrics:
    """Return one reviewer's metrics beside those of all; raise ``Forbidden`` for anyone but the person and leads."""
    if not permissions.is_lead(viewer):
        permissions.require_reviewer(viewer)
        if viewer.pk != user_id:
            raise Forbidden("Only leads may see how others review.")
    now = now or timezone.now()
    tallies, work_s_median = _tallies(now)
    tally = tallies.get(user_id)
    if tally is None:
        raise NotFound(f"There is no reviewer {user_id}.", code="reviewer_not_found")
    return {
        "days": DAYS,
        "reviewer": _row(tally, tallies),
        # Only leads see the known answers, so that reviewers cannot pass them on.
        "gold_wrong": _gold_wrong(tally) if permissions.is_lead(viewer) else [],
        "everybody": _work(tallies.values(), work_s_median),
        "per_week": [
            {
                "week": f"{week:%Y-%m-%d}",
                "decided": tally.weeks[week.date()],
                "accepted": tally.weeks_accepted[week.date()],
            }
            for week in metrics.week_starts(now)
        ],
    }


# --- Counting: a fixed number of queries, in which the database counts


def _tallies(now: datetime) -> tuple[dict[int, Tally], float | None]:
    """Return the counts of each reviewer, and the median seconds of work on a verdict of all of them."""
    since = now - timedelta(days=DAYS)
    in_force = ReviewDecision.objects.in_force().filter(at__gte=since, at__lt=now)
    tallies = {pk: Tally(pk, username) for pk, username in _reviewers(since)}
    work = in_force.exclude(item__kind=ReviewKind.GOLD)
    work_s_median = _count_work(tallies, work, now)
    _count_runs(tallies, work, since)
    _count_agreement(tallies, in_force)
    for user_id, results in gold.results_of(tallies).items():
        tallies[user_id].gold = results
    return tallies, work_s_median


def _reviewers(since: datetime) -> Iterable[tuple[int, str]]:
    """Return id and name of all who may decide, or have decided in the period."""
    may = permissions.reviewers().order_by().values("pk")
    did = ReviewDecision.objects.in_force().filter(at__gte=since).order_by().values("by")
    either = get_user_model().objects.filter(Q(pk__in=may) | Q(pk__in=did))
    return either.order_by("username").values_list("pk", "username")[:MAX_REVIEWERS]


def _count_work(tallies: Mapping[int, Tally], decisions: DecisionQuerySet, now: datetime) -> float | None:
    """Count the verdicts of each reviewer, and return the median work on them all."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    week, month = now - timedelta(days=7), now - timedelta(days=30)
    rows = (
        decisions.order_by()
        .annotate(week=TruncWeek("at", tzinfo=UTC))
        .values_list("by", "verdict", "item__kind", "week")
        .annotate(
            number=Count("pk"),
            today=Count("pk", filter=Q(at__gte=midnight)),
            last_7_days=Count("pk", filter=Q(at__gte=week)),
            last_30_days=Count("pk", filter=Q(at__gte=month)),
        )
    )
    for by, verdict, kind, monday, number, today, last_7_days, last_30_days in rows:
        tally = tallies.get(by)
        if tally is None:
            continue
        tally.verdicts[verdict] += number
        tally.today += today
        tally.last_7_days += last_7_days
        tally.last_30_days += last_30_days
        tally.weeks[monday.date()] += number
        if verdict in ACCEPTED_VERDICTS:
            tally.weeks_accepted[monday.date()] += number
        if kind == ReviewKind.AUDIT:
            tally.audits[verdict] += number
    works = decisions.order_by().filter(by__in=list(tallies), work_s__isnull=False)
    for by, median in works.values_list("by").annotate(median=Quantile("work_s", 0.5)):
        tallies[by].work_s_median = median
    median_of_all: float | None = works.aggregate(median=Quantile("work_s", 0.5))["median"]
    return median_of_all


def _count_runs(tallies: Mapping[int, Tally], decisions: DecisionQuerySet, since: datetime) -> None:
    """Count the latest unbroken run of approvals of each reviewer, for which only its rows are read."""
    own = decisions.filter(by=OuterRef("pk")).order_by("-at", "-id")
    before = own.exclude(verdict=Verdict.APPROVED)
    # Verdicts of one moment are in the order of their ids.
    run = (
        own.filter(verdict=Verdict.APPROVED, at__gte=OuterRef("before_at"))
        .filter(Q(at__gt=OuterRef("before_at")) | Q(id__gt=OuterRef("before_id")))
        .order_by()
        .values("by")
        .annotate(length=Count("pk"))
        .values("length")
    )
    runs = (
        get_user_model()
        .objects.filter(pk__in=list(tallies))
        .order_by()
        .annotate(
            before_at=Coalesce(Subquery(before.values("at")[:1]), Value(since - timedelta(days=1))),
            before_id=Subquery(before.values("id")[:1]),
            run=Subquery(run),
        )
    )
    for user_id, length in runs.values_list("pk", "run"):
        tallies[user_id].run = length or 0


def _count_agreement(tallies: Mapping[int, Tally], decisions: DecisionQuerySet) -> None:
    """Pair each opinion on an item with several opinions with the item's final verdict."""
    final = ReviewDecision.objects.effective().filter(item=OuterRef("item"))
    rows = (
        decisions.filter(item__opinions_wanted__gt=1, is_lead=False)
        .exclude(item__kind=ReviewKind.GOLD)
        .annotate(final=Subquery(final.values("verdict")[:1]), by_lead=Subquery(final.values("is_lead")[:1]))
        .filter(final__isnull=False)
        .order_by()
        .values_list("by", "verdict", "final", "by_lead")
        .annotate(Count("pk"))
    )
    for by, verdict, result, by_lead, number in rows:
        if by in tallies:
            tallies[by].final_pairs += [(verdict, result)] * number
            if by_lead:
                tallies[by].lead_pairs += [(verdict, result)] * number


# --- Presentation


def _row(tally: Tally, tallies: Mapping[int, Tally]) -> ReviewerRow:
    return {
        "user_id": tally.user_id,
        "username": tally.username,
        "today": tally.today,
        "last_7_days": tally.last_7_days,
        "last_30_days": tally.last_30_days,
        "agrees_with_outcome": statistics.agreement(tally.final_pairs),
        "agrees_with_lead": statistics.agreement(tally.lead_pairs),
        "gold_right": statistics.rate(tally.gold.right, tally.gold.of),
        "approves_everything": why_flagged(tally, tallies.values()),
        **_work([tally], tally.work_s_median),
    }


def _work(tallies: Collection[Tally], work_s_median: float | None) -> Work:
    verdicts = sum((tally.verdicts for tally in tallies), Counter[str]())
    audits = sum((tally.audits for tally in tallies), Counter[str]())
    return {
        "decided": verdicts.total(),
        "work_s_median": work_s_median,
        "verdicts": metrics.verdict_rates(verdicts),
        "audits_approved": statistics.rate(audits[Verdict.APPROVED], audits.total()),
    }


def _gold_wrong(tally: Tally) -> list[WrongGold]:
    return [
        {
            "job_id": str(wrong.job_id),
            "verdict": wrong.verdict,
            "answer": wrong.answer,
            "why": wrong.why,
            "at": isoformat_utc(wrong.at),
        }
        for wrong in tally.gold.wrong[:MAX_WRONG]
    ]


def why_flagged(tally: Tally, everybody: Iterable[Tally]) -> str:
    """Explain why a reviewer seems to approve everything; return "" if there is no sign of it.

    A reviewer is flagged if the latest decisions, at least twenty, are unchanged approvals, and either a gold item
    that had to be refused was approved, or such a run is improbable at the rate at which the others approve.
    """
    if tally.run < MIN_RUN:
        return ""
    run = f"The last {tally.run} verdicts approved the output unchanged"
    missed = sum(
        wrong.verdict == Verdict.APPROVED and wrong.answer == GoldAnswer.REFUSE for wrong in tally.gold.wrong
    )
    if missed:
        items = "one gold item that" if missed == 1 else f"{missed} gold items that"
        return f"{run}, including {items} should have been rejected."
    others = sum((other.verdicts for other in everybody if other.user_id != tally.user_id), Counter[str]())
    if not others:
        return ""
    share = others[Verdict.APPROVED] / others.total()
    if share**tally.run >= MAX_PROBABILITY:
        return ""
    return f"{run}; others approve {share:.0%}, at which a run of that length is less likely than 1 in 100."
