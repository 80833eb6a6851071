"""Every fault as a client meets it: its error, what is billed, and what is delivered."""

from __future__ import annotations

import time
from collections.abc import Callable

import anthropic
import httpx2
import pytest

from dev.standin import StandIn, faults
from tests.standin.requests import request

CONNECTION = (anthropic.APIConnectionError, httpx2.TransportError)

Way = Callable[[anthropic.Anthropic], anthropic.types.Message]


def whole(client: anthropic.Anthropic) -> anthropic.types.Message:
    message: anthropic.types.Message = client.messages.create(**request())
    return message


def streamed(client: anthropic.Anthropic) -> anthropic.types.Message:
    with client.messages.stream(**request()) as stream:
        return stream.get_final_message()


both_ways = pytest.mark.parametrize("way", [whole, streamed])


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("name", "error", "code", "retry_after"),
    [
        ("rate_limited", "rate_limit_error", None, "2"),
        ("ramp_limited", "rate_limit_error", "ramp_limit_exceeded", "5"),
        ("spend_limit_own", "invalid_request_error", None, None),
        ("overloaded", "overloaded_error", None, None),
        ("gateway_timeout", "timeout_error", None, None),
    ],
)
def test_error_has_its_status_type_and_code(
    server: StandIn,
    client: anthropic.Anthropic,
    name: str,
    error: str,
    code: str | None,
    retry_after: str | None,
) -> None:
    server.next(name)

    with pytest.raises(anthropic.APIStatusError) as caught:
        streamed(client)

    assert caught.value.status_code == faults.NAMED[name].status
    assert (caught.value.type, caught.value.error_code) == (error, code)
    assert caught.value.response.headers.get("retry-after") == retry_after
    assert caught.value.request_id == server.calls[0].request_id
    assert (server.calls[0].fault, server.calls[0].used) == (name, None)
    assert streamed(client).stop_reason == "end_turn"


@both_ways
@pytest.mark.parametrize(("name", "is_billed"), [("reset", False), ("reset_late", True), ("cut", True)])
def test_broken_connection_is_a_connection_error(
    server: StandIn, client: anthropic.Anthropic, way: Way, name: str, is_billed: bool
) -> None:
    server.next(name)

    with pytest.raises(CONNECTION):
        way(client)

    call = server.calls[0]
    assert (call.used is not None, call.is_delivered, call.fault) == (is_billed, False, name)
    assert server.log.delivered_price_usd == 0
    assert way(client).stop_reason == "end_turn"


def test_abandoned_stream_is_billed_for_its_output_so_far(
    server: StandIn, client: anthropic.Anthropic
) -> None:
    server.answers({"output_tokens": 600})
    server.latency(token_s=0.005)
    with client.messages.create(**request(), stream=True) as stream:
        for event in stream:
            if event.type == "content_block_delta":
                break
    wait_until(lambda: server.log.in_flight == 0)

    used = server.calls[0].used
    assert used is not None
    assert 16 <= used.output < 300
    assert not server.calls[0].is_delivered


def test_stream_that_ends_early_lacks_its_end(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next("ended")
    server.answers({"output_tokens": 500})

    events = [event.type for event in client.messages.create(**request(), stream=True)]

    assert events[0] == "message_start"
    assert not {"message_stop", "message_delta"} & set(events)
    used = server.calls[0].used
    assert used is not None
    assert 100 < used.output < 400
    assert not server.calls[0].is_delivered


@both_ways
@pytest.mark.parametrize(
    ("name", "stop_reason", "text"),
    [
        ("truncated", "max_tokens", '{"title":"'),
        ("refused", "refusal", ""),
        ("empty", "end_turn", ""),
        ("wrong_json", "end_turn", '{"unexpected":true}'),
        ("not_json", "end_turn", "Here is what you asked for: "),
    ],
)
def test_unusable_output_is_billed_and_delivered(
    server: StandIn, client: anthropic.Anthropic, way: Way, name: str, stop_reason: str, text: str
) -> None:
    server.next(name)

    message = way(client)

    assert message.stop_reason == stop_reason
    assert "".join(block.text for block in message.content if block.type == "text").startswith(text)
    assert bool(message.content) == bool(text)
    call = server.calls[0]
    assert call.used is not None
    assert (call.used.output, call.is_delivered) == (message.usage.output_tokens, True)
