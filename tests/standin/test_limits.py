from __future__ import annotations

from collections.abc import Iterator

import anthropic
import pytest

from dev.standin import Clock, StandIn
from tests.standin.requests import request

MODEL = "claude-haiku-5-5"


@pytest.fixture
def server() -> Iterator[StandIn]:
    """Start a stand-in with a stopped clock, so that no bucket refills by itself."""
    with StandIn(clock=Clock(lambda: 1_800_000_000.0)) as server:
        yield server


def test_refused_call_says_when_to_retry(server: StandIn, client: anthropic.Anthropic) -> None:
    server.limits(rpm=6)
    for _ in range(6):
        client.messages.create(**request())

    with pytest.raises(anthropic.RateLimitError, match="6 requests per minute") as caught:
        client.messages.create(**request())

    headers = caught.value.response.headers
    assert headers["retry-after"] == "10"
    assert headers["anthropic-ratelimit-requests-remaining"] == "0"
    assert headers["anthropic-ratelimit-requests-reset"] == "2027-01-15T08:01:00Z"
    server.advance(10)
    assert client.messages.create(**request()).stop_reason == "end_turn"
    assert server.log.statuses == {200: 7, 429: 1}


def test_cache_reads_do_not_count_as_input(server: StandIn, client: anthropic.Anthropic) -> None:
    server.limits(itpm=1100)

    for _ in range(5):
        client.messages.create(**request())

    with pytest.raises(anthropic.RateLimitError, match="1,100 input tokens per minute"):
        client.messages.create(**request(system="y" * 4000))


def test_output_counts_once_generated(server: StandIn, client: anthropic.Anthropic) -> None:
    server.limits(otpm=600)
    server.answers({"output_tokens": 900})

    # The bucket holds 600, max_tokens plays no part, and 900 leave it 300 short.
    assert client.messages.create(**request()).usage.output_tokens == 900
    with pytest.raises(anthropic.RateLimitError, match="600 output tokens per minute") as caught:
        client.messages.create(**request())

    assert caught.value.response.headers["retry-after"] == "31"


def test_headers_report_what_remains(server: StandIn, client: anthropic.Anthropic) -> None:
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
        "anthropic-ratelimit-output-tokens-remaining": "8000",
        "anthropic-ratelimit-output-tokens-reset": "2027-01-15T08:00:00Z",
        "anthropic-ratelimit-tokens-limit": "48000",
        "anthropic-ratelimit-tokens-remaining": "46000",
        "anthropic-ratelimit-tokens-reset": "2027-01-15T08:00:04Z",
    }
