"""Budgets: how much of each is taken now, and their limits."""

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
from agents.billing.budget_settings import BudgetUsage
from agents.common.admin import charts, display, figures
from agents.common.admin.base import ExplainedAdmin, signed_in_staff
from agents.common.money import format_usd
from agents.models import Budget

# What a budget is of; it stays that.
OF = ("scope", "universe", "user", "period")


class BudgetForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whose budget it is follows from the one field that is filled in."""

    limit_usd = forms.DecimalField(
        label="Limit (US dollars)",
        min_value=0,
        max_digits=12,
        decimal_places=6,
        help_text="0: nothing may be spent.",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    class Meta:
        model = Budget
        fields = ["scope", "universe", "user", "period", "limit_usd"]
        help_texts = {
            "universe": "Where the scope is one universe: its id; the glass finds it.",
            "user": "Where the scope is one person: the account’s id; the glass finds it.",
            "period": "In UTC. What the running one has cost already is counted.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["limit_usd"] = format_usd(self.instance.limit_usd)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        scope = data.get("scope")
        for name in ("universe", "user"):
            if name not in self.fields:
                continue
            if scope == name and data.get(name) is None and name not in self.errors:
                self.add_error(name, "A budget of this scope needs it.")
            if scope != name and data.get(name) is not None:
                self.add_error(name, "A budget of this scope has none.")
        alike = Budget.objects.filter(**{name: data.get(name) for name in OF})
        if not self.errors.keys() - {"limit_usd"} and self.instance.pk is None and alike.exists():
            self.add_error("period", "There is such a budget already: change its limit.")
        return data


@admin.register(Budget)
class BudgetAdmin(ExplainedAdmin):
    list_note = (
        "What models may cost in a day or a month, in UTC. A job that may not fit in is refused with 402."
    )
    empty_text = (
        "No budget yet: nothing limits what is spent. “Add budget” sets a limit for a day or a month, of the whole "
        "site, one universe or one person."
    )
    form = BudgetForm
    list_display = ["whose", "period", "taken", "share", "spent", "set_aside", "left", "limit_shown"]
    list_filter = ["scope", "period"]
    ordering = ["scope", "period", "id"]
    # The widget that completes names sets styles in line, which the pages' policy refuses.
    raw_id_fields = ["universe", "user"]
    # Deleting several at once would go past the service.
    actions = None
    show_full_result_count = False

    class Media:
        css = {"all": ["agents/admin.css", "agents/dashboard.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Budget]:
        return budget_settings.with_current(super().get_queryset(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Budget | None = None) -> list[str]:
        return [] if obj is None else [*OF, "used", "left", "unknown", "begins_anew"]

    def get_fields(self, request: HttpRequest, obj: Budget | None = None) -> list[Any]:
        return [*OF, "limit_usd", *([] if obj is None else ["used", "left", "unknown", "begins_anew"])]

    # --- columns

    @admin.display(description="Of", ordering="scope")
    def whose(self, budget: Budget) -> SafeString:
        return display.isolated(_now(budget).name)

    @admin.display(description="Taken")
    def taken(self, budget: Budget) -> SafeString:
        return bar(_now(budget))

    @admin.display(description="Share")
    def share(self, budget: Budget) -> str:
        return share_words(_now(budget))

    @admin.display(description="Spent")
    def spent(self, budget: Budget) -> str:
        now = _now(budget)
        spent = figures.usd(format_usd(now.spent_usd))
        return f"at least {spent}" if now.unknown_calls else spent

    @admin.display(description="Set aside")
    def set_aside(self, budget: Budget) -> str:
        return figures.usd(format_usd(_now(budget).reserved_usd))

    @admin.display(description="Used")
    def used(self, budget: Budget) -> str:
        return used_words(_now(budget))

    @admin.display(description="Left")
    def left(self, budget: Budget) -> str:
        return figures.usd(format_usd(_now(budget).left_usd))

    @admin.display(description="Limit", ordering="limit_usd")
    def limit_shown(self, budget: Budget) -> str:
        return figures.usd(format_usd(budget.limit_usd))

    @admin.display(description="Calls of unknown cost")
    def unknown(self, budget: Budget) -> int:
        return _now(budget).unknown_calls

    @admin.display(description="Begins anew")
    def begins_anew(self, budget: Budget) -> str:
        return f"{display.at(_now(budget).next_period_at)} UTC"

    # --- the service is the writer

    def save_model(self, request: HttpRequest, obj: Budget, form: Any, change: bool) -> None:
        by = signed_in_staff(request)
        if change:
            budget_settings.change_limit(obj.pk, obj.limit_usd, by=by)
            return
        made = budget_settings.create_budget(
            by=by,
            scope=obj.scope,
            period=obj.period,
            limit_usd=Decimal(obj.limit_usd),
            universe_id=obj.universe_id,
            username=None if obj.user is None else obj.user.get_username(),
        )
        obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: Budget) -> None:
        budget_settings.delete_budget(obj.pk, by=signed_in_staff(request))


def _now(budget: Budget) -> BudgetUsage:
    return budget_settings.usage_of_budget(budget)


def share_words(now: BudgetUsage) -> str:
    return figures.percent(now.share) if now.share < 1 else format(now.share, ".0%")


def used_words(now: BudgetUsage) -> str:
    """What is spent, what is set aside besides, and how much of the limit both are."""
    words = f"{figures.usd(format_usd(now.spent_usd))} spent"
    if now.reserved_usd:
        words += f", {figures.usd(format_usd(now.reserved_usd))} set aside"
    return f"{words} ({share_words(now)})"


def bar(now: BudgetUsage) -> SafeString:
    """Spent and set aside, of the limit; the colour says how near the end is."""
    limit = now.budget.limit_usd
    if not limit:
        return charts.bar([charts.Part("bad", 1.0, "Nothing may be spent.")])
    spent = float(min(Decimal(1), now.spent_usd / limit))
    reserved = float(min(Decimal(1) - Decimal(spent), now.reserved_usd / limit))
    tone = "bad" if now.share >= 1 else "warn" if now.share >= budget_settings.NEARLY else "good"
    return format_html(
        '<span class="budget-bar">{}</span>',
        charts.bar(
            [
                charts.Part(tone, spent, f"Spent: {figures.percent(spent)}"),
                charts.Part("info", reserved, f"Set aside: {figures.percent(reserved)}"),
            ]
        ),
    )
