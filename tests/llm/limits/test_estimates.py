from __future__ import annotations

import json
from dataclasses import replace

from agents.llm.base import Usage
from agents.llm.limits.estimates import Estimates
from tests.llm.requests import REQUEST

LONG = replace(REQUEST, system="x" * 8000, user="y" * 400)
INPUT = (8400 + len(json.dumps(REQUEST.schema))) // 4


def test_first_estimate_is_the_whole_prompt_and_a_quarter_of_max_tokens() -> None:
    assert Estimates().of(LONG) == (INPUT, 250)


def test_cached_prefix_is_not_counted_while_it_is_warm() -> None:
    now = 0.0
    estimates = Estimates(clock=lambda: now)
    estimates.learn(LONG, Usage(cache_write_tokens=2000, input_tokens=100, output_tokens=80))

    assert estimates.of(LONG) == (INPUT - 2000, 80)
    assert estimates.of(replace(LONG, system="z" * 8000))[0] == INPUT
    now = 301.0
    assert estimates.of(LONG)[0] == INPUT


def test_output_estimate_follows_recent_answers_of_the_prompt() -> None:
    estimates = Estimates()
    estimates.learn(LONG, Usage(output_tokens=100))
    estimates.learn(LONG, Usage(output_tokens=200))

    assert estimates.of(LONG)[1] == 110
    assert estimates.of(replace(LONG, prompt_name="spatial"))[1] == 250


def test_estimates_are_at_least_one_token() -> None:
    estimates = Estimates()
    estimates.learn(REQUEST, Usage(cache_read_tokens=1_000_000))

    assert estimates.of(REQUEST) == (1, 1)
