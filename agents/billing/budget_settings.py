"""Budget limits, and how much of each is used."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from agents.billing.budgets import PICO, current_periods, first_day, next_period_at, owner_name, to_pico
from agents.choices import BudgetPeriodKind, BudgetScope, VersionedData
from agents.common.database import versions
from agents.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from agents.models import Budget, BudgetPeriod, GenerationSchedule, ModelCall
from agents.models.access import may_view_all
from universes.models import Universe

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ADD, CHANGE, DELETE = "agents.add_budget", "agents.change_budget", "agents.delete_budget"

# From this share on a budget is nearly used.
NEARLY_USED: Final = 0.8


@dataclass(frozen=True, slots=True)
class BudgetUsage:
    """The usage of a budget in its current period, in US dollars; ``share`` is 1 if the limit is 0."""

    budget: Budget
    name: str
    starts_on: date
    next_period_at: datetime
    spent_usd: Decimal
    reserved_usd: Decimal
    unknown_calls: int

    @property
    def left_usd(self) -> Decimal:
        """Return the rest of the limit, or 0 if more was spent."""
        return max(Decimal(0), self.budget.limit_usd - self.spent_usd - self.reserved_usd)

    @property
    def share(self) -> float:
        used = self.spent_usd + self.reserved_usd
        return float(used / self.budget.limit_usd) if self.budget.limit_usd else 1.0


def with_current_period(budgets: QuerySet[Budget]) -> QuerySet[Budget]:
    """Prefetch the current periods, which ``usage_of_budget`` reads."""
    now = timezone.now()
    starts = {first_day(kind, now) for kind in BudgetPeriodKind.values}
    rows = BudgetPeriod.objects.filter(starts_on__in=starts)
    return budgets.select_related("universe", "user", "schedule").prefetch_related(
        Prefetch("periods", rows, to_attr="current_periods")
    )


def usage_of_budget(budget: Budget) -> BudgetUsage:
    """Return the usage of a budget from ``with_current_period``."""
    now = timezone.now()
    starts_on = first_day(budget.period, now)
    periods: list[BudgetPeriod] = budget.current_periods  # type: ignore[attr-defined]
    period = next((period for period in periods if period.starts_on == starts_on), BudgetPeriod())
    return BudgetUsage(
        budget=budget,
        name=owner_name(budget),
        starts_on=starts_on,
        next_period_at=next_period_at(budget.period, now),
        spent_usd=Decimal(period.spent_pico_usd) / PICO,
        reserved_usd=Decimal(period.reserved_pico_usd) / PICO,
        unknown_calls=period.unknown_calls,
    )


def nearly_used(budgets: Iterable[Budget]) -> list[BudgetUsage]:
    """Return the usage of budgets that are nearly or wholly used, the fullest first."""
    usages = [usage_of_budget(budget) for budget in budgets]
    return sorted(
        (usage for usage in usages if usage.share >= NEARLY_USED), key=attrgetter("share"), reverse=True
    )


def visible_to(user: User) -> QuerySet[Budget]:
    """Return the budgets that limit a person's jobs, or all for those who may view them.

    They are the site's, the person's own and those of their universes and schedules.
    """
    if may_view_all(user, "budget"):
        return Budget.objects.all()
    universes = Universe.objects.visible_to(user).values("pk")
    return Budget.objects.filter(
        Q(scope=BudgetScope.SITE) | Q(user=user) | Q(universe__in=universes) | Q(schedule__owner=user)
    )


def create_budget(
    *,
    by: User,
    scope: str,
    period: str,
    limit_usd: Decimal,
    universe_id: uuid.UUID | None = None,
    username: str | None = None,
    schedule_id: uuid.UUID | None = None,
) -> Budget:
    """Create a budget that counts from the beginning of the current period.

    Raises ``Forbidden``, ``Invalid`` that names the field, ``Conflict`` (``budget_exists``).
    """
    _require(ADD, by)
    owner = _owner_of(scope, {"universe_id": universe_id, "username": username, "schedule_id": schedule_id})
    budget = Budget(scope=scope, period=period, limit_usd=limit_usd, **owner)
    try:
        _store(budget)
    except IntegrityError:
        there = Budget.objects.filter(scope=scope, period=period, **owner).first()
        name = owner_name(budget)
        raise Conflict(
            f"There is already a budget of {name} for each {period}.",
            code="budget_exists",
            details={"existing": {"id": there.pk, "name": name}} if there else None,
        ) from None
    return budget


# Of each scope the field that names its owner.
_OWNER_FIELDS: Final = {
    BudgetScope.UNIVERSE: "universe_id",
    BudgetScope.USER: "username",
    BudgetScope.SCHEDULE: "schedule_id",
}


def _owner_of(
    scope: str, values: Mapping[str, Any]
) -> dict[str, Universe | User | GenerationSchedule | None]:
    required = _OWNER_FIELDS.get(BudgetScope(scope))
    errors = [
        FieldError(f"/{name}", f"Not allowed for a budget of scope {scope}.", "not_wanted")
        for name, value in values.items()
        if value is not None and name != required
    ]
    if required and values[required] is None:
        errors.append(FieldError(f"/{required}", f"Required for a budget of scope {scope}.", "required"))
    owner: Universe | User | GenerationSchedule | None = None
    if required and not errors:
        match BudgetScope(scope):
            case BudgetScope.UNIVERSE:
                owner = Universe.objects.filter(pk=values[required]).first()
            case BudgetScope.USER:
                owner = get_user_model().objects.filter(username=values[required]).first()
            case BudgetScope.SCHEDULE:
                owner = GenerationSchedule.objects.filter(pk=values[required]).first()
        if owner is None:
            errors.append(FieldError(f"/{required}", f"There is no such {scope}.", "not_found"))
    if errors:
        raise Invalid("The budget is not valid.", errors)
    return {scope: owner} if required else {}


def _store(budget: Budget) -> None:
    with transaction.atomic():
        budget.save()
        _count_ledger(budget)


def set_schedule_limit(schedule: GenerationSchedule, limit_usd: Decimal | None) -> None:
    """Limit what the jobs of a schedule may cost in a month; None ends the limit. Call it in a transaction.

    It needs no permission to set budgets: a schedule spends what its owner may spend, and this only makes it less.
    """
    budget = Budget.objects.filter(schedule=schedule, period=BudgetPeriodKind.MONTH).first()
    if limit_usd is None:
        delete_budgets_of(schedule, period=BudgetPeriodKind.MONTH)
    elif budget is None:
        _store(
            Budget(
                scope=BudgetScope.SCHEDULE,
                schedule=schedule,
                period=BudgetPeriodKind.MONTH,
                limit_usd=limit_usd,
            )
        )
    elif budget.limit_usd != limit_usd:
        budget.limit_usd = limit_usd
        budget.save(update_fields=["limit_usd", "updated_at"])


def delete_budgets_of(schedule: GenerationSchedule, **of: str) -> None:
    """Delete budgets of a schedule with their counts. Call it in a transaction."""
    budgets = Budget.objects.filter(schedule=schedule, **of)
    if budgets.exists():
        lock_budgets()
        budgets.delete()


def _count_ledger(budget: Budget) -> None:
    """Count the ledger's calls of the current period.

    The new budget holds the version of the budgets: calls that end now are counted here or wait, and count themselves.
    """
    now = timezone.now()
    period = current_periods([budget], now)[budget.pk]
    calls = ModelCall.objects.filter(at__gte=datetime.combine(period.starts_on, time(), UTC))
    if budget.universe_id is not None:
        calls = calls.filter(universe=budget.universe_id)
    if budget.user_id is not None:
        calls = calls.filter(requested_by=budget.user_id)
    if budget.schedule_id is not None:
        calls = calls.filter(job__schedule=budget.schedule_id)
    totals = calls.aggregate(cost=Sum("cost_usd"), calls=Count("pk"), priced=Count("cost_usd"))
    period.spent_pico_usd = to_pico(totals["cost"] or Decimal(0))
    period.unknown_calls = totals["calls"] - totals["priced"]
    period.save(update_fields=["spent_pico_usd", "unknown_calls"])


def find_budget(budget_id: int, by: User) -> Budget:
    """Return a budget with its current period; raise ``NotFound`` if the person may not see it."""
    budget = with_current_period(visible_to(by)).filter(pk=budget_id).first()
    if budget is None:
        raise NotFound(f"There is no budget {budget_id}.", code="budget_not_found")
    return budget


def lock_budgets() -> None:
    """Keep limits and reservations as they are, until the transaction ends.

    Call it before the periods are locked, as everybody who counts in them does.
    """
    versions.lock_exclusive(VersionedData.BUDGETS)


def change_limit(budget_id: int, limit_usd: Decimal, *, by: User) -> Budget:
    """Change the limit at once; reservations stay, even if they exceed the new limit."""
    budget = find_budget(budget_id, by)
    _require(CHANGE, by)
    with transaction.atomic():
        lock_budgets()
        budget.limit_usd = limit_usd
        budget.save(update_fields=["limit_usd", "updated_at"])
    return budget


def delete_budget(budget_id: int, *, by: User) -> None:
    """Delete a budget and its counts; the ledger stays."""
    budget = find_budget(budget_id, by)
    _require(DELETE, by)
    with transaction.atomic():
        lock_budgets()
        budget.delete()


def _require(permission: str, by: User) -> None:
    if not by.has_perm(permission):
        raise Forbidden("You may not set budgets.")
