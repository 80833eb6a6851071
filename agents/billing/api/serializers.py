"""Serializers for previews, budgets and usage; amounts are decimal numbers as text."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agents.billing import budget_settings
from agents.choices import AgentType, BudgetPeriodKind, BudgetScope, JobPriority
from agents.common.text.money import format_usd
from universes.api.bodies.strict import StrictCharField, StrictChoiceField, StrictSerializer, StrictUUIDField


def _usd(help_text: str, **options: Any) -> serializers.CharField:
    return serializers.CharField(help_text=f"US dollars. {help_text}".strip(), **options)


# --- Previews


class PriceOut(serializers.Serializer[dict[str, Any]]):
    low = _usd("Minimum: the whole prefix is read from the cache and the answer is short.")
    high = _usd("Maximum: nothing is in the cache and the answer has the maximum length. Budgets reserve it.")
    currency = serializers.CharField()


class TokensOut(serializers.Serializer[dict[str, Any]]):
    prefix = serializers.IntegerField(help_text="Instructions and world, which can be read from the cache.")
    task = serializers.IntegerField(help_text="The rest of the prompt.")
    output_low = serializers.IntegerField()
    output_high = serializers.IntegerField()


class ReviewChanceOut(serializers.Serializer[dict[str, Any]]):
    chance = serializers.FloatField(
        allow_null=True, help_text="Probability that the output needs a review, 0 to 1; null if unknown."
    )
    low = serializers.FloatField(allow_null=True, help_text="Lower bound of the Wilson 95% interval.")
    high = serializers.FloatField(allow_null=True, help_text="Upper bound of the Wilson 95% interval.")
    of = serializers.IntegerField(help_text="Number of jobs counted.")
    basis = serializers.CharField(help_text="The jobs counted, or the reason why the chance is unknown.")


class BudgetCheckOut(serializers.Serializer[dict[str, Any]]):
    would_be_refused = serializers.BooleanField()
    detail = serializers.CharField(allow_null=True)


class PreviewOut(serializers.Serializer[dict[str, Any]]):
    """The estimated price of a job, and whether it would need a review or exceed a budget."""

    dry_run = serializers.BooleanField()
    agent_type = serializers.ChoiceField(choices=AgentType.choices)
    model = serializers.CharField()
    is_mock = serializers.BooleanField(help_text="The built-in mock model would answer at no cost.")
    priority = serializers.ChoiceField(choices=JobPriority.choices)
    price_usd = PriceOut(allow_null=True, help_text="For one attempt; null if the model has no price.")
    tokens = TokensOut()
    review = ReviewChanceOut()
    budget = BudgetCheckOut()


# --- Budgets


class StrictDecimalField(serializers.DecimalField):
    """A decimal number as text (`"1.50"`) or as a number; booleans and NaN are refused."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


def limit_field(help_text: str = "US dollars; 0 refuses every job.", **options: Any) -> StrictDecimalField:
    return StrictDecimalField(max_digits=12, decimal_places=6, min_value=0, help_text=help_text, **options)


class BudgetIn(StrictSerializer):
    scope = StrictChoiceField(choices=BudgetScope.choices)
    universe_id = StrictUUIDField(required=False, help_text="Required for scope universe only.")
    username = StrictCharField(
        required=False,
        max_length=150,
        help_text="Required for scope user only: the requester whose jobs are limited.",
    )
    schedule_id = StrictUUIDField(required=False, help_text="Required for scope schedule only.")
    period = StrictChoiceField(choices=BudgetPeriodKind.choices)
    limit_usd = limit_field()


class BudgetPatch(StrictSerializer):
    limit_usd = limit_field()


class BudgetOut(serializers.Serializer[Any]):
    """A budget with its usage in the current period."""

    id = serializers.IntegerField()
    scope = serializers.ChoiceField(choices=BudgetScope.choices)
    universe_id = serializers.UUIDField(allow_null=True)
    username = serializers.CharField(allow_null=True)
    schedule_id = serializers.UUIDField(allow_null=True)
    period = serializers.ChoiceField(choices=BudgetPeriodKind.choices)
    limit_usd = _usd("")
    spent_usd = _usd("Cost of calls, including refused answers and failed attempts.")
    reserved_usd = _usd("Maximum price of one attempt at each unfinished job.")
    left_usd = _usd("")
    unknown_calls = serializers.IntegerField(help_text="Calls of unknown cost, not included in spent_usd.")
    starts_on = serializers.DateField()
    next_period_at = serializers.DateTimeField()

    def to_representation(self, budget: Any) -> dict[str, Any]:
        usage = budget_settings.usage_of_budget(budget)
        return super().to_representation(
            {
                "id": budget.pk,
                "scope": budget.scope,
                "universe_id": budget.universe_id,
                "username": budget.user and budget.user.get_username(),
                "schedule_id": budget.schedule_id,
                "period": budget.period,
                "limit_usd": format_usd(budget.limit_usd),
                "spent_usd": format_usd(usage.spent_usd),
                "reserved_usd": format_usd(usage.reserved_usd),
                "left_usd": format_usd(usage.left_usd),
                "unknown_calls": usage.unknown_calls,
                "starts_on": usage.starts_on,
                "next_period_at": usage.next_period_at,
            }
        )


# --- Usage


class UsageTotalOut(serializers.Serializer[dict[str, Any]]):
    calls = serializers.IntegerField(help_text="Model calls, including failed ones.")
    input_tokens = serializers.IntegerField(
        help_text="Input tokens neither read from the cache nor written to it."
    )
    output_tokens = serializers.IntegerField()
    cache_read_tokens = serializers.IntegerField()
    cache_write_tokens = serializers.IntegerField()
    cache_hit_rate = serializers.FloatField(
        allow_null=True, help_text="Share of prompt tokens read from the cache, 0 to 1."
    )
    cost_usd = _usd("Cost of the calls whose cost is known; null if no call's is.", allow_null=True)
    unknown_calls = serializers.IntegerField(help_text="Calls of unknown cost, not included in cost_usd.")
    mock_calls = serializers.IntegerField()
    batch_calls = serializers.IntegerField()
    jobs_completed = serializers.IntegerField()
    jobs_approved = serializers.IntegerField(
        help_text="Completed jobs whose output counts: `trusted`, `approved` or `edited`."
    )
    cost_per_approved_usd = _usd(
        "cost_usd divided by jobs_approved; null if there are none.", allow_null=True
    )


class UsageRowOut(UsageTotalOut):
    """The usage of one group, with a field for each name in ``group_by``."""

    day = serializers.DateField(required=False, help_text="In UTC.")
    agent_type = serializers.CharField(required=False)
    model = serializers.CharField(required=False, help_text="Empty: not recorded.")
    universe_id = serializers.UUIDField(required=False, allow_null=True)
    universe_name = serializers.CharField(required=False, allow_null=True)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        # DRF would add a nullable field as null to rows without it.
        fields: dict[str, Any] = super().to_representation(instance)
        return {name: value for name, value in fields.items() if name in instance}


class UsageReportOut(serializers.Serializer[dict[str, Any]]):
    """A page of usage rows with the totals of all rows."""

    to = serializers.DateField()
    group_by = serializers.ListField(child=serializers.CharField())
    totals = UsageTotalOut()
    count = serializers.IntegerField(help_text="Number of rows on all pages.")
    next = serializers.CharField(allow_null=True)
    next_cursor = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    limit = serializers.IntegerField()
    offset = serializers.IntegerField()
    results = UsageRowOut(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # ``from`` is a Python keyword, so it cannot be declared as an attribute.
        return {"from": serializers.DateField(), **super().get_fields()}
