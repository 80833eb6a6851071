"""Reservations and settlements: a job reserves its maximum price when submitted, and its calls count when made.

Amounts are integers in 10⁻¹² dollars. To avoid deadlocks, a transaction creates all missing periods before it updates
any, and updates them in the order of their budgets.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Final

from django.db.models import F, Q
from django.utils import timezone

from agents.choices import BudgetPeriodKind, BudgetScope, VersionedData
from agents.common.database.versions import Versioned
from agents.common.text.money import format_usd
from agents.common.text.timestamps import isoformat_utc
from agents.errors import BudgetExceeded
from agents.models import AgentJob, Budget, BudgetPeriod, BudgetReservation

PICO: Final = 10**12


def to_pico(usd: Decimal) -> int:
    return int(usd * PICO)


def _format_pico(pico: int) -> str:
    return format_usd(Decimal(pico) / PICO)


def first_day(kind: str, at: datetime) -> date:
    """Return the first day, in UTC, of the period that includes ``at``."""
    day = at.astimezone(UTC).date()
    return day if kind == BudgetPeriodKind.DAY else day.replace(day=1)


def next_period_at(kind: str, at: datetime) -> datetime:
    first = first_day(kind, at)
    after = first + timedelta(days=1 if kind == BudgetPeriodKind.DAY else 32)
    return datetime.combine(first_day(kind, datetime.combine(after, time(), UTC)), time(), UTC)


@dataclass(frozen=True, slots=True)
class _Owners:
    """Owners of the budgets: the site, universes, people and schedules."""

    is_site_limited: bool
    universes: frozenset[uuid.UUID]
    people: frozenset[int]
    schedules: frozenset[uuid.UUID]

    def include(self, job: AgentJob) -> bool:
        return (
            self.is_site_limited
            or job.requested_by_id in self.people
            or job.universe_id in self.universes
            or job.schedule_id in self.schedules
        )


def _read_owners() -> _Owners:
    rows = list(Budget.objects.order_by().values_list("scope", "universe", "user", "schedule"))
    return _Owners(
        is_site_limited=any(scope == BudgetScope.SITE for scope, *_ in rows),
        universes=frozenset(universe for _, universe, _, _ in rows if universe is not None),
        people=frozenset(person for _, _, person, _ in rows if person is not None),
        schedules=frozenset(schedule for _, _, _, schedule in rows if schedule is not None),
    )


_owners: Final = Versioned(VersionedData.BUDGETS, _read_owners)


def apply_to(job: AgentJob) -> bool:
    return _owners.get().include(job)


def reserve(wants: Sequence[tuple[AgentJob, Decimal]]) -> list[BudgetExceeded | None]:
    """Reserve the maximum price of one attempt, in US dollars, for each job in every budget that applies to it.

    Return the refusal of each job that one of its budgets has not enough left for; nothing is reserved for it, and the
    jobs after it may have what it leaves. A budget with nothing left refuses a price of zero as well, be the price
    unknown or the job one of the mock model.

    Call it in the transaction that makes the jobs pending, with their universes locked.
    """
    budgets = _applying([job for job, _ in wants])
    if not budgets:
        return [None] * len(wants)
    now = timezone.now()
    periods = current_periods(budgets, now, lock=True)
    reserved = dict.fromkeys(periods, 0)
    rows: list[BudgetReservation] = []
    refusals: list[BudgetExceeded | None] = []
    for job, ceiling in wants:
        applying, wanted = [budget for budget in budgets if _applies(budget, job)], to_pico(ceiling)
        full = next((budget for budget in applying if _lacks(budget, periods[budget.pk], wanted)), None)
        refusals.append(None if full is None else _exceeded(full, periods[full.pk], wanted, now))
        if full is not None:
            continue
        for budget in applying:
            period = periods[budget.pk]
            period.reserved_pico_usd += wanted
            reserved[budget.pk] += wanted
            rows.append(BudgetReservation(period=period, job=job, pico_usd=wanted))
    for budget_id, pico_usd in reserved.items():
        if pico_usd:
            changed = F("reserved_pico_usd") + pico_usd
            BudgetPeriod.objects.filter(pk=periods[budget_id].pk).update(reserved_pico_usd=changed)
    BudgetReservation.objects.bulk_create(rows)
    return refusals


def _lacks(budget: Budget, period: BudgetPeriod, wanted: int) -> bool:
    left = to_pico(budget.limit_usd) - period.spent_pico_usd - period.reserved_pico_usd
    return left <= 0 or left < wanted


def refusal_of(job: AgentJob, wanted_usd: Decimal | None) -> BudgetExceeded | None:
    """Return the error that ``reserve`` would raise now for a job of this price, without changing anything."""
    wanted = to_pico(wanted_usd or Decimal(0))
    now = timezone.now()
    applying = _applying([job])
    periods = _stored_periods(applying, now)
    for budget in applying:
        period = periods.get(budget.pk) or BudgetPeriod(budget=budget)
        if _lacks(budget, period, wanted):
            return _exceeded(budget, period, wanted, now)
    return None


@dataclass(slots=True)
class _Change:
    period_id: int
    spent: int = 0
    unknown: int = 0
    released: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """Costs of a job's calls, None for an unknown one; a final job gives up its reservations."""

    job: AgentJob
    costs: Sequence[Decimal | None]
    is_final: bool


def settle(job: AgentJob, *, is_final: bool, at: datetime) -> None:
    """Release the reservations of a job that ends without a call; see ``settle_all``."""
    settle_all([Settlement(job, (), is_final)], at=at)


def settle_all(settlements: Iterable[Settlement], *, at: datetime) -> None:
    """Add calls to what is spent, and release the reservations of final jobs; the caller opens the transaction.

    A cost of None counts as an unknown call. Only the transaction that deletes a reservation releases it, so that it
    is released once.
    """
    changes: dict[tuple[int, date], _Change] = {}
    # A job has no reservation in a budget that does not apply to it.
    for settlement in settlements:
        if apply_to(settlement.job):
            _collect(settlement, changes, at)
    for _, change in sorted(changes.items(), key=itemgetter(0)):
        BudgetPeriod.objects.filter(pk=change.period_id).update(
            spent_pico_usd=F("spent_pico_usd") + change.spent,
            unknown_calls=F("unknown_calls") + change.unknown,
            reserved_pico_usd=F("reserved_pico_usd") - change.released,
        )


def _collect(settlement: Settlement, changes: dict[tuple[int, date], _Change], at: datetime) -> None:
    """Add the changes of one job to ``changes``, by budget and first day."""
    spent = to_pico(sum((cost for cost in settlement.costs if cost is not None), Decimal(0)))
    unknown = sum(cost is None for cost in settlement.costs)
    if spent or unknown:
        for period in current_periods(_applying([settlement.job]), at).values():
            change = changes.setdefault((period.budget_id, period.starts_on), _Change(period.pk))
            change.spent += spent
            change.unknown += unknown
    if settlement.is_final:
        for reservation in BudgetReservation.objects.filter(job=settlement.job).select_related("period"):
            deleted, _ = BudgetReservation.objects.filter(pk=reservation.pk).delete()
            if deleted:
                period = reservation.period
                key = period.budget_id, period.starts_on
                changes.setdefault(key, _Change(period.pk)).released += reservation.pico_usd


def current_periods(
    budgets: Sequence[Budget], at: datetime, *, lock: bool = False
) -> dict[int, BudgetPeriod]:
    """Return the current period of each budget by the budget's id, creating those that are missing.

    ``lock``: no other transaction changes them until this one ends.
    """
    periods = _stored_periods(budgets, at, lock=lock)
    missing = [budget for budget in budgets if budget.pk not in periods]
    if not missing:
        return periods
    BudgetPeriod.objects.bulk_create(
        [BudgetPeriod(budget=budget, starts_on=first_day(budget.period, at)) for budget in missing],
        # Another transaction may be creating them, too.
        ignore_conflicts=True,
    )
    return _stored_periods(budgets, at, lock=lock)


def _stored_periods(
    budgets: Sequence[Budget], at: datetime, *, lock: bool = False
) -> dict[int, BudgetPeriod]:
    starts = {budget.pk: first_day(budget.period, at) for budget in budgets}
    if not starts:
        return {}
    rows = BudgetPeriod.objects.filter(budget__in=starts, starts_on__in=set(starts.values()))
    if lock:
        # By the column: ``budget`` would sort by the ordering of budgets, lock their rows too, and so deadlock.
        rows = rows.select_for_update(no_key=True).order_by("budget_id")
    return {row.budget_id: row for row in rows if row.starts_on == starts[row.budget_id]}


def _applying(jobs: Sequence[AgentJob]) -> list[Budget]:
    """Return the budgets of some jobs, in the order in which all transactions lock and update their periods."""
    applies = Q(scope=BudgetScope.SITE) | Q(user__in={job.requested_by_id for job in jobs})
    if universes := {job.universe_id for job in jobs if job.universe_id is not None}:
        applies |= Q(universe__in=universes)
    if schedules := {job.schedule_id for job in jobs if job.schedule_id is not None}:
        applies |= Q(schedule__in=schedules)
    return list(Budget.objects.filter(applies).order_by("pk"))


def _applies(budget: Budget, job: AgentJob) -> bool:
    if budget.scope == BudgetScope.SITE:
        return True
    if budget.scope == BudgetScope.UNIVERSE:
        return budget.universe_id == job.universe_id
    if budget.scope == BudgetScope.SCHEDULE:
        return budget.schedule_id == job.schedule_id
    return budget.user_id == job.requested_by_id


def owner_name(budget: Budget) -> str:
    """Return the owner of a budget as part of a sentence."""
    if budget.universe is not None:
        return f"the universe {budget.universe.name!r}"
    if budget.schedule is not None:
        return f"the schedule {budget.schedule.name!r}"
    return budget.user.get_username() if budget.user is not None else "the site"


def _exceeded(budget: Budget, period: BudgetPeriod, wanted: int, now: datetime) -> BudgetExceeded:
    next_period = next_period_at(budget.period, now)
    spent, reserved = _format_pico(period.spent_pico_usd), _format_pico(period.reserved_pico_usd)
    limit = format_usd(budget.limit_usd)
    left = max(0, to_pico(budget.limit_usd) - period.spent_pico_usd - period.reserved_pico_usd)
    # A budget with nothing left refuses even jobs that cost nothing.
    lack = (
        f"not enough left for this job, which may cost ${_format_pico(wanted)}" if wanted else "nothing left"
    )
    return BudgetExceeded(
        f"The budget of {owner_name(budget)} for this {budget.period} has {lack}: "
        f"of ${limit}, ${spent} is spent and ${reserved} reserved for running jobs. "
        f"The next {budget.period} begins at {next_period:%Y-%m-%d %H:%M} UTC.",
        details={
            "budget": {
                "id": budget.pk,
                "scope": budget.scope,
                "universe_id": None if budget.universe_id is None else str(budget.universe_id),
                "username": None if budget.user is None else budget.user.get_username(),
                "schedule_id": None if budget.schedule_id is None else str(budget.schedule_id),
                "period": budget.period,
                "limit_usd": limit,
                "spent_usd": spent,
                "reserved_usd": reserved,
                "left_usd": _format_pico(left),
                "wanted_usd": _format_pico(wanted),
                "next_period_at": isoformat_utc(next_period),
            }
        },
    )
