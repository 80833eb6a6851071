from __future__ import annotations

import json
from dataclasses import replace

from agents.llm.base import LLMRequest, Usage
from agents.llm.limits.estimates import Estimates
from agents.llm.limits.prompt_cache import Prefix
from tests.llm.requests import REQUEST

LONG = replace(REQUEST, system="x" * 8000, user="y" * 400)
INPUT = (8400 + len(json.dumps(REQUEST.schema))) // 4


def estimate(estimates: Estimates, request: LLMRequest) -> tuple[int, int]:
    return estimates.of(request, Prefix.of(request))


def learn(estimates: Estimates, request: LLMRequest, usage: Usage) -> None:
    estimates.learn(request, Prefix.of(request), usage)


def test_first_estimate_is_the_whole_prompt_and_a_quarter_of_max_tokens() -> None:
    assert estimate(Estimates(), LONG) == (INPUT, 250)


def test_cached_prefix_is_not_counted_while_it_is_warm() -> None:
    now = 0.0
    estimates = Estimates(clock=lambda: now)
    learn(estimates, LONG, Usage(cache_write_tokens=2000, input_tokens=100, output_tokens=80))

    assert estimate(estimates, LONG) == (INPUT - 2000, 80)
    assert estimate(estimates, replace(LONG, system="z" * 8000))[0] == INPUT
    now = 301.0
    assert estimate(estimates, LONG)[0] == INPUT


def test_output_estimate_follows_recent_answers_of_the_prompt() -> None:
    estimates = Estimates()
    learn(estimates, LONG, Usage(output_tokens=100))
    learn(estimates, LONG, Usage(output_tokens=200))

    assert estimate(estimates, LONG)[1] == 110
    assert estimate(estimates, replace(LONG, prompt_name="spatial"))[1] == 250


def test_estimates_are_at_least_one_token() -> None:
    estimates = Estimates()
    learn(estimates, REQUEST, Usage(cache_read_tokens=1_000_000))

    assert estimate(estimates, REQUEST) == (1, 1)
