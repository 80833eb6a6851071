"""Budgets for model calls, with what is spent and reserved per period."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import BudgetPeriodKind, BudgetScope


class Budget(models.Model):
    """A limit in US dollars per day or month for the site, one universe, one person or one schedule."""

    scope = models.CharField(max_length=16, choices=BudgetScope)
    universe = models.ForeignKey(
        "universes.Universe", null=True, blank=True, on_delete=models.CASCADE, related_name="budgets"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="budgets"
    )
    schedule = models.ForeignKey(
        "agents.GenerationSchedule", null=True, blank=True, on_delete=models.CASCADE, related_name="budgets"
    )
    period = models.CharField(max_length=8, choices=BudgetPeriodKind)
    limit_usd = models.DecimalField(
        "limit (US dollars)", max_digits=12, decimal_places=6, help_text="0 blocks all spending."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "agent_budgets"
        ordering = ["scope", "period", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    scope=BudgetScope.SITE, universe__isnull=True, user__isnull=True, schedule__isnull=True
                )
                | Q(
                    scope=BudgetScope.UNIVERSE,
                    universe__isnull=False,
                    user__isnull=True,
                    schedule__isnull=True,
                )
                | Q(scope=BudgetScope.USER, universe__isnull=True, user__isnull=False, schedule__isnull=True)
                | Q(
                    scope=BudgetScope.SCHEDULE,
                    universe__isnull=True,
                    user__isnull=True,
                    schedule__isnull=False,
                ),
                name="agent_budgets_of_its_scope",
            ),
            models.CheckConstraint(
                condition=Q(period__in=BudgetPeriodKind.values), name="agent_budgets_period_known"
            ),
            models.CheckConstraint(condition=Q(limit_usd__gte=0), name="agent_budgets_not_negative"),
            models.UniqueConstraint(
                fields=["period"], condition=Q(scope=BudgetScope.SITE), name="agent_budgets_site_once"
            ),
            models.UniqueConstraint(
                fields=["universe", "period"],
                condition=Q(scope=BudgetScope.UNIVERSE),
                name="agent_budgets_universe_once",
            ),
            models.UniqueConstraint(
                fields=["user", "period"], condition=Q(scope=BudgetScope.USER), name="agent_budgets_user_once"
            ),
            models.UniqueConstraint(
                fields=["schedule", "period"],
                condition=Q(scope=BudgetScope.SCHEDULE),
                name="agent_budgets_schedule_once",
            ),
        ]

    def __str__(self) -> str:
        of = self.universe or self.user or self.schedule
        return f"${self.limit_usd.normalize():f} a {self.period} for {of or 'the site'}"


class BudgetPeriod(models.Model):
    """A day or month of a budget, in 10⁻¹² dollars.

    Integers, so that both databases compare and add without rounding, at the resolution of the ledger. ``spent`` is
    the ledger's total for the period; ``unknown_calls`` counts calls of unknown cost, which ``spent`` lacks.
    """

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="periods")
    starts_on = models.DateField()
    reserved_pico_usd = models.BigIntegerField(default=0)
    spent_pico_usd = models.BigIntegerField(default=0)
    unknown_calls = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "agent_budget_periods"
        ordering = ["-starts_on", "budget"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "starts_on"], name="agent_budget_periods_once"),
            models.CheckConstraint(
                condition=Q(reserved_pico_usd__gte=0, spent_pico_usd__gte=0),
                name="agent_budget_periods_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget_id} from {self.starts_on}"


class BudgetReservation(models.Model):
    """The reservation of one unfinished job in one period; deleted when the job is final."""

    period = models.ForeignKey(BudgetPeriod, on_delete=models.CASCADE, related_name="reservations")
    job = models.ForeignKey("agents.AgentJob", on_delete=models.CASCADE, related_name="reservations")
    pico_usd = models.BigIntegerField()

    class Meta:
        db_table = "agent_budget_reservations"
        constraints = [
            models.UniqueConstraint(fields=["job", "period"], name="agent_budget_reservations_once"),
            models.CheckConstraint(
                condition=Q(pico_usd__gte=0), name="agent_budget_reservations_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pico_usd} for {self.job_id}"
