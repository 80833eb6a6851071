"""Price estimates for jobs that have not run yet."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal
from typing import Final

from django.utils import timezone

from agents.billing import prices
from agents.choices import AgentType
from agents.common import world_context
from agents.common.job_text import revision_request
from agents.engine import statistics
from agents.engine.envelope import unseal
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
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


@dataclass(frozen=True, slots=True)
class _PricedRequest:
    """One call of an attempt. ``carried`` is how many tokens of an earlier answer it will have to read, at least and
    at most.
    """

    request: LLMRequest
    answer_low: int
    carried: tuple[int, int] = (0, 0)

    @property
    def prefix(self) -> int:
        return math.ceil(len(_system(self.request)) / _CHARS_PER_TOKEN)

    @property
    def task(self) -> int:
        return math.ceil(len(self.request.user) / _CHARS_PER_TOKEN) + self.carried[0]

    @property
    def cheapest(self) -> Usage:
        return Usage(input_tokens=self.task, cache_read_tokens=self.prefix, output_tokens=self.answer_low)

    @property
    def dearest(self) -> Usage:
        size = len((_system(self.request) + self.request.user).encode("utf-8", "replace"))
        prompt = math.ceil(size / _BYTES_PER_TOKEN) + self.carried[1]
        return Usage(cache_write_tokens=prompt, output_tokens=self.request.max_tokens)


def estimate(job: AgentJob) -> Estimate:
    """What one attempt at a job costs, at least and at most; ``job`` may be one that is not stored.

    At least: all that can be is read from the cache, and the answer is short. At most: nothing is, everything is
    written into it, and the answer is as long as it may be. A repair is in neither.
    """
    questions = _questions(job)
    return Estimate(
        model=questions[0].request.model,
        is_mock=factory.uses_mock(),
        prefix_tokens=sum(one.prefix for one in questions),
        task_tokens=sum(one.task for one in questions),
        output_low=sum(one.answer_low for one in questions),
        output_high=sum(one.request.max_tokens for one in questions),
        low=_price(job, [(one.request.model, one.cheapest) for one in questions]),
        high=_ceiling(job, questions),
    )


def ceiling_of(job: AgentJob) -> Decimal | None:
    """The most that one attempt at a job can cost, in US dollars; None where the price is not known."""
    if factory.uses_mock():
        return Decimal(0)
    try:
        return _ceiling(job, _questions(job))
    except InvalidInput:
        # Its world has grown too large since it was asked for: it will fail by name, without a call.
        return Decimal(0)


def _ceiling(job: AgentJob, questions: Sequence[_PricedRequest]) -> Decimal | None:
    price = _price(job, [(one.request.model, one.dearest) for one in questions])
    # As fine as the limits of budgets are, so that one for ten such jobs takes ten.
    return None if price is None else price.quantize(_LIMIT_PLACES, ROUND_UP)


def _price(job: AgentJob, calls: Iterable[tuple[str, Usage]]) -> Decimal | None:
    total = Decimal(0)
    if factory.uses_mock():
        return total
    for number, (model, usage) in enumerate(calls):
        # Only the first question of an attempt goes in a batch.
        is_batch = number == 0 and job.batch_until is not None
        rates = prices.price_for(model, usage, at=timezone.now(), is_batch=is_batch)
        if rates is None:
            return None
        total += rates.cost_of(usage)
    return total


def _questions(job: AgentJob) -> list[_PricedRequest]:
    """What the model is asked for a job, as far as it is known beforehand."""
    world, settings = world_context.world_view(job.universe), run_settings.run_settings(job)
    request = get_agent(job.agent_type).request_for(job.input_data, world, settings, revision_request(job))
    questions = [_PricedRequest(request, _short_answer(request))]
    if settings.second_opinion and job.agent_type != AgentType.CONSISTENCY:
        # The text is not there yet: anything stands for it.
        asked = {"content": "-", "world_config": job.input_data.get("world_config") or {}}
        reader = replace(settings, model=settings.consistency_model or settings.model)
        opinion = get_agent(AgentType.CONSISTENCY).request_for(asked, world, reader)
        carried = (questions[0].answer_low, request.max_tokens)
        questions.append(_PricedRequest(opinion, _short_answer(opinion), carried))
    return questions


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
