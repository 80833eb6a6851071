"""Every fault, as a caller meets it: whole answers and streams, what is billed, and what is said in the log."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from dataclasses import replace

import anthropic
import httpx2
import pytest

from dev.standin import KEY, StandIn, faults
from dev.standin.tests.asking import request

ERRORS: list[tuple[str, type[anthropic.APIStatusError], str, str | None, str | None]] = [
    ("rate_limited", anthropic.RateLimitError, "rate_limit_error", None, "2"),
    ("rate_limited_silent", anthropic.RateLimitError, "rate_limit_error", None, None),
    ("ramp_limited", anthropic.RateLimitError, "rate_limit_error", "ramp_limit_exceeded", "5"),
    ("spend_limit_tier", anthropic.RateLimitError, "rate_limit_error", "enforced_spend_limit_reached", None),
    ("spend_limit_own", anthropic.BadRequestError, "invalid_request_error", None, None),
    ("credit_low", anthropic.BadRequestError, "invalid_request_error", None, None),
    ("billing", anthropic.APIStatusError, "billing_error", None, None),
    ("overloaded", anthropic.APIStatusError, "overloaded_error", None, None),
    ("server_error", anthropic.InternalServerError, "api_error", None, None),
    ("unavailable", anthropic.InternalServerError, "api_error", None, None),
    ("gateway_timeout", anthropic.InternalServerError, "timeout_error", None, None),
]

CONNECTION = (anthropic.APIConnectionError, httpx2.TransportError)


def whole(client: anthropic.Anthropic) -> anthropic.types.Message:
    message: anthropic.types.Message = client.messages.create(**request())
    return message


def streamed(client: anthropic.Anthropic) -> anthropic.types.Message:
    with client.messages.stream(**request()) as stream:
        return stream.get_final_message()


def post(server: StandIn) -> socket.socket:
    """Send a request by hand, and have the connection in hand."""
    body = json.dumps(request()).encode()
    connection = socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])))
    head = f"POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: {KEY}\r\nanthropic-version: 2026-10-21\r\n"
    connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
    return connection


Way = Callable[[anthropic.Anthropic], anthropic.types.Message]
both_ways = pytest.mark.parametrize("way", [whole, streamed])


@both_ways
@pytest.mark.parametrize(("name", "kind", "error", "code", "retry_after"), ERRORS)
def test_error_has_its_status_type_code_and_time(
    server: StandIn,
    client: anthropic.Anthropic,
    way: Way,
    name: str,
    kind: type[anthropic.APIStatusError],
    error: str,
    code: str | None,
    retry_after: str | None,
) -> None:
    server.next(name)

    with pytest.raises(kind) as caught:
        way(client)

    assert caught.value.status_code == faults.NAMED[name].status
    assert (caught.value.type, caught.value.error_code) == (error, code)
    assert caught.value.response.headers.get("retry-after") == retry_after
    assert caught.value.request_id == server.calls[0].request_id
    assert (server.calls[0].fault, server.calls[0].used) == (name, None)
    assert way(client).stop_reason == "end_turn"


@both_ways
@pytest.mark.parametrize(("name", "is_billed"), [("reset", False), ("reset_late", True), ("cut", True)])
def test_broken_connection_is_seen_as_one(
    server: StandIn, client: anthropic.Anthropic, way: Way, name: str, is_billed: bool
) -> None:
    server.next(name)

    with pytest.raises(CONNECTION):
        way(client)

    call = server.calls[0]
    assert (call.used is not None, call.is_delivered, call.fault) == (is_billed, False, name)
    assert server.log.delivered_price_usd == 0
    assert way(client).stop_reason == "end_turn"


def test_reset_is_a_real_one(server: StandIn) -> None:
    server.next("reset")

    with post(server) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)


def test_cut_is_a_goodbye_in_the_middle(server: StandIn) -> None:
    server.next("cut")

    with post(server) as connection:
        received = b""
        while part := connection.recv(65536):
            received += part

    head, body = received.split(b"\r\n\r\n")
    promised = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert 0 < len(body) == promised // 2


def test_caller_that_dies_during_the_work_is_billed_for_it(server: StandIn) -> None:
    server.latency(first_byte_s=0.3)

    post(server).close()
    wait_until(lambda: bool(server.calls) and server.log.in_flight == 0)

    assert server.log.price_usd > 0
    assert server.log.delivered_price_usd == 0


def test_stream_is_billed_for_what_was_made_until_the_caller_left(
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


def test_answer_that_ends_early_is_half_a_json(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next("ended")

    with pytest.raises(json.JSONDecodeError):
        whole(client)

    assert server.log.price_usd > 0
    assert server.log.delivered_price_usd == 0


def test_stream_that_ends_early_lacks_its_end(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next("ended")
    server.answers({"output_tokens": 500})

    events = [event.type for event in client.messages.create(**request(), stream=True)]

    assert events[0] == "message_start"
    assert "message_stop" not in events
    assert "message_delta" not in events
    used = server.calls[0].used
    assert used is not None
    assert 100 < used.output < 400
    assert not server.calls[0].is_delivered


def test_stream_may_break_with_an_error_in_it(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next("stream_error")

    with pytest.raises(anthropic.APIStatusError) as caught:
        streamed(client)

    assert caught.value.type == "overloaded_error"
    assert caught.value.response.status_code == 200
    assert server.log.price_usd > 0


def test_page_of_another_server_comes_with_200(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next("html", "html")

    answer = client.messages.with_raw_response.create(**request())

    assert answer.headers["content-type"] == "text/html"
    assert answer.status_code == 200
    with pytest.raises(anthropic.APIResponseValidationError):
        whole(client)
    assert server.log.billed == []


@both_ways
@pytest.mark.parametrize("name", ["hang", "drip"])
def test_caller_that_gives_up_frees_the_call(
    server: StandIn, client: anthropic.Anthropic, way: Way, name: str
) -> None:
    server.next(replace(faults.NAMED[name], seconds=0.2) if name == "drip" else name)

    with pytest.raises((*CONNECTION, anthropic.APITimeoutError)):
        _in_time(client, way)

    wait_until(lambda: server.log.in_flight == 0)
    assert not server.calls[0].is_delivered


@both_ways
def test_drip_is_whole_for_who_waits(server: StandIn, client: anthropic.Anthropic, way: Way) -> None:
    server.next(replace(faults.drip, seconds=0.0001))

    assert way(client).stop_reason == "end_turn"

    assert (server.calls[0].fault, server.calls[0].is_delivered) == ("drip", True)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _in_time(client: anthropic.Anthropic, way: Way) -> None:
    """A drip is never late for a single read, so the stream is cut by hand after half a second."""
    started = time.monotonic()
    with client.with_options(timeout=0.5).messages.with_streaming_response.create(
        **request(), stream=way is streamed
    ) as answer:
        for _ in answer.iter_bytes(1):
            if time.monotonic() - started > 0.5:
                raise httpx2.ReadTimeout("Too slow.")


@pytest.mark.parametrize(
    ("name", "stop_reason", "text"),
    [
        ("truncated", "max_tokens", '{"title":"'),
        ("refused", "refusal", None),
        ("empty", "end_turn", None),
        ("wrong_json", "end_turn", '{"unexpected":true}'),
        ("not_json", "end_turn", "Here is what you asked for: "),
    ],
)
def test_unusable_output_is_billed_and_delivered(
    server: StandIn, client: anthropic.Anthropic, name: str, stop_reason: str, text: str | None
) -> None:
    server.next(name)

    message = whole(client)

    assert message.stop_reason == stop_reason
    if text is None:
        assert message.content == []
    else:
        assert message.content[0].type == "text"
        assert message.content[0].text.startswith(text)
    assert (message.stop_details is not None) == (name == "refused")
    call = server.calls[0]
    assert call.used is not None
    assert (call.used.output, call.is_delivered) == (message.usage.output_tokens, True)


def test_answer_longer_than_max_tokens_is_cut_off(server: StandIn, client: anthropic.Anthropic) -> None:
    server.answers({"output_tokens": 500})

    message = client.messages.create(**request(max_tokens=100))

    assert (message.stop_reason, message.usage.output_tokens) == ("max_tokens", 100)
    assert message.content[0].type == "text"
    assert len(message.content[0].text) == 400
