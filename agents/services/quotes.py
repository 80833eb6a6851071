"""What a job will cost, told before it is done."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from typing import Final

from django.utils import timezone

from agents.choices import JobPriority
from agents.engine import statistics
from agents.engine.envelope import unseal
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.llm.base import LLMRequest, Usage
from agents.models import AgentJob, ModelCall
from agents.services import prices, wiring, worlds
from agents.services.asked import revision_of

_LIMIT_PLACES: Final = Decimal("0.000001")

# How much text a token is: usually, and where it is worst (bytes, for scripts that take several).
_CHARS_PER_TOKEN: Final = 4
_BYTES_PER_TOKEN: Final = 3
_TOKENS_PER_WORD: Final = 4 / 3

# A short answer is one that a tenth of the newest calls like it stayed under; looked for among so many calls.
_SHORT: Final = 0.1
_LIKE_IT: Final = 200
_LOOKED_THROUGH: Final = 20_000
# The form around the words of an answer, and an answer of which nothing else is known.
_LEAST_OUTPUT: Final = 50


@dataclass(frozen=True, slots=True)
class Quote:
    """``low`` and ``high`` are US dollars, None where the price of the model is not known.

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


def quote(job: AgentJob) -> Quote:
    """What one attempt at a job costs, at least and at most; ``job`` may be one that is not stored.

    At least: all that can be is read from the cache, and the answer is short. At most: nothing is, everything is
    written into it, and the answer is as long as it may be.
    """
    request = _request(job)
    prefix, task = _tokens(request)
    shortest = _short_answer(request)
    low = _price(job, request, Usage(input_tokens=task, cache_read_tokens=prefix, output_tokens=shortest))
    return Quote(
        model=request.model,
        is_mock=wiring.uses_mock(),
        prefix_tokens=prefix,
        task_tokens=task,
        output_low=shortest,
        output_high=request.max_tokens,
        low=low,
        high=_ceiling(job, request),
    )


def ceiling_of(job: AgentJob) -> Decimal | None:
    """The most that one attempt at a job can cost, in US dollars; None where the price is not known."""
    if wiring.uses_mock():
        return Decimal(0)
    try:
        return _ceiling(job, _request(job))
    except InvalidInput:
        # Its world has grown too large since it was asked for: it will fail by name, without a call.
        return Decimal(0)


def _ceiling(job: AgentJob, request: LLMRequest) -> Decimal | None:
    size = len((request.system + request.user + json.dumps(request.schema)).encode("utf-8", "replace"))
    prompt = math.ceil(size / _BYTES_PER_TOKEN)
    price = _price(job, request, Usage(cache_write_tokens=prompt, output_tokens=request.max_tokens))
    # As fine as the limits of budgets are, so that one for ten such jobs takes ten.
    return None if price is None else price.quantize(_LIMIT_PLACES, ROUND_UP)


def _price(job: AgentJob, request: LLMRequest, usage: Usage) -> Decimal | None:
    if wiring.uses_mock():
        return Decimal(0)
    is_batch = job.priority == JobPriority.BATCH
    rates = prices.price_for(request.model, usage, at=timezone.now(), is_batch=is_batch)
    return None if rates is None else rates.cost_of(usage)


def _request(job: AgentJob) -> LLMRequest:
    world = worlds.world_view(job.universe)
    return get_agent(job.agent_type).request_for(
        job.input_data, world, wiring.run_settings(job), revision_of(job)
    )


def _tokens(request: LLMRequest) -> tuple[int, int]:
    prefix = len(request.system) + len(json.dumps(request.schema))
    return math.ceil(prefix / _CHARS_PER_TOKEN), math.ceil(len(request.user) / _CHARS_PER_TOKEN)


def _short_answer(request: LLMRequest) -> int:
    newest = ModelCall.objects.order_by("-id").values_list("id", flat=True).first() or 0
    like_it = (
        ModelCall.objects.filter(
            id__gt=newest - _LOOKED_THROUGH,
            prompt_name=request.prompt_name,
            model=request.model,
            error_code="",
            is_mock=False,
        )
        .order_by("-id")
        .values_list("output_tokens", flat=True)[:_LIKE_IT]
    )
    found = statistics.quantile(like_it, _SHORT)
    if found is not None:
        return max(1, math.floor(found))
    wanted = (unseal("input", request.user) or {}).get("wanted") or {}
    return _LEAST_OUTPUT + math.ceil(int(wanted.get("min_words", 0)) * _TOKENS_PER_WORD)
