"""An answer comes in events. Only a whole one is an answer, and how far it is reaches who waits for it."""

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
from agents.llm.base import LineStopped, LLMError, RequestRejected, TransientError
from agents.llm.words import Words
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


def added_up(
    events: Iterable[Mapping[str, Any] | Event], clock: Callable[[], float] = time.monotonic
) -> tuple[dict[str, Any], list[int]]:
    """The message, and the words that were told on the way."""

    async def sent() -> AsyncIterator[Event]:
        for event in events:
            yield event if isinstance(event, Event) else Event(event["type"], json.dumps(event))

    told: list[int] = []
    return asyncio.run(streamed_message(sent(), told.append, clock=clock)), told


def test_pieces_of_text_add_up_and_other_events_are_passed_over() -> None:
    thinking = {"type": "thinking", "thinking": "", "signature": ""}
    reply = reply_of(
        added_up(
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


def test_last_counts_are_the_ones_that_were_billed() -> None:
    usage = {"output_tokens": 500, "input_tokens": None}

    reply = reply_of(added_up([START, BLOCK, {**DELTA, "usage": usage}, STOP])[0])

    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (11, 500)
    assert (reply.usage.cache_read_tokens, reply.usage.cache_write_tokens) == (33, 44)


def test_no_part_of_a_stream_is_an_answer() -> None:
    whole = [START, BLOCK, text(" more"), BLOCK_END, DELTA, STOP]
    assert reply_of(added_up(whole)[0]).text == "One more"

    for end in range(len(whole)):
        with pytest.raises(TransientError) as caught:
            added_up(whole[:end])
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
def test_events_that_do_not_fit_are_no_answer(events: list[Any]) -> None:
    with pytest.raises(TransientError) as caught:
        reply_of(added_up(events)[0])

    assert caught.value.code == "bad_response"


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        ({"type": "overloaded_error", "message": "Overloaded"}, TransientError, "overloaded"),
        ({"type": "rate_limit_error", "message": "Slowly."}, TransientError, "rate_limited"),
        ({"type": "api_error"}, TransientError, "server_error"),
        ({"type": "timeout_error"}, TransientError, "server_error"),
        ({"type": "invalid_request_error"}, RequestRejected, "bad_request"),
        ({"type": "authentication_error"}, LineStopped, "authentication"),
        (
            {"type": "rate_limit_error", "details": {"error_code": "enforced_spend_limit_reached"}},
            LineStopped,
            "billing",
        ),
        ({"type": "surprise_error"}, TransientError, "bad_response"),
        ({"type": ["odd"]}, TransientError, "bad_response"),
        ("odd", TransientError, "bad_response"),
    ],
)
def test_error_event_goes_by_its_type(error: Any, kind: type[LLMError], code: str) -> None:
    with pytest.raises(kind) as caught:
        added_up([START, BLOCK, {"type": "error", "error": error}])

    assert caught.value.code == code
    assert caught.value.message.endswith((".", "Overloaded", "no explanation"))


def test_stream_that_does_not_stop_is_no_answer() -> None:
    def endless() -> Iterator[Mapping[str, Any]]:
        yield START
        yield BLOCK
        while True:
            yield text("tide " * 20_000)

    with pytest.raises(TransientError, match="not a message"):
        added_up(endless())


def test_words_are_told_at_the_first_byte_and_then_once_a_second() -> None:
    times = iter([10.0, 10.1, 10.9, 11.0, 11.0, 11.5, 12.2, 12.2])
    pieces = [" two", " three", " four", " five", " six"]

    _, told = added_up([START, BLOCK, *map(text, pieces), DELTA, STOP], lambda: next(times))

    assert told == [0, 4, 6]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.stream_error, "overloaded"),
        (faults.cut, "bad_response"),
        (faults.ended, "bad_response"),
        (faults.reset_late, "bad_response"),
    ],
)
def test_answer_that_breaks_after_its_headers_keeps_what_they_said(
    server: StandIn, client: AnthropicClient, fault: Fault, code: str
) -> None:
    server.limits(rpm=60)
    server.next(fault)

    with pytest.raises(TransientError) as caught:
        client.complete(REQUEST)

    assert caught.value.code == code
    assert caught.value.request_id == server.calls[0].request_id
    assert caught.value.said["anthropic-ratelimit-requests-limit"] == "60"


def test_timeout_of_an_answer_that_has_begun_keeps_its_name(server: StandIn, client: AnthropicClient) -> None:
    server.latency(token_s=0.1)

    with pytest.raises(TransientError) as caught:
        client.complete(replace(REQUEST, timeout_s=0.3))

    assert (caught.value.code, caught.value.request_id) == ("timeout", server.calls[0].request_id)
    assert 300 <= caught.value.latency_ms < 1000


def test_words_are_told_in_the_callers_thread(server: StandIn, client: AnthropicClient) -> None:
    told: list[tuple[int, str]] = []

    client.complete(REQUEST, lambda words: told.append((words, threading.current_thread().name)))

    assert told == [(0, threading.current_thread().name)]


def test_who_is_slow_hears_the_first_number_and_then_the_newest() -> None:
    words, answer = Words(), Future[str]()
    told: list[int] = []
    for number in (0, 4, 9):
        words.tell(number)
    answer.set_result("")

    words.pass_on(told.append, answer, time.monotonic() + 5)

    assert told == [0, 9]


def test_who_is_told_may_be_slow_and_holds_up_nobody_else(server: StandIn, client: AnthropicClient) -> None:
    slow = threading.Thread(target=client.complete, args=(REQUEST, lambda words: time.sleep(0.8)))
    slow.start()
    time.sleep(0.1)
    started = time.monotonic()

    client.complete(REQUEST)

    assert time.monotonic() - started < 0.5
    assert slow.is_alive()
    slow.join()


def test_what_the_told_one_raises_ends_the_call_and_comes_out(
    server: StandIn, client: AnthropicClient
) -> None:
    def refuse(words: int) -> None:
        raise TimeoutError("The database is away.")

    server.latency(token_s=0.1)
    started = time.monotonic()

    with pytest.raises(TimeoutError, match="database"):
        client.complete(REQUEST, refuse)

    assert time.monotonic() - started < 0.6


def test_nothing_is_told_of_what_is_no_message(server: StandIn, client: AnthropicClient) -> None:
    told: list[int] = []
    server.next(faults.html, answered(message("x") | {"model": 5}), faults.overloaded)

    for _ in range(3):
        with pytest.raises(TransientError):
            client.complete(REQUEST, told.append)

    assert told == [0], "only the second one began as a message does"
