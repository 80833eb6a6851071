"""Price estimates for jobs that have not run yet."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal
from typing import Final

from django.utils import timezone

from agents.billing import prices
from agents.choices import AgentType
from agents.common.text.job_text import revision_request
from agents.engine.confidence import statistics
from agents.engine.envelope import unseal
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.engine.world import WorldView
from agents.llm.base import LLMRequest, Usage
from agents.models import AgentJob, ModelCall
from agents.providers import factory, run_settings

_LIMIT_PLACES: Final = Decimal("0.000001")

# The usual amount of text per token, and the least: bytes, because some scripts take several bytes a character.
_CHARS_PER_TOKEN: Final = 4
_BYTES_PER_TOKEN: Final = 3
_TOKENS_PER_WORD: Final = 4 / 3

# A short answer is the tenth percentile of the most recent similar calls, searched among the most recent calls.
_SHORT_QUANTILE: Final = 0.1
_RECENT_SIMILAR: Final = 200
_RECENT_CALLS: Final = 20_000
# The tokens of an answer besides its words; all of them while no similar call is known.
_MIN_OUTPUT: Final = 50


@dataclass(frozen=True, slots=True)
class Estimate:
    """The price range of one attempt in US dollars, from ``low`` to ``high``; None if the model has no price.

    ``prefix_tokens`` may be read from the provider's cache, ``task_tokens`` may not.
    """

    model: str
    is_mock: bool
    prefix_tokens: int
    task_tokens: int
    output_low: int
    output_high: int
    low: Decimal | None
    high: Decimal | None


def estimate(job: AgentJob, world: WorldView | None, *, is_batch: bool) -> Estimate:
    """Estimate the minimum and maximum price of one attempt at a job, which need not be stored.

    Minimum: the whole prefix is read from the cache and the answer is short. Maximum: nothing is read from the cache,
    everything is written to it, and the answer is as long as it may be. Neither includes a repair.
    """
    requests = _requests(job, world)
    answers = [_short_answer(request) for request in requests]
    prefixes = [_estimated_tokens(_system(request)) for request in requests]
    # Each request after the first has to read the answer before it.
    tasks = [
        _estimated_tokens(request.user) + carried
        for request, carried in zip(requests, [0, *answers], strict=False)
    ]
    cheapest = [
        Usage(input_tokens=task, cache_read_tokens=prefix, output_tokens=answer)
        for task, prefix, answer in zip(tasks, prefixes, answers, strict=True)
    ]
    return Estimate(
        model=requests[0].model,
        is_mock=factory.uses_mock(),
        prefix_tokens=sum(prefixes),
        task_tokens=sum(tasks),
        output_low=sum(answers),
        output_high=sum(request.max_tokens for request in requests),
        low=_price(requests, cheapest, is_batch=is_batch),
        high=_ceiling(requests, is_batch=is_batch),
    )


def ceiling_of(job: AgentJob, world: WorldView | None, *, is_batch: bool) -> Decimal | None:
    """Return the maximum price of one attempt at a job in US dollars; None if the price is not known."""
    if factory.uses_mock():
        return Decimal(0)
    try:
        return _ceiling(_requests(job, world), is_batch=is_batch)
    except InvalidInput:
        # The world has grown too large since the job was submitted: the attempt fails without a call.
        return Decimal(0)


def _ceiling(requests: Sequence[LLMRequest], *, is_batch: bool) -> Decimal | None:
    carried = [0, *(request.max_tokens for request in requests)]
    dearest = [
        Usage(
            cache_write_tokens=_max_tokens(_system(request) + request.user) + answer,
            output_tokens=request.max_tokens,
        )
        for request, answer in zip(requests, carried, strict=False)
    ]
    price = _price(requests, dearest, is_batch=is_batch)
    # As fine as the limits of budgets, so that a budget for ten such jobs takes ten.
    return None if price is None else price.quantize(_LIMIT_PLACES, ROUND_UP)


def _price(requests: Sequence[LLMRequest], usages: Sequence[Usage], *, is_batch: bool) -> Decimal | None:
    total = Decimal(0)
    if factory.uses_mock():
        return total
    for number, (request, usage) in enumerate(zip(requests, usages, strict=True)):
        # Only the first request of an attempt goes in a batch.
        rates = prices.price_for(request.model, usage, at=timezone.now(), is_batch=is_batch and number == 0)
        if rates is None:
            return None
        total += rates.cost_of(usage)
    return total


def _requests(job: AgentJob, world: WorldView | None) -> list[LLMRequest]:
    """Build the requests of an attempt, as far as they are known beforehand."""
    settings = run_settings.run_settings(job, marks=False)
    request = get_agent(job.agent_type).request_for(job.input_data, world, settings, revision_request(job))
    if not settings.second_opinion or job.agent_type == AgentType.CONSISTENCY:
        return [request]
    # A placeholder: the text to check is not written yet.
    unwritten = {"content": "-", "world_config": job.input_data.get("world_config") or {}}
    checker = replace(settings, model=settings.consistency_model or settings.model)
    return [request, get_agent(AgentType.CONSISTENCY).request_for(unwritten, world, checker)]


def _estimated_tokens(text: str) -> int:
    return math.ceil(len(text) / _CHARS_PER_TOKEN)


def _max_tokens(text: str) -> int:
    return math.ceil(len(text.encode("utf-8", "replace")) / _BYTES_PER_TOKEN)


def _system(request: LLMRequest) -> str:
    """Return the part of a request that the provider caches, which includes the schema."""
    return request.system + json.dumps(request.schema)


def _short_answer(request: LLMRequest) -> int:
    newest = ModelCall.objects.order_by("-id").values_list("id", flat=True).first() or 0
    similar = (
        ModelCall.objects.filter(
            id__gt=newest - _RECENT_CALLS,
            prompt_name=request.prompt_name,
            model=request.model,
            error_code="",
            is_mock=False,
        )
        .order_by("-id")
        .values_list("output_tokens", flat=True)[:_RECENT_SIMILAR]
    )
    short = statistics.quantile(similar, _SHORT_QUANTILE)
    if short is not None:
        return max(1, math.floor(short))
    wanted = (unseal("input", request.user) or {}).get("wanted") or {}
    return _MIN_OUTPUT + math.ceil(int(wanted.get("min_words", 0)) * _TOKENS_PER_WORD)
