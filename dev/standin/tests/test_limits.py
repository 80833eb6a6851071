from __future__ import annotations

import datetime
from collections.abc import Iterator

import anthropic
import pytest

from dev.standin import KEY, Clock, StandIn
from dev.standin.errors import ApiError
from dev.standin.limits import Allowance, RateLimits
from dev.standin.tests.asking import request

MODEL = "claude-haiku-5-5"


@pytest.fixture
def server() -> Iterator[StandIn]:
    """Its clock stands still, so that no bucket refills by itself."""
    with StandIn(clock=Clock(lambda: 1_800_000_000.0)) as server:
        yield server


def test_requests_are_limited_and_told_when_to_come_back(
    server: StandIn, client: anthropic.Anthropic
) -> None:
    server.limits(rpm=6)
    for _ in range(6):
        client.messages.create(**request())

    with pytest.raises(anthropic.RateLimitError, match="6 requests per minute") as caught:
        client.messages.create(**request())

    headers = caught.value.response.headers
    assert headers["retry-after"] == "10"
    assert headers["anthropic-ratelimit-requests-limit"] == "6"
    assert headers["anthropic-ratelimit-requests-remaining"] == "0"
    assert headers["anthropic-ratelimit-requests-reset"] == "2027-01-15T08:01:00Z"
    server.advance(10)
    assert client.messages.create(**request()).stop_reason == "end_turn"


def test_refused_calls_take_nothing(server: StandIn, client: anthropic.Anthropic) -> None:
    server.limits(rpm=1)
    client.messages.create(**request())
    for _ in range(3):
        with pytest.raises(anthropic.RateLimitError):
            client.messages.create(**request())
    server.advance(60)

    assert client.messages.create(**request()).stop_reason == "end_turn"
    assert server.log.statuses == {200: 2, 429: 3}


def test_cache_reads_do_not_count_as_input(server: StandIn, client: anthropic.Anthropic) -> None:
    server.limits(itpm=1100)

    for _ in range(5):
        client.messages.create(**request())

    with pytest.raises(anthropic.RateLimitError, match="1,100 input tokens per minute"):
        client.messages.create(**request(system="y" * 4000))


def test_output_is_counted_when_it_is_made(server: StandIn, client: anthropic.Anthropic) -> None:
    server.limits(otpm=600)
    server.answers({"output_tokens": 900})

    # The bucket holds 600, max_tokens plays no part, and 900 leave it 300 short.
    assert client.messages.create(**request()).usage.output_tokens == 900
    with pytest.raises(anthropic.RateLimitError, match="600 output tokens per minute") as caught:
        client.messages.create(**request())

    assert caught.value.response.headers["retry-after"] == "31"


def test_headers_tell_what_is_left(server: StandIn, client: anthropic.Anthropic) -> None:
    server.limits(rpm=50, itpm=40_000, otpm=8_000)
    server.answers({"output_tokens": 900})

    headers = client.messages.with_raw_response.create(**request(system="x" * 8000)).headers

    assert {name: value for name, value in headers.items() if name.startswith("anthropic-ratelimit")} == {
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "49",
        "anthropic-ratelimit-requests-reset": "2027-01-15T08:00:02Z",
        "anthropic-ratelimit-input-tokens-limit": "40000",
        "anthropic-ratelimit-input-tokens-remaining": "38000",
        "anthropic-ratelimit-input-tokens-reset": "2027-01-15T08:00:04Z",
        "anthropic-ratelimit-output-tokens-limit": "8000",
        "anthropic-ratelimit-output-tokens-remaining": "7000",
        "anthropic-ratelimit-output-tokens-reset": "2027-01-15T08:00:07Z",
        "anthropic-ratelimit-tokens-limit": "48000",
        "anthropic-ratelimit-tokens-remaining": "45000",
        "anthropic-ratelimit-tokens-reset": "2027-01-15T08:00:07Z",
    }


def test_models_have_limits_of_their_own(server: StandIn, client: anthropic.Anthropic) -> None:
    server.limits(rpm=1, model=MODEL)
    client.messages.create(**request())

    with pytest.raises(anthropic.RateLimitError):
        client.messages.create(**request())

    assert client.messages.create(**request(model="claude-opus-5-5", thinking=None)).role == "assistant"


@pytest.mark.parametrize(("window_s", "at_once"), [(60, 1000), (6, 100), (1, 16)])
def test_bucket_holds_its_window_s_worth(window_s: float, at_once: int) -> None:
    limits = RateLimits()
    limits.allow(Allowance(rpm=1000, window_s=window_s))

    assert sum(is_admitted(limits, 0.0) for _ in range(1100)) == at_once


def test_rate_over_a_long_time_is_the_allowed_one() -> None:
    limits = RateLimits()
    limits.allow(Allowance(rpm=1000, window_s=1))

    # Twenty tries a second for ten minutes, of which 16.7 a second may pass.
    assert 9_990 <= sum(is_admitted(limits, tick / 20) for tick in range(12_000)) <= 10_017


def is_admitted(limits: RateLimits, now: float) -> bool:
    try:
        limits.admit(MODEL, 1, now)
    except ApiError:
        return False
    return True


def test_clock_of_the_headers_is_the_stand_in_s(server: StandIn) -> None:
    with anthropic.Anthropic(api_key=KEY, base_url=server.url) as client:
        headers = client.messages.with_raw_response.create(**request()).headers

    reset = datetime.datetime.fromisoformat(headers["anthropic-ratelimit-tokens-reset"])
    assert reset.timestamp() == pytest.approx(1_800_000_000, abs=2)
