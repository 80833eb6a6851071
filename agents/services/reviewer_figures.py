"""How each reviewer works, for themselves and for leads.

Over the last 90 days, gold apart, which is rare: all of it counts, and never as work. What counts is what stands:
verdicts and opinions that were not undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from agents.choices import GoldAnswer, ReviewKind, Verdict
from agents.engine.confidence import statistics
from agents.errors import Forbidden, NotFound
from agents.models import ReviewDecision
from agents.services import gold, review_figures, review_queue
from agents.services.gold import GoldResults
from agents.services.moments import in_utc
from agents.services.review_figures import CHUNK
from agents.services.verdicts import ACCEPTED

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DAYS: Final = 90
# No statement is made of fewer verdicts, or where chance would do the same once in a hundred times.
RUN: Final = 20
IMPROBABLE: Final = 0.01
MOST_REVIEWERS: Final = 500
MOST_WRONG: Final = 20


@dataclass(slots=True)
class Tally:
    """One reviewer's verdicts, counted."""

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
    # Approvals as it was, counted back from the newest verdict to the first that was another.
    run: int = 0
    run_is_over: bool = False
    outcomes: list[tuple[str, str]] = field(default_factory=list)
    leads: list[tuple[str, str]] = field(default_factory=list)
    gold: GoldResults = field(default_factory=GoldResults)


def table(viewer: User, now: datetime | None = None) -> dict[str, Any]:
    """Every reviewer for a lead, oneself for others; and everybody's figures together to hold them against."""
    if not review_queue.is_lead(viewer):
        review_queue.require_reviewer(viewer)
    tallies = _tallies(now or timezone.now())
    shown = [one for one in tallies.values() if review_queue.is_lead(viewer) or one.user_id == viewer.pk]
    return {
        "days": DAYS,
        "everybody": _everybody(tallies.values()),
        "reviewers": [_row(one, tallies) for one in sorted(shown, key=lambda one: one.username)],
    }


def of_reviewer(viewer: User, user_id: int, now: datetime | None = None) -> dict[str, Any]:
    """One reviewer beside the others. Raises ``Forbidden`` for who is neither that person nor a lead."""
    if not review_queue.is_lead(viewer):
        review_queue.require_reviewer(viewer)
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
        # Known answers are told to leads alone: word of them would go round.
        "gold_wrong": _gold_wrong(tally) if review_queue.is_lead(viewer) else [],
        "everybody": _everybody(tallies.values()),
        "per_week": [
            {
                "week": f"{week:%Y-%m-%d}",
                "decided": tally.weeks[week.date()],
                "accepted": tally.weeks_accepted[week.date()],
            }
            for week in review_figures.week_starts(now)
        ],
    }


# --- counting: four queries, however many reviewers there are


def _tallies(now: datetime) -> dict[int, Tally]:
    since = now - timedelta(days=DAYS)
    standing = ReviewDecision.objects.standing().filter(at__gte=since, at__lt=now)
    tallies = {pk: Tally(pk, username) for pk, username in _reviewers(since)}
    _count_work(tallies, standing.exclude(item__kind=ReviewKind.GOLD), now)
    _count_agreement(tallies, standing)
    for user_id, results in gold.results_of(tallies).items():
        tallies[user_id].gold = results
    return tallies


def _reviewers(since: datetime) -> Iterable[tuple[int, str]]:
    """Who may decide, and who has decided and may no more."""
    may = review_queue.reviewers().order_by().values("pk")
    did = ReviewDecision.objects.standing().filter(at__gte=since).order_by().values("by")
    either = get_user_model().objects.filter(Q(pk__in=may) | Q(pk__in=did))
    return either.order_by("username").values_list("pk", "username")[:MOST_REVIEWERS]


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
        tally.weeks_accepted[monday] += verdict in ACCEPTED
        if work_s is not None:
            tally.work_s.append(work_s)
        if kind == ReviewKind.AUDIT:
            tally.audits[verdict] += 1
        tally.run_is_over = tally.run_is_over or verdict != Verdict.APPROVED
        tally.run += not tally.run_is_over


def _count_agreement(tallies: Mapping[int, Tally], standing: Any) -> None:
    """Each opinion on an item that several were asked about, beside what became of the item."""
    outcome = ReviewDecision.objects.effective().filter(item=OuterRef("item"))
    rows = (
        standing.filter(item__opinions_wanted__gt=1, is_lead=False)
        .exclude(item__kind=ReviewKind.GOLD)
        .annotate(
            outcome=Subquery(outcome.values("verdict")[:1]), by_lead=Subquery(outcome.values("is_lead")[:1])
        )
        .filter(outcome__isnull=False)
        .order_by()
        .values_list("by", "verdict", "outcome", "by_lead")
    )
    for by, verdict, result, by_lead in rows.iterator(chunk_size=CHUNK):
        if by in tallies:
            tallies[by].outcomes.append((verdict, result))
            if by_lead:
                tallies[by].leads.append((verdict, result))


# --- telling


def _row(tally: Tally, tallies: Mapping[int, Tally]) -> dict[str, Any]:
    return {
        "user_id": tally.user_id,
        "username": tally.username,
        "today": tally.today,
        "last_7_days": tally.last_7_days,
        "last_30_days": tally.last_30_days,
        "agrees_with_outcome": _rate(statistics.agreement(tally.outcomes)),
        "agrees_with_lead": _rate(statistics.agreement(tally.leads)),
        "gold_right": _rate(statistics.rate(tally.gold.right, tally.gold.of)),
        "approves_everything": why_flagged(tally, tallies.values()),
        **_work([tally]),
    }


def _everybody(tallies: Iterable[Tally]) -> dict[str, Any]:
    return _work(list(tallies))


def _work(tallies: list[Tally]) -> dict[str, Any]:
    """What can be said of one as of all."""
    verdicts = sum((one.verdicts for one in tallies), Counter[str]())
    audits = sum((one.audits for one in tallies), Counter[str]())
    return {
        "decided": verdicts.total(),
        "work_s_median": statistics.median(seconds for one in tallies for seconds in one.work_s),
        "verdicts": review_figures.verdict_rates(verdicts),
        "audits_approved": _rate(statistics.rate(audits[Verdict.APPROVED], audits.total())),
    }


def _gold_wrong(tally: Tally) -> list[dict[str, Any]]:
    return [
        {
            "job_id": str(one.job_id),
            "verdict": one.verdict,
            "answer": one.answer,
            "why": one.why,
            "at": in_utc(one.at),
        }
        for one in tally.gold.wrong[:MOST_WRONG]
    ]


def why_flagged(tally: Tally, everybody: Iterable[Tally]) -> str:
    """Why a reviewer seems to approve everything, as a sentence; "" where nothing says so.

    Their newest verdicts, twenty at least, are all approvals as it was; and they let gold pass that had to be
    refused, or a run of that length is improbable at the rate at which the others approve.
    """
    if tally.run < RUN:
        return ""
    said = f"The last {tally.run} verdicts approved the output as it was"
    missed = sum(
        one.verdict == Verdict.APPROVED and one.answer == GoldAnswer.REFUSE for one in tally.gold.wrong
    )
    if missed:
        items = "one gold item that" if missed == 1 else f"{missed} gold items that"
        return f"{said}, and so was {items} had to be refused."
    others = sum((one.verdicts for one in everybody if one.user_id != tally.user_id), Counter[str]())
    if not others:
        return ""
    share = others[Verdict.APPROVED] / others.total()
    if share**tally.run >= IMPROBABLE:
        return ""
    return f"{said}; others approve {share:.0%}, at which a run of that length is less likely than 1 in 100."


def _rate(found: statistics.Rate | None) -> dict[str, Any] | None:
    return found.as_dict() if found else None
