"""Prices of the demo's calls: what a real model would have cost, as an example. The mock model was paid nothing."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from agents.billing import prices
from agents.llm.base import Usage
from agents.models import ModelCall
from universes.models import Universe


def price(call: ModelCall) -> None:
    """Give a call, which is not saved here, the price of the model that the site has for its agent."""
    usage = Usage(input_tokens=call.input_tokens, output_tokens=call.output_tokens)
    rates = prices.price_for(settings.AGENT_MODELS[call.agent_type], usage, at=timezone.now()) or prices.FREE
    call.cost_usd = rates.cost_of(usage)
    for name, usd in rates.as_dict().items():
        setattr(call, name, usd)


def price_calls_in(universe: Universe) -> None:
    """Price the calls of the mock model in a universe that the totals do not hold yet."""
    uncounted = ModelCall.objects.filter(universe=universe, is_mock=True, is_counted=False)
    for call in uncounted:
        price(call)
        priced = ("cost_usd", *prices.FREE.as_dict())
        uncounted.filter(pk=call.pk).update(**{name: getattr(call, name) for name in priced})
