"""What may be spent: jobs set their highest price aside when they are submitted, and calls are counted when made.

All amounts here are whole numbers, millionths of a millionth of a dollar. Whoever changes several periods does it in
one order, and makes missing ones before it changes any, so that no two wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from agents.choices import BudgetPeriodKind, BudgetScope
from agents.common.money import format_usd
from agents.common.timestamps import isoformat_utc
from agents.errors import BudgetExceeded
from agents.models import AgentJob, Budget, BudgetPeriod, BudgetReservation

PICO: Final = 10**12


def to_pico(usd: Decimal) -> int:
    return int(usd * PICO)


def in_dollars(pico: int) -> str:
    return format_usd(Decimal(pico) / PICO)


def first_day(kind: str, at: datetime) -> date:
    """With which day the period of this moment begins, in UTC."""
    day = at.astimezone(UTC).date()
    return day if kind == BudgetPeriodKind.DAY else day.replace(day=1)


def next_period_at(kind: str, at: datetime) -> datetime:
    """When the next period begins."""
    first = first_day(kind, at)
    after = first + timedelta(days=1 if kind == BudgetPeriodKind.DAY else 32)
    return datetime.combine(first_day(kind, datetime.combine(after, time(), UTC)), time(), UTC)


def apply_to(job: AgentJob) -> bool:
    return _applying_to(job).exists()


def reserve(job: AgentJob, ceiling: Decimal) -> None:
    """Reserve ``ceiling``, the maximum price of one attempt in US dollars, in every budget that applies.

    Call it in the transaction that makes the job pending, with its universe locked. Raises ``BudgetExceeded`` if one
    of the budgets has not that much left. A budget with nothing left refuses a ceiling of zero as well, be the price
    unknown or the job one of the mock model.
    """
    applying = _applying(job)
    if not applying:
        return
    wanted = to_pico(ceiling)
    now = timezone.now()
    periods = current_periods(applying, now)
    for budget in applying:
        limit = to_pico(budget.limit_usd)
        period = BudgetPeriod.objects.filter(pk=periods[budget.pk].pk)
        left_for_others = limit - F("spent_pico_usd")
        has_room = period.filter(
            reserved_pico_usd__lt=left_for_others, reserved_pico_usd__lte=left_for_others - wanted
        )
        if not has_room.update(reserved_pico_usd=F("reserved_pico_usd") + wanted):
            raise _exceeded(budget, period.get(), wanted, now)
    BudgetReservation.objects.bulk_create(
        BudgetReservation(period=periods[budget.pk], job=job, pico_usd=wanted) for budget in applying
    )


def refusal_of(job: AgentJob, wanted_usd: Decimal | None) -> BudgetExceeded | None:
    """What ``reserve`` would raise now for a job of this price; nothing is changed."""
    wanted = to_pico(wanted_usd or Decimal(0))
    now = timezone.now()
    applying = _applying(job)
    periods = _found_periods(applying, now)
    for budget in applying:
        period = periods.get(budget.pk) or BudgetPeriod(budget=budget)
        left = to_pico(budget.limit_usd) - period.spent_pico_usd - period.reserved_pico_usd
        if left <= 0 or left < wanted:
            return _exceeded(budget, period, wanted, now)
    return None


@dataclass(slots=True)
class _Change:
    period_id: int
    spent: int = 0
    unknown: int = 0
    given_back: int = 0


def settle(job: AgentJob, costs: Iterable[Decimal | None] = (), *, is_final: bool, at: datetime) -> None:
    """Count calls as spent, and give back what a job that is final has set aside; both in one transaction.

    A call without a cost is counted as that. The deletion of a reservation is the fence: it is given back once.
    """
    listed = list(costs)
    spent = to_pico(sum((cost for cost in listed if cost is not None), Decimal(0)))
    unknown = listed.count(None)
    changes: dict[tuple[int, date], _Change] = {}
    if spent or unknown:
        applying = _applying(job)
        for period in current_periods(applying, at).values():
            changes[period.budget_id, period.starts_on] = _Change(period.pk, spent, unknown)
    if is_final:
        for reservation in BudgetReservation.objects.filter(job=job).select_related("period"):
            deleted, _ = BudgetReservation.objects.filter(pk=reservation.pk).delete()
            if deleted:
                period = reservation.period
                key = period.budget_id, period.starts_on
                changes.setdefault(key, _Change(period.pk)).given_back = reservation.pico_usd
    for _, change in sorted(changes.items(), key=itemgetter(0)):
        BudgetPeriod.objects.filter(pk=change.period_id).update(
            spent_pico_usd=F("spent_pico_usd") + change.spent,
            unknown_calls=F("unknown_calls") + change.unknown,
            reserved_pico_usd=F("reserved_pico_usd") - change.given_back,
        )


def current_periods(budgets: Sequence[Budget], at: datetime) -> dict[int, BudgetPeriod]:
    """The running period of each budget, by the budget's id; made where nothing has happened in it yet."""
    found = _found_periods(budgets, at)
    missing = [budget for budget in budgets if budget.pk not in found]
    if not missing:
        return found
    BudgetPeriod.objects.bulk_create(
        [BudgetPeriod(budget=budget, starts_on=first_day(budget.period, at)) for budget in missing],
        # Somebody else may be making them at this moment.
        ignore_conflicts=True,
    )
    return _found_periods(budgets, at)


def _found_periods(budgets: Sequence[Budget], at: datetime) -> dict[int, BudgetPeriod]:
    starts = {budget.pk: first_day(budget.period, at) for budget in budgets}
    if not starts:
        return {}
    rows = BudgetPeriod.objects.filter(budget__in=starts, starts_on__in=set(starts.values()))
    return {row.budget_id: row for row in rows if row.starts_on == starts[row.budget_id]}


def _applying(job: AgentJob) -> list[Budget]:
    """Return the budgets of a job, in the order in which all transactions update them."""
    return list(_applying_to(job).order_by("pk"))


def _applying_to(job: AgentJob) -> QuerySet[Budget]:
    applies = Q(scope=BudgetScope.SITE) | Q(user=job.requested_by_id)
    if job.universe_id is not None:
        applies |= Q(universe=job.universe_id)
    return Budget.objects.filter(applies)


def name_of(budget: Budget) -> str:
    """Whose it is, as a sentence says it."""
    if budget.universe is not None:
        return f"the universe {budget.universe.name!r}"
    return budget.user.get_username() if budget.user is not None else "the site"


def _exceeded(budget: Budget, period: BudgetPeriod, wanted: int, now: datetime) -> BudgetExceeded:
    again = next_period_at(budget.period, now)
    spent, reserved = in_dollars(period.spent_pico_usd), in_dollars(period.reserved_pico_usd)
    limit = format_usd(budget.limit_usd)
    # Where nothing may be spent, even what costs nothing is refused.
    lack = f"not enough left for this job, which may cost ${in_dollars(wanted)}" if wanted else "nothing left"
    return BudgetExceeded(
        f"The budget of {name_of(budget)} for this {budget.period} has {lack}: "
        f"of ${limit}, ${spent} is spent and ${reserved} set aside for jobs under way. "
        f"The next {budget.period} begins at {again:%Y-%m-%d %H:%M} UTC.",
        details={
            "budget": {
                "id": budget.pk,
                "scope": budget.scope,
                "universe_id": None if budget.universe_id is None else str(budget.universe_id),
                "username": None if budget.user is None else budget.user.get_username(),
                "period": budget.period,
                "limit_usd": limit,
                "spent_usd": spent,
                "reserved_usd": reserved,
                "wanted_usd": in_dollars(wanted),
                "next_period_at": isoformat_utc(again),
            }
        },
    )
