"""What comes in and goes out about money: previews, budgets, usage. Amounts are decimal numbers as text."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agents.billing import budget_settings
from agents.choices import AgentType, BudgetPeriodKind, BudgetScope, JobPriority
from agents.common.money import format_usd
from universes.api.strict import StrictCharField, StrictChoiceField, StrictSerializer, StrictUUIDField


def _usd(help_text: str, **options: Any) -> serializers.CharField:
    return serializers.CharField(help_text=f"US dollars. {help_text}".strip(), **options)


# --- Previews


class PriceOut(serializers.Serializer[dict[str, Any]]):
    low = _usd("All that can be is read from the cache, and the answer is short.")
    high = _usd("Nothing is in the cache, and the answer is as long as it may be; what budgets set aside.")
    currency = serializers.CharField()


class TokensOut(serializers.Serializer[dict[str, Any]]):
    prefix = serializers.IntegerField(help_text="Instructions and world, which may be read from the cache.")
    task = serializers.IntegerField(help_text="The work itself.")
    output_low = serializers.IntegerField()
    output_high = serializers.IntegerField()


class ReviewChanceOut(serializers.Serializer[dict[str, Any]]):
    chance = serializers.FloatField(
        allow_null=True, help_text="How probably a person looks at the output before it counts, 0 to 1."
    )
    low = serializers.FloatField(allow_null=True, help_text="Wilson 95% interval.")
    high = serializers.FloatField(allow_null=True)
    of = serializers.IntegerField(help_text="Jobs that it was counted from.")
    basis = serializers.CharField(help_text="What it was counted from, or why it cannot be told.")


class BudgetCheckOut(serializers.Serializer[dict[str, Any]]):
    would_be_refused = serializers.BooleanField()
    detail = serializers.CharField(allow_null=True)


class PreviewOut(serializers.Serializer[dict[str, Any]]):
    """What a job would cost, and what would probably become of it."""

    dry_run = serializers.BooleanField()
    agent_type = serializers.ChoiceField(choices=AgentType.choices)
    model = serializers.CharField()
    is_mock = serializers.BooleanField(help_text="The built-in mock model would answer, at no cost.")
    priority = serializers.ChoiceField(choices=JobPriority.choices)
    price_usd = PriceOut(allow_null=True, help_text="Of one attempt; null where the price is not known.")
    tokens = TokensOut()
    review = ReviewChanceOut()
    budget = BudgetCheckOut()


# --- Budgets


class StrictDecimalField(serializers.DecimalField):
    """A decimal number as text (`"1.50"`) or as a number; not true, not NaN."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


def _limit() -> StrictDecimalField:
    return StrictDecimalField(
        max_digits=12, decimal_places=6, min_value=0, help_text="US dollars; 0: nothing may be spent."
    )


class BudgetIn(StrictSerializer):
    scope = StrictChoiceField(choices=BudgetScope.choices)
    universe_id = StrictUUIDField(required=False, help_text="Of a budget of scope universe.")
    username = StrictCharField(
        required=False, max_length=150, help_text="Of a budget of scope user: whose jobs it limits."
    )
    period = StrictChoiceField(choices=BudgetPeriodKind.choices)
    limit_usd = _limit()


class BudgetPatch(StrictSerializer):
    limit_usd = _limit()


class BudgetOut(serializers.Serializer[Any]):
    """A limit, and how much of it is taken in the running period."""

    id = serializers.IntegerField()
    scope = serializers.ChoiceField(choices=BudgetScope.choices)
    universe_id = serializers.UUIDField(allow_null=True)
    username = serializers.CharField(allow_null=True)
    period = serializers.ChoiceField(choices=BudgetPeriodKind.choices)
    limit_usd = _usd("")
    spent_usd = _usd("What calls have cost, refused answers and failed attempts included.")
    reserved_usd = _usd("Set aside for jobs that are not final: the most that an attempt at them can cost.")
    left_usd = _usd("")
    unknown_calls = serializers.IntegerField(help_text="Calls of unknown cost, which are not in spent_usd.")
    starts_on = serializers.DateField()
    next_period_at = serializers.DateTimeField()

    def to_representation(self, budget: Any) -> dict[str, Any]:
        now = budget_settings.usage_of_budget(budget)
        return super().to_representation(
            {
                "id": budget.pk,
                "scope": budget.scope,
                "universe_id": budget.universe_id,
                "username": budget.user and budget.user.get_username(),
                "period": budget.period,
                "limit_usd": format_usd(budget.limit_usd),
                "spent_usd": format_usd(now.spent_usd),
                "reserved_usd": format_usd(now.reserved_usd),
                "left_usd": format_usd(now.left_usd),
                "unknown_calls": now.unknown_calls,
                "starts_on": now.starts_on,
                "next_period_at": now.next_period_at,
            }
        )


# --- Usage


class UsageTotalOut(serializers.Serializer[dict[str, Any]]):
    calls = serializers.IntegerField(help_text="Of models, failed ones included.")
    input_tokens = serializers.IntegerField(help_text="Neither read from the cache nor written into it.")
    output_tokens = serializers.IntegerField()
    cache_read_tokens = serializers.IntegerField()
    cache_write_tokens = serializers.IntegerField()
    cache_hit_rate = serializers.FloatField(
        allow_null=True, help_text="Tokens of prompts that were read from the cache, 0 to 1."
    )
    cost_usd = _usd("Of the calls whose cost is known; null where that is none of them.", allow_null=True)
    unknown_calls = serializers.IntegerField(help_text="Calls of unknown cost, which are not in cost_usd.")
    mock_calls = serializers.IntegerField()
    batch_calls = serializers.IntegerField()
    jobs_completed = serializers.IntegerField()
    jobs_approved = serializers.IntegerField(
        help_text="Completed jobs that were approved, edited or not, or trusted without a review that is open."
    )
    cost_per_approved_usd = _usd("cost_usd by jobs_approved; null where there is none.", allow_null=True)


class UsageRowOut(UsageTotalOut):
    """One group; it has the fields that were asked for by ``group_by``."""

    day = serializers.DateField(required=False, help_text="In UTC.")
    agent_type = serializers.CharField(required=False)
    model = serializers.CharField(required=False, help_text="Empty: nobody wrote down which.")
    universe_id = serializers.UUIDField(required=False, allow_null=True)
    universe_name = serializers.CharField(required=False, allow_null=True)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        # A field that may be null would be there as null in rows that say nothing of it.
        told: dict[str, Any] = super().to_representation(instance)
        return {name: value for name, value in told.items() if name in instance}


# "from" is a word of the language, so that it cannot be written as an attribute.
UsageReportOut = type(
    "UsageReportOut",
    (serializers.Serializer,),
    {
        "from": serializers.DateField(),
        "to": serializers.DateField(),
        "group_by": serializers.ListField(child=serializers.CharField()),
        "totals": UsageTotalOut(),
        "count": serializers.IntegerField(help_text="How many rows there are."),
        "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True),
        "limit": serializers.IntegerField(),
        "offset": serializers.IntegerField(),
        "results": UsageRowOut(many=True),
    },
)
