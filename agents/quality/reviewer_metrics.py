"""Metrics of each reviewer's work, for the reviewer and for leads.

They cover decisions and opinions in force of the last 90 days. Gold items do not count as work, and their results cover
all time, because gold is rare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from agents.choices import ACCEPTED_VERDICTS, GoldAnswer, ReviewKind, Verdict
from agents.common import permissions
from agents.common.text.timestamps import isoformat_utc
from agents.engine.confidence import statistics
from agents.errors import Forbidden, NotFound
from agents.models import ReviewDecision
from agents.quality import gold, metrics
from agents.quality.gold import GoldResults
from agents.quality.metrics import CHUNK
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
    work_s: list[float] = field(default_factory=list)
    # Length of the latest unbroken run of unchanged approvals.
    run: int = 0
    run_is_over: bool = False
    final_pairs: list[tuple[str, str]] = field(default_factory=list)
    lead_pairs: list[tuple[str, str]] = field(default_factory=list)
    gold: GoldResults = field(default_factory=GoldResults)


def table(viewer: User, now: datetime | None = None) -> ReviewerTable:
    """Return the metrics of every reviewer to leads, of themselves to others, and of all together."""
    if not permissions.is_lead(viewer):
        permissions.require_reviewer(viewer)
    tallies = _tallies(now or timezone.now())
    is_lead = permissions.is_lead(viewer)
    shown = [tally for tally in tallies.values() if is_lead or tally.user_id == viewer.pk]
    return {
        "days": DAYS,
        "everybody": _work(tallies.values()),
        "reviewers": [_row(tally, tallies) for tally in sorted(shown, key=lambda tally: tally.username)],
    }


def of_reviewer(viewer: User, user_id: int, now: datetime | None = None) -> ReviewerMetrics:
    """Return one reviewer's metrics beside those of all; raise ``Forbidden`` for anyone but the person and leads."""
    if not permissions.is_lead(viewer):
        permissions.require_reviewer(viewer)
        if viewer.pk != user_id:
            raise Forbidden("Only leads may see how others review.")
    now = now or timezone.now()
    tallies = _tallies(now)
    tally = tallies.get(user_id)
    if tally is None:
        raise NotFound(f"There is no reviewer {user_id}.", code="reviewer_not_found")
    return {
        "days": DAYS,
        "reviewer": _row(tally, tallies),
        # Only leads see the known answers, so that reviewers cannot pass them on.
        "gold_wrong": _gold_wrong(tally) if permissions.is_lead(viewer) else [],
        "everybody": _work(tallies.values()),
        "per_week": [
            {
                "week": f"{week:%Y-%m-%d}",
                "decided": tally.weeks[week.date()],
                "accepted": tally.weeks_accepted[week.date()],
            }
            for week in metrics.week_starts(now)
        ],
    }


# --- Counting: four queries, regardless of the number of reviewers


def _tallies(now: datetime) -> dict[int, Tally]:
    since = now - timedelta(days=DAYS)
    in_force = ReviewDecision.objects.in_force().filter(at__gte=since, at__lt=now)
    tallies = {pk: Tally(pk, username) for pk, username in _reviewers(since)}
    _count_work(tallies, in_force.exclude(item__kind=ReviewKind.GOLD), now)
    _count_agreement(tallies, in_force)
    for user_id, results in gold.results_of(tallies).items():
        tallies[user_id].gold = results
    return tallies


def _reviewers(since: datetime) -> Iterable[tuple[int, str]]:
    """Return id and name of all who may decide, or have decided in the period."""
    may = permissions.reviewers().order_by().values("pk")
    did = ReviewDecision.objects.in_force().filter(at__gte=since).order_by().values("by")
    either = get_user_model().objects.filter(Q(pk__in=may) | Q(pk__in=did))
    return either.order_by("username").values_list("pk", "username")[:MAX_REVIEWERS]


def _count_work(tallies: Mapping[int, Tally], decisions: Any, now: datetime) -> None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    week, month = now - timedelta(days=7), now - timedelta(days=30)
    rows = decisions.order_by("-at", "-id").values_list("by", "at", "verdict", "work_s", "item__kind")
    for by, at, verdict, work_s, kind in rows.iterator(chunk_size=CHUNK):
        tally = tallies.get(by)
        if tally is None:
            continue
        tally.verdicts[verdict] += 1
        tally.today += at >= midnight
        tally.last_7_days += at >= week
        tally.last_30_days += at >= month
        monday = at.date() - timedelta(days=at.weekday())
        tally.weeks[monday] += 1
        tally.weeks_accepted[monday] += verdict in ACCEPTED_VERDICTS
        if work_s is not None:
            tally.work_s.append(work_s)
        if kind == ReviewKind.AUDIT:
            tally.audits[verdict] += 1
        tally.run_is_over = tally.run_is_over or verdict != Verdict.APPROVED
        tally.run += not tally.run_is_over


def _count_agreement(tallies: Mapping[int, Tally], decisions: Any) -> None:
    """Pair each opinion on an item with several opinions with the item's final verdict."""
    final = ReviewDecision.objects.effective().filter(item=OuterRef("item"))
    rows = (
        decisions.filter(item__opinions_wanted__gt=1, is_lead=False)
        .exclude(item__kind=ReviewKind.GOLD)
        .annotate(final=Subquery(final.values("verdict")[:1]), by_lead=Subquery(final.values("is_lead")[:1]))
        .filter(final__isnull=False)
        .order_by()
        .values_list("by", "verdict", "final", "by_lead")
    )
    for by, verdict, result, by_lead in rows.iterator(chunk_size=CHUNK):
        if by in tallies:
            tallies[by].final_pairs.append((verdict, result))
            if by_lead:
                tallies[by].lead_pairs.append((verdict, result))


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
        **_work([tally]),
    }


def _work(tallies: Collection[Tally]) -> Work:
    verdicts = sum((tally.verdicts for tally in tallies), Counter[str]())
    audits = sum((tally.audits for tally in tallies), Counter[str]())
    return {
        "decided": verdicts.total(),
        "work_s_median": statistics.median(seconds for tally in tallies for seconds in tally.work_s),
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
