"""Streamed answers: assembly, errors and progress."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

import pytest

from agents.llm.anthropic.client import AnthropicClient
from agents.llm.anthropic.messages import reply_of
from agents.llm.anthropic.stream import streamed_message
from agents.llm.base import LLMError, ProviderAccountError, RequestRejected, TransientError
from agents.llm.progress import ProgressChannel
from dev.standin import Fault, StandIn, faults
from tests.llm.requests import REQUEST, answered, events_of, message

START, BLOCK, BLOCK_END, DELTA, STOP = events_of(message("One"))


@dataclass(frozen=True)
class Event:
    event: str | None
    data: str


def text(piece: str, index: int = 0) -> dict[str, Any]:
    delta = {"type": "text_delta", "text": piece}
    return {"type": "content_block_delta", "index": index, "delta": delta}


def assemble(
    events: Iterable[Mapping[str, Any] | Event], clock: Callable[[], float] = time.monotonic
) -> tuple[dict[str, Any], list[str]]:
    """Return the message and the reported texts."""

    async def sent() -> AsyncIterator[Event]:
        for event in events:
            yield event if isinstance(event, Event) else Event(event["type"], json.dumps(event))

    texts: list[str] = []
    return asyncio.run(streamed_message(sent(), texts.append, clock=clock)), texts


def test_text_deltas_add_up_and_other_events_are_ignored() -> None:
    thinking = {"type": "thinking", "thinking": "", "signature": ""}
    reply = reply_of(
        assemble(
            [
                Event("ping", "{}"),
                START,
                {"type": "content_block_start", "index": 0, "content_block": thinking},
                {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta"}},
                {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
                text("One and", 1),
                Event("news", "not even JSON"),
                Event(None, "{}"),
                text(" two.", 1),
                DELTA,
                STOP,
            ]
        )[0]
    )

    assert (reply.text, reply.model, reply.stop_reason) == ("One and two.", "claude-haiku-5-5", "end_turn")


def test_last_usage_counts_win() -> None:
    usage = {"output_tokens": 500, "input_tokens": None}

    reply = reply_of(assemble([START, BLOCK, {**DELTA, "usage": usage}, STOP])[0])

    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (11, 500)
    assert (reply.usage.cache_read_tokens, reply.usage.cache_write_tokens) == (33, 44)


def test_truncated_stream_is_an_error() -> None:
    whole = [START, BLOCK, text(" more"), BLOCK_END, DELTA, STOP]
    assert reply_of(assemble(whole)[0]).text == "One more"

    for end in range(len(whole)):
        with pytest.raises(TransientError) as caught:
            assemble(whole[:end])
        assert caught.value.code == "bad_response"


@pytest.mark.parametrize(
    "events",
    [
        [BLOCK, DELTA, STOP],
        [START, START, BLOCK, DELTA, STOP],
        [{**START, "message": START["message"] | {"stop_reason": "end_turn"}}, BLOCK, STOP],
        [START, text("One"), DELTA, STOP],
        [START, {**BLOCK, "index": 1}, DELTA, STOP],
        [START, BLOCK, text(5), DELTA, STOP],  # type: ignore[arg-type]
        [START, BLOCK, {**DELTA, "usage": None}, STOP],
        [{**START, "message": "One"}, STOP],
        [START, BLOCK, Event("message_delta", "{"), STOP],
        [START, BLOCK, Event("message_delta", "[1]"), STOP],
    ],
)
def test_events_out_of_order_are_an_error(events: list[Any]) -> None:
    with pytest.raises(TransientError) as caught:
        reply_of(assemble(events)[0])

    assert caught.value.code == "bad_response"


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        ({"type": "overloaded_error", "message": "Overloaded"}, TransientError, "overloaded"),
        ({"type": "rate_limit_error", "message": "Slowly."}, TransientError, "rate_limited"),
        ({"type": "api_error"}, TransientError, "server_error"),
        ({"type": "timeout_error"}, TransientError, "server_error"),
        ({"type": "invalid_request_error"}, RequestRejected, "bad_request"),
        ({"type": "authentication_error"}, ProviderAccountError, "authentication"),
        (
            {"type": "rate_limit_error", "details": {"error_code": "enforced_spend_limit_reached"}},
            ProviderAccountError,
            "billing",
        ),
        ({"type": "surprise_error"}, TransientError, "bad_response"),
        ({"type": ["odd"]}, TransientError, "bad_response"),
        ("odd", TransientError, "bad_response"),
    ],
)
def test_error_event_maps_to_its_error(error: Any, kind: type[LLMError], code: str) -> None:
    with pytest.raises(kind) as caught:
        assemble([START, BLOCK, {"type": "error", "error": error}])

    assert caught.value.code == code
    assert caught.value.message.endswith((".", "Overloaded", "no explanation"))


def test_endless_stream_is_an_error() -> None:
    def endless() -> Iterator[Mapping[str, Any]]:
        yield START
        yield BLOCK
        while True:
            yield text("tide " * 20_000)

    with pytest.raises(TransientError, match="not a message"):
        assemble(endless())


def test_progress_is_reported_at_first_byte_and_then_once_a_second() -> None:
    times = iter([10.0, 10.1, 10.9, 11.0, 11.0, 11.5, 12.2, 12.2])
    pieces = [" two", " three", " four", " five", " six"]

    _, texts = assemble([START, BLOCK, *map(text, pieces), DELTA, STOP], lambda: next(times))

    assert [len(said.split()) for said in texts] == [0, 4, 6]
    assert texts[1].endswith(" two three four")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.stream_error, "overloaded"),
        (faults.cut, "bad_response"),
        (faults.ended, "bad_response"),
        (faults.reset_late, "bad_response"),
    ],
)
def test_broken_answer_keeps_its_headers(
    server: StandIn, client: AnthropicClient, fault: Fault, code: str
) -> None:
    server.limits(rpm=60)
    server.next(fault)

    with pytest.raises(TransientError) as caught:
        client.complete(REQUEST)

    assert caught.value.code == code
    assert caught.value.request_id == server.calls[0].request_id
    assert caught.value.rate_limit_headers["anthropic-ratelimit-requests-limit"] == "60"


def test_timeout_during_an_answer_keeps_the_request_id(server: StandIn, client: AnthropicClient) -> None:
    server.latency(token_s=0.1)

    with pytest.raises(TransientError) as caught:
        client.complete(replace(REQUEST, timeout_s=0.3))

    assert (caught.value.code, caught.value.request_id) == ("timeout", server.calls[0].request_id)
    assert 300 <= caught.value.latency_ms < 1000


def test_progress_callback_runs_in_the_callers_thread(server: StandIn, client: AnthropicClient) -> None:
    reports: list[tuple[str, str]] = []

    client.complete(REQUEST, lambda said: reports.append((said, threading.current_thread().name)))

    assert reports == [("", threading.current_thread().name)]


def test_slow_callback_gets_the_first_and_the_newest_text() -> None:
    channel, answer = ProgressChannel(), Future[str]()
    texts: list[str] = []
    for said in ("", "Two", "Two words"):
        channel.send(said)
    answer.set_result("")

    channel.deliver(texts.append, answer, time.monotonic() + 5)

    assert texts == ["", "Two words"]


def test_slow_callback_does_not_delay_other_calls(server: StandIn, client: AnthropicClient) -> None:
    is_called, may_return = threading.Event(), threading.Event()

    def block(said: str) -> None:
        is_called.set()
        may_return.wait(30)

    slow = threading.Thread(target=client.complete, args=(REQUEST, block))
    slow.start()
    assert is_called.wait(10)

    client.complete(REQUEST)

    assert slow.is_alive()
    may_return.set()
    slow.join(10)
    assert not slow.is_alive()


def test_exception_of_the_callback_ends_the_call(server: StandIn, client: AnthropicClient) -> None:
    def refuse(said: str) -> None:
        raise TimeoutError("The database is away.")

    server.latency(token_s=0.3)
    started = time.monotonic()

    with pytest.raises(TimeoutError, match="database"):
        client.complete(REQUEST, refuse)

    assert time.monotonic() - started < 1.8


def test_invalid_message_reports_no_progress(server: StandIn, client: AnthropicClient) -> None:
    texts: list[str] = []
    server.next(faults.html, answered(message("x") | {"model": 5}), faults.overloaded)

    for _ in range(3):
        with pytest.raises(TransientError):
            client.complete(REQUEST, texts.append)

    # Only the second answer begins like a message.
    assert texts == [""]
