"""Admin pages for budgets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.billing import budget_settings
from agents.billing.budget_settings import BudgetUsage, usage_of_budget
from agents.common.admin import charts, display, number_format
from agents.common.admin.base import ExplainedAdmin, signed_in_staff
from agents.common.text.money import format_usd
from agents.models import Budget

# The fields that identify a budget and never change.
IDENTITY = ("scope", "universe", "user", "schedule", "period")

USAGE = ("used", "left", "unknown", "begins_anew")


class BudgetForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that accepts an owner only in the field that the scope requires."""

    limit_usd = forms.DecimalField(
        label="Limit (US dollars)",
        min_value=0,
        max_digits=12,
        decimal_places=6,
        help_text="0 blocks all spending.",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    class Meta:
        model = Budget
        fields = ["scope", "universe", "user", "schedule", "period", "limit_usd"]
        help_texts = {
            "universe": "For the scope “One universe”.",
            "user": "For the scope “One person”.",
            "schedule": "For the scope “One schedule”.",
            "period": "In UTC. The cost of the current period so far is counted.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["limit_usd"] = format_usd(self.instance.limit_usd)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        scope = data.get("scope")
        for name in ("universe", "user", "schedule"):
            if name not in self.fields:
                continue
            if scope == name and data.get(name) is None and name not in self.errors:
                self.add_error(name, "Required for this scope.")
            if scope != name and data.get(name) is not None:
                self.add_error(name, "Leave this empty for this scope.")
        same = Budget.objects.filter(**{name: data.get(name) for name in IDENTITY})
        if not self.errors.keys() - {"limit_usd"} and self.instance.pk is None and same.exists():
            self.add_error("period", "This budget already exists. Change its limit instead.")
        return data


@admin.register(Budget)
class BudgetAdmin(ExplainedAdmin):
    list_note = "Spending limits per day or month, in UTC. A job that might exceed one is refused (402)."
    empty_text = (
        "No budgets yet, so spending is unlimited. “Add budget” sets a daily or monthly limit for the whole site, "
        "a universe, a person or a schedule."
    )
    form = BudgetForm
    list_display = ["whose", "period", "taken", "share", "spent", "set_aside", "left", "limit_shown"]
    list_filter = ["scope", "period"]
    ordering = ["scope", "period", "id"]
    autocomplete_fields = ["universe", "user", "schedule"]
    # Deleting several at once would bypass the service.
    actions = None
    show_full_result_count = False

    class Media:
        css = {"all": ["agents/admin.css", "agents/overview.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Budget]:
        return budget_settings.with_current_period(super().get_queryset(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Budget | None = None) -> list[str]:
        return [] if obj is None else [*IDENTITY, *USAGE]

    def get_fields(self, request: HttpRequest, obj: Budget | None = None) -> list[Any]:
        return [*IDENTITY, "limit_usd", *(() if obj is None else USAGE)]

    # --- Columns

    @admin.display(description="Of", ordering="scope")
    def whose(self, budget: Budget) -> SafeString:
        return display.isolated(usage_of_budget(budget).name)

    @admin.display(description="Taken")
    def taken(self, budget: Budget) -> SafeString:
        return bar(usage_of_budget(budget))

    @admin.display(description="Share")
    def share(self, budget: Budget) -> str:
        return share_words(usage_of_budget(budget))

    @admin.display(description="Spent")
    def spent(self, budget: Budget) -> str:
        usage = usage_of_budget(budget)
        spent = number_format.usd(format_usd(usage.spent_usd))
        return f"at least {spent}" if usage.unknown_calls else spent

    @admin.display(description="Reserved")
    def set_aside(self, budget: Budget) -> str:
        return number_format.usd(format_usd(usage_of_budget(budget).reserved_usd))

    @admin.display(description="Used")
    def used(self, budget: Budget) -> str:
        return used_words(usage_of_budget(budget))

    @admin.display(description="Left")
    def left(self, budget: Budget) -> str:
        return number_format.usd(format_usd(usage_of_budget(budget).left_usd))

    @admin.display(description="Limit", ordering="limit_usd")
    def limit_shown(self, budget: Budget) -> str:
        return number_format.usd(format_usd(budget.limit_usd))

    @admin.display(description="Calls of unknown cost")
    def unknown(self, budget: Budget) -> int:
        return usage_of_budget(budget).unknown_calls

    @admin.display(description="Resets")
    def begins_anew(self, budget: Budget) -> str:
        return f"{display.at(usage_of_budget(budget).next_period_at)} UTC"

    # --- Writes go through the service

    def save_model(self, request: HttpRequest, obj: Budget, form: Any, change: bool) -> None:
        by = signed_in_staff(request)
        if change:
            budget_settings.change_limit(obj.pk, obj.limit_usd, by=by)
            return
        created = budget_settings.create_budget(
            by=by,
            scope=obj.scope,
            period=obj.period,
            limit_usd=Decimal(obj.limit_usd),
            universe_id=obj.universe_id,
            username=None if obj.user is None else obj.user.get_username(),
            schedule_id=obj.schedule_id,
        )
        obj.pk = created.pk

    def delete_model(self, request: HttpRequest, obj: Budget) -> None:
        budget_settings.delete_budget(obj.pk, by=signed_in_staff(request))


def share_words(usage: BudgetUsage) -> str:
    return number_format.percent(usage.share) if usage.share < 1 else format(usage.share, ".0%")


def used_words(usage: BudgetUsage) -> str:
    """Format what is spent and reserved, and the share of the limit that both are."""
    words = f"{number_format.usd(format_usd(usage.spent_usd))} spent"
    if usage.reserved_usd:
        words += f", {number_format.usd(format_usd(usage.reserved_usd))} reserved"
    return f"{words} ({share_words(usage)})"


def bar(usage: BudgetUsage) -> SafeString:
    """Draw the spent and the reserved share of the limit, coloured by how much is left."""
    limit = usage.budget.limit_usd
    if not limit:
        return charts.bar([charts.Part("bad", 1.0, "No spending allowed.")])
    spent = float(min(Decimal(1), usage.spent_usd / limit))
    reserved = float(min(Decimal(1) - Decimal(spent), usage.reserved_usd / limit))
    tone = "bad" if usage.share >= 1 else "warn" if usage.share >= budget_settings.NEARLY_USED else "good"
    return format_html(
        '<span class="budget-bar">{}</span>',
        charts.bar(
            [
                charts.Part(tone, spent, f"Spent: {number_format.percent(spent)}"),
                charts.Part("info", reserved, f"Set aside: {number_format.percent(reserved)}"),
            ]
        ),
    )
