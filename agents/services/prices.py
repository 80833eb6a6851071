"""What a call cost, by the price list of the day."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from agents.llm.base import Usage
from agents.models import ModelPrice


def cost_of(model: str, usage: Usage) -> Decimal | None:
    """US dollars for one call, or None where the list has no price: unknown is never written as zero.

    A dated model name (``name-20261007``) falls back to the price of the name that it starts with.
    """
    prompt_tokens = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
    rows = (
        ModelPrice.objects.filter(valid_from__lte=timezone.now().date())
        .filter(Q(prompt_over=0) | Q(prompt_over__lt=prompt_tokens))
        .order_by("-valid_from", "-prompt_over")
    )
    fitting = [row for row in rows if model == row.model or model.startswith(f"{row.model}-")]
    if not fitting:
        return None
    best_name = max((row.model for row in fitting), key=len)
    price = next(row for row in fitting if row.model == best_name)
    return price.cost(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
    )
