"""Batches over a real socket: what goes up, what comes down, and what cannot be read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents.llm.anthropic.batches import AnthropicBatches
from agents.llm.anthropic.client import AnthropicClient
from agents.llm.anthropic.messages import batch_reply
from agents.llm.base import LineStopped, LLMError, RequestRejected, TransientError, UnusableReply
from agents.llm.batches import AnsweredClient
from dev.standin import StandIn, faults, reply, status
from tests.llm.requests import REQUEST
from tests.support.fake_llm import FakeLLM

QUESTIONS = {
    "a-1": REQUEST,
    "b-1": replace(REQUEST, user="Write again."),
    "c-2": replace(REQUEST, user="No."),
}


@pytest.fixture
def batches(client: AnthropicClient) -> AnthropicBatches:
    return AnthropicBatches(client)


def test_answers_come_back_by_name_and_in_another_order(server: StandIn, batches: AnthropicBatches) -> None:
    made = batches.create(QUESTIONS)

    results = list(batches.results(batches.look(made.id).id))

    assert sorted(result.custom_id for result in results) == ["a-1", "b-1", "c-2"]
    assert [result.custom_id for result in results] != list(QUESTIONS)
    assert {(result.outcome, result.is_final) for result in results} == {("succeeded", True)}
    answer = batch_reply(results[0].result)
    assert (answer.text, answer.is_batch, answer.stop_reason) == (
        '{"content": "A quiet word."}',
        True,
        "end_turn",
    )
    assert answer.request_id.startswith("msg_")
    billed = next(call for call in server.log.billed if call.custom_id == results[0].custom_id)
    assert billed.used is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (billed.used.input, billed.used.output)


def test_batch_is_under_way_until_it_has_ended(server: StandIn, batches: AnthropicBatches) -> None:
    server.latency(batch_s=100)
    made = batches.create(QUESTIONS)

    assert batches.look(made.id).is_ended is False
    batches.cancel(made.id)
    server.advance(100)
    ended = batches.look(made.id)

    assert (made.is_ended, ended.is_ended) == (False, True)
    assert {result.outcome for result in batches.results(made.id)} == {"canceled"}


def test_newest_go_back_as_far_as_is_asked(server: StandIn, batches: AnthropicBatches) -> None:
    old = batches.create(QUESTIONS)
    server.advance(3600)
    made = [batches.create(QUESTIONS).id for _ in range(101)]

    listed = [view.id for view in batches.newest(since=old.created_at + timedelta(minutes=1))]

    assert listed == made[::-1]


def test_outcomes_say_whether_asking_again_is_any_use(server: StandIn, batches: AnthropicBatches) -> None:
    server.next(
        status(400, message="Too long.").at("batch_item").containing("Write again."),
        faults.overloaded.at("batch_item").containing("No."),
        faults.expired,
    )

    results = {result.custom_id: result for result in batches.results(batches.create(QUESTIONS).id)}

    assert [(results[name].outcome, results[name].is_final) for name in QUESTIONS] == [
        ("expired", False),
        ("errored", True),
        ("errored", False),
    ]
    with pytest.raises(RequestRejected, match=r"Too long\."):
        batch_reply(results["b-1"].result)


def test_answer_that_was_cut_off_is_as_unusable_as_a_live_one(
    server: StandIn, batches: AnthropicBatches
) -> None:
    server.next(faults.truncated.at("batch_item"))
    (result,) = batches.results(batches.create({"a-1": REQUEST}).id)

    with pytest.raises(UnusableReply) as caught:
        batch_reply(result.result)

    assert caught.value.code == "truncated"
    assert caught.value.reply is not None
    assert caught.value.reply.is_batch is True


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (status(401), LineStopped, "authentication"),
        (status(413), RequestRejected, "payload_too_large"),
        (status(429), TransientError, "rate_limited"),
        (faults.reset, TransientError, "connection"),
        (faults.html, TransientError, "bad_response"),
        (reply({"type": "message"}), TransientError, "bad_response"),
        (reply([]), TransientError, "bad_response"),
    ],
)
def test_refusals_are_those_of_a_live_call(
    server: StandIn, batches: AnthropicBatches, fault: Any, error: type[LLMError], code: str
) -> None:
    server.next(fault.at("batches"))

    with pytest.raises(error) as caught:
        batches.create(QUESTIONS)

    assert caught.value.code == code


def test_lines_that_are_no_results_are_left_out(server: StandIn, batches: AnthropicBatches) -> None:
    good = '{"custom_id": "a-1", "result": {"type": "expired"}}'
    lines = [
        "{", "[]", "null", '{"custom_id": 7, "result": {"type": "expired"}}',
        r'{"custom_id": "b\u0000", "result": {"type": "expired"}}',
        '{"custom_id": "b", "result": {"type": "odd"}}', '{"custom_id": "b", "result": null}', "", good, good,
    ]  # fmt: skip
    server.next(reply("\n".join(lines), content_type="application/x-jsonl").at("batches"))

    assert [result.custom_id for result in batches.results("msgbatch_1")] == ["a-1", "a-1"]


@pytest.mark.parametrize("spoiled", ["model", "stop_reason"])
def test_answer_with_what_no_database_takes_is_none(spoiled: str) -> None:
    message = {
        "id": "msg_\x00", "type": "message", "model": REQUEST.model, "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "Yes."}], "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip
    assert batch_reply(json.dumps({"type": "succeeded", "message": message})).request_id == ""

    message[spoiled] = "a\x00b"

    with pytest.raises(TransientError, match="not a message"):
        batch_reply(json.dumps({"type": "succeeded", "message": message}))


def test_key_goes_to_no_address_that_an_answer_names(server: StandIn, batches: AnthropicBatches) -> None:
    with StandIn() as elsewhere:
        view = {
            "id": "msgbatch_1", "type": "message_batch", "processing_status": "ended",
            "created_at": datetime.now(UTC).isoformat(), "results_url": f"{elsewhere.url}/results",
        }  # fmt: skip
        server.next(reply(view).at("batches"), reply("").at("batches"))

        assert list(batches.results(batches.look("msgbatch_1").id)) == []

        assert elsewhere.log.calls == []


@pytest.fixture
def live() -> FakeLLM:
    return FakeLLM()


def test_first_answer_is_the_one_that_came_and_later_ones_are_asked_for(live: FakeLLM) -> None:
    first = live.reply("first")
    client = AnsweredClient(lambda: first, live)

    assert client.complete(REQUEST) is first
    assert live.requests == []
    client.complete(REQUEST)
    assert live.requests == [REQUEST]
