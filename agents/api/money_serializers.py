"""What comes in and goes out about money: previews, budgets, usage. Amounts are decimal numbers as text."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agents.choices import AgentType, JobPriority


def _usd(help_text: str, **options: Any) -> serializers.CharField:
    return serializers.CharField(help_text=f"US dollars. {help_text}", **options)


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
