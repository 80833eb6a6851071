"""Reservations and settlements: a job reserves its maximum price when submitted, and its calls count when made.

Amounts are integers in 10⁻¹² dollars. To avoid deadlocks, a transaction creates all missing periods before it updates
any, and updates them in the order of their budgets.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any, Final

from django.db import connection
from django.db.models import F
from django.utils import timezone

from agents.choices import BudgetPeriodKind, BudgetScope, VersionedData
from agents.common.database import connections
from agents.common.database.versions import Versioned
from agents.common.text.money import format_usd
from agents.common.text.timestamps import isoformat_utc
from agents.errors import BudgetExceeded
from agents.models import AgentJob, Budget, BudgetPeriod, BudgetReservation
from agents.models.jobs import bulk_insert

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


class _Budgets:
    """Index of all budgets by their owners."""

    def __init__(self, budgets: Iterable[Budget]) -> None:
        self._by_owner: defaultdict[tuple[str, Any], list[Budget]] = defaultdict(list)
        for budget in budgets:
            owner = budget.universe_id or budget.user_id or budget.schedule_id
            self._by_owner[budget.scope, owner].append(budget)

    def of(self, job: AgentJob) -> list[Budget]:
        """Return the budgets that apply to a job."""
        owners = (
            (BudgetScope.SITE, None),
            (BudgetScope.USER, job.requested_by_id),
            (BudgetScope.UNIVERSE, job.universe_id),
            (BudgetScope.SCHEDULE, job.schedule_id),
        )
        return [budget for owner in owners for budget in self._by_owner.get(owner, ())]


_budgets: Final = Versioned(VersionedData.BUDGETS, lambda: _Budgets(Budget.objects.order_by("pk")))


def apply_to(job: AgentJob) -> bool:
    return bool(_budgets.get().of(job))


def lately_applied_to(job: AgentJob) -> bool:
    """Return ``apply_to`` as this process knew it last, without asking the database."""
    return bool(_budgets.recent().of(job))


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
    reserved = {period.pk: 0 for period in periods.values()}
    rows: list[BudgetReservation] = []
    refusals: list[BudgetExceeded | None] = []
    for job, ceiling in wants:
        applying, wanted = _applying([job]), to_pico(ceiling)
        full = next((budget for budget in applying if _lacks(budget, periods[budget.pk], wanted)), None)
        refusals.append(None if full is None else _exceeded(full, periods[full.pk], wanted, now))
        if full is not None:
            continue
        for budget in applying:
            period = periods[budget.pk]
            period.reserved_pico_usd += wanted
            reserved[period.pk] += wanted
            rows.append(BudgetReservation(period=period, job=job, pico_usd=wanted))
    _add_to_reserved({period_id: pico_usd for period_id, pico_usd in reserved.items() if pico_usd}, rows)
    return refusals


def _add_to_reserved(reserved: Mapping[int, int], rows: Sequence[BudgetReservation]) -> None:
    """Store reservations and add them to their periods, which are locked; on PostgreSQL in one round trip."""
    if connection.vendor != "postgresql":
        for period_id, pico_usd in reserved.items():
            changed = F("reserved_pico_usd") + pico_usd
            BudgetPeriod.objects.filter(pk=period_id).update(reserved_pico_usd=changed)
        bulk_insert.insert(BudgetReservation, rows)
    elif rows:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE agent_budget_periods SET reserved_pico_usd = reserved_pico_usd + added.pico_usd
                FROM unnest(%s::bigint[], %s::bigint[]) AS added (id, pico_usd)
                WHERE agent_budget_periods.id = added.id;
                INSERT INTO agent_budget_reservations (period_id, job_id, pico_usd)
                SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[])
                """,
                [
                    list(reserved),
                    list(reserved.values()),
                    [row.period_id for row in rows],
                    [row.job_id for row in rows],
                    [row.pico_usd for row in rows],
                ],
            )


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
    if lock and connection.features.has_select_for_update:
        rows = _locked_periods(list(starts), list(set(starts.values())))
    else:
        rows = list(BudgetPeriod.objects.filter(budget__in=starts, starts_on__in=set(starts.values())))
    return {row.budget_id: row for row in rows if row.starts_on == starts[row.budget_id]}


def _locked_periods(budget_ids: Sequence[int], starts: Sequence[date]) -> list[BudgetPeriod]:
    """Lock the periods in the order of their budgets, as all transactions do."""
    names = [field.attname for field in BudgetPeriod._meta.concrete_fields]
    query = f"""
        SELECT {", ".join(names)} FROM agent_budget_periods
        WHERE budget_id = ANY(%s) AND starts_on = ANY(%s) ORDER BY budget_id FOR NO KEY UPDATE
    """  # noqa: S608
    rows = connections.rows_locked(query, [list(budget_ids), list(starts)])
    return [BudgetPeriod.from_db("default", names, row) for row in rows]


def _applying(jobs: Sequence[AgentJob]) -> list[Budget]:
    """Return the budgets of some jobs, in the order in which all transactions lock and update their periods."""
    known = _budgets.get()
    return sorted(
        {budget.pk: budget for job in jobs for budget in known.of(job)}.values(), key=attrgetter("pk")
    )


def owner_name(budget: Budget) -> str:
    """Return the owner of a budget as part of a sentence."""
    if budget.universe is not None:
        return f"the universe “{budget.universe.name}”"
    if budget.schedule is not None:
        return f"the schedule “{budget.schedule.name}”"
    return budget.user.get_username() if budget.user is not None else "the site"


def _exceeded(budget: Budget, period: BudgetPeriod, wanted: int, now: datetime) -> BudgetExceeded:
    # The one in memory is shared by all threads, and must not keep its owner.
    budget = copy.copy(budget)
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
