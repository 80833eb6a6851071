"""Setting limits, and how much of each is taken now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from agents.billing.budgets import PICO, current_periods, first_day, name_of, next_period_at, to_pico
from agents.choices import BudgetPeriodKind, BudgetScope
from agents.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from agents.models import Budget, BudgetPeriod, ModelCall
from universes.models import Universe

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ADD, CHANGE, DELETE = "agents.add_budget", "agents.change_budget", "agents.delete_budget"

# From this share on a budget is close to its end.
NEARLY: Final = 0.8


@dataclass(frozen=True, slots=True)
class BudgetUsage:
    """How much of a budget is taken in its running period, in US dollars. ``share`` is 1 where the limit is 0."""

    budget: Budget
    name: str
    starts_on: date
    next_period_at: datetime
    spent_usd: Decimal
    reserved_usd: Decimal
    unknown_calls: int

    @property
    def left_usd(self) -> Decimal:
        """Not below 0, also where more was spent than the limit is now."""
        return max(Decimal(0), self.budget.limit_usd - self.spent_usd - self.reserved_usd)

    @property
    def share(self) -> float:
        taken = self.spent_usd + self.reserved_usd
        return float(taken / self.budget.limit_usd) if self.budget.limit_usd else 1.0


def with_current(budgets: QuerySet[Budget]) -> QuerySet[Budget]:
    """Each with what ``standing_of`` reads, in one query more."""
    now = timezone.now()
    starts = {first_day(kind, now) for kind in BudgetPeriodKind.values}
    rows = BudgetPeriod.objects.filter(starts_on__in=starts)
    return budgets.select_related("universe", "user").prefetch_related(
        Prefetch("periods", rows, to_attr="current_rows")
    )


def usage_of_budget(budget: Budget) -> BudgetUsage:
    """The standing of a budget of ``with_current``."""
    now = timezone.now()
    starts_on = first_day(budget.period, now)
    rows: list[BudgetPeriod] = budget.current_rows  # type: ignore[attr-defined]
    row = next((one for one in rows if one.starts_on == starts_on), BudgetPeriod())
    return BudgetUsage(
        budget=budget,
        name=name_of(budget),
        starts_on=starts_on,
        next_period_at=next_period_at(budget.period, now),
        spent_usd=Decimal(row.spent_pico_usd) / PICO,
        reserved_usd=Decimal(row.reserved_pico_usd) / PICO,
        unknown_calls=row.unknown_calls,
    )


def nearly_used(budgets: Iterable[Budget]) -> list[BudgetUsage]:
    """Those that are close to their end, or over it; the fullest first."""
    standings = [usage_of_budget(budget) for budget in budgets]
    return sorted((one for one in standings if one.share >= NEARLY), key=lambda one: -one.share)


def visible_to(user: User) -> QuerySet[Budget]:
    """All for staff; the site's, one's own and those of one's universes for others."""
    if user.is_staff:
        return Budget.objects.all()
    universes = Universe.objects.visible_to(user).values("pk")
    return Budget.objects.filter(Q(scope=BudgetScope.SITE) | Q(user=user) | Q(universe__in=universes))


def create_budget(
    *,
    by: User,
    scope: str,
    period: str,
    limit_usd: Decimal,
    universe_id: uuid.UUID | None = None,
    username: str | None = None,
) -> Budget:
    """A new limit, which counts from the beginning of the running period on.

    Raises ``Forbidden``, ``Invalid`` that names the field, ``Conflict`` (``budget_exists``).
    """
    _require(ADD, by)
    universe, user = _of(scope, universe_id, username)
    budget = Budget(scope=scope, period=period, limit_usd=limit_usd, universe=universe, user=user)
    try:
        with transaction.atomic():
            budget.save()
            _count_so_far(budget)
    except IntegrityError:
        message = f"There is already a budget of {name_of(budget)} for each {period}."
        raise Conflict(message, code="budget_exists") from None
    return budget


def _of(
    scope: str, universe_id: uuid.UUID | None, username: str | None
) -> tuple[Universe | None, User | None]:
    given = {"universe_id": universe_id, "username": username}
    wanted = {BudgetScope.UNIVERSE: "universe_id", BudgetScope.USER: "username"}.get(BudgetScope(scope))
    errors = [
        FieldError(f"/{name}", f"A budget of scope {scope} has none.", "not_wanted")
        for name, value in given.items()
        if value is not None and name != wanted
    ]
    if wanted and given[wanted] is None:
        errors.append(FieldError(f"/{wanted}", f"A budget of scope {scope} needs it.", "required"))
    universe, user = None, None
    if scope == BudgetScope.UNIVERSE and universe_id is not None:
        universe = Universe.objects.filter(pk=universe_id).first()
    if scope == BudgetScope.USER and username is not None:
        user = get_user_model().objects.filter(username=username).first()
    if wanted and not errors and universe is None and user is None:
        errors.append(FieldError(f"/{wanted}", "There is no such one.", "not_found"))
    if errors:
        raise Invalid("The budget is not valid.", errors)
    return universe, user


def _count_so_far(budget: Budget) -> None:
    """What the ledger has of the running period already; calls that end at this very moment may be missed."""
    now = timezone.now()
    period = current_periods([budget], now)[budget.pk]
    calls = ModelCall.objects.filter(at__gte=datetime.combine(period.starts_on, time(), UTC))
    if budget.universe_id is not None:
        calls = calls.filter(universe=budget.universe_id)
    if budget.user_id is not None:
        calls = calls.filter(requested_by=budget.user_id)
    found = calls.aggregate(cost=Sum("cost_usd"), calls=Count("pk"), priced=Count("cost_usd"))
    period.spent_pico_usd = to_pico(found["cost"] or Decimal(0))
    period.unknown_calls = found["calls"] - found["priced"]
    period.save(update_fields=["spent_pico_usd", "unknown_calls"])


def find_budget(budget_id: int, by: User) -> Budget:
    """A budget that the person may see, with its standing; ``NotFound`` otherwise."""
    budget = with_current(visible_to(by)).filter(pk=budget_id).first()
    if budget is None:
        raise NotFound(f"There is no budget {budget_id}.", code="budget_not_found")
    return budget


def change_limit(budget_id: int, limit_usd: Decimal, *, by: User) -> Budget:
    """Works at once; what is set aside stays so, also where it is more than the new limit."""
    budget = find_budget(budget_id, by)
    _require(CHANGE, by)
    budget.limit_usd = limit_usd
    budget.save(update_fields=["limit_usd", "updated_at"])
    return budget


def delete_budget(budget_id: int, *, by: User) -> None:
    """Nothing limits it any more; what was counted for it goes too, the ledger stays."""
    budget = find_budget(budget_id, by)
    _require(DELETE, by)
    budget.delete()


def _require(permission: str, by: User) -> None:
    if not (by.is_staff and by.has_perm(permission)):
        raise Forbidden("You may not set budgets.")
