"""Batches over a real socket: requests, results and invalid answers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents.llm.anthropic.batches import AnthropicBatches
from agents.llm.anthropic.client import AnthropicClient
from agents.llm.anthropic.messages import batch_reply
from agents.llm.base import LLMError, ProviderAccountError, RequestRejected, TransientError, UnusableReply
from agents.llm.batches import AnsweredClient
from dev.standin import StandIn, faults, reply, status
from tests.llm.requests import REQUEST
from tests.support.fake_llm import FakeLLM

REQUESTS = {
    "a-1": REQUEST,
    "b-1": replace(REQUEST, user="Write again."),
    "c-2": replace(REQUEST, user="No."),
}


@pytest.fixture
def batches(client: AnthropicClient) -> AnthropicBatches:
    return AnthropicBatches(client)


def test_results_come_back_by_custom_id_in_any_order(server: StandIn, batches: AnthropicBatches) -> None:
    created = batches.create(REQUESTS)

    results = list(batches.results(batches.retrieve(created.id).id))

    assert sorted(result.custom_id for result in results) == ["a-1", "b-1", "c-2"]
    assert [result.custom_id for result in results] != list(REQUESTS)
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


def test_batch_is_in_progress_until_it_ends(server: StandIn, batches: AnthropicBatches) -> None:
    server.latency(batch_s=100)
    created = batches.create(REQUESTS)

    assert batches.retrieve(created.id).is_ended is False
    batches.cancel(created.id)
    server.advance(100)
    ended = batches.retrieve(created.id)

    assert (created.is_ended, ended.is_ended) == (False, True)
    assert {result.outcome for result in batches.results(created.id)} == {"canceled"}


def test_list_since_stops_at_its_date(server: StandIn, batches: AnthropicBatches) -> None:
    old = batches.create(REQUESTS)
    server.advance(3600)
    created = [batches.create(REQUESTS).id for _ in range(101)]

    listed = [view.id for view in batches.list_since(since=old.created_at + timedelta(minutes=1))]

    assert listed == created[::-1]


def test_result_tells_whether_a_retry_may_help(server: StandIn, batches: AnthropicBatches) -> None:
    server.next(
        status(400, message="Too long.").at("batch_item").containing("Write again."),
        faults.overloaded.at("batch_item").containing("No."),
        faults.expired,
    )

    results = {result.custom_id: result for result in batches.results(batches.create(REQUESTS).id)}

    assert [(results[name].outcome, results[name].is_final) for name in REQUESTS] == [
        ("expired", False),
        ("errored", True),
        ("errored", False),
    ]
    with pytest.raises(RequestRejected, match=r"Too long\."):
        batch_reply(results["b-1"].result)


def test_truncated_batch_answer_is_unusable_like_a_live_one(
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
        (status(401), ProviderAccountError, "authentication"),
        (status(413), RequestRejected, "payload_too_large"),
        (status(429), TransientError, "rate_limited"),
        (faults.reset, TransientError, "connection"),
        (faults.html, TransientError, "bad_response"),
        (reply({"type": "message"}), TransientError, "bad_response"),
        (reply([]), TransientError, "bad_response"),
    ],
)
def test_errors_are_those_of_a_live_call(
    server: StandIn, batches: AnthropicBatches, fault: Any, error: type[LLMError], code: str
) -> None:
    server.next(fault.at("batches"))

    with pytest.raises(error) as caught:
        batches.create(REQUESTS)

    assert caught.value.code == code


def test_invalid_result_lines_are_skipped(server: StandIn, batches: AnthropicBatches) -> None:
    good = '{"custom_id": "a-1", "result": {"type": "expired"}}'
    lines = [
        "{", "[]", "null", '{"custom_id": 7, "result": {"type": "expired"}}',
        r'{"custom_id": "b\u0000", "result": {"type": "expired"}}',
        '{"custom_id": "b", "result": {"type": "odd"}}', '{"custom_id": "b", "result": null}', "", good, good,
    ]  # fmt: skip
    server.next(reply("\n".join(lines), content_type="application/x-jsonl").at("batches"))

    assert [result.custom_id for result in batches.results("msgbatch_1")] == ["a-1", "a-1"]


@pytest.mark.parametrize("spoiled", ["model", "stop_reason"])
def test_answer_with_unstorable_text_is_rejected(spoiled: str) -> None:
    message = {
        "id": "msg_\x00", "type": "message", "model": REQUEST.model, "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "Yes."}], "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip
    assert batch_reply(json.dumps({"type": "succeeded", "message": message})).request_id == ""

    message[spoiled] = "a\x00b"

    with pytest.raises(TransientError, match="not a message"):
        batch_reply(json.dumps({"type": "succeeded", "message": message}))


def test_key_is_not_sent_to_an_address_in_an_answer(server: StandIn, batches: AnthropicBatches) -> None:
    with StandIn() as elsewhere:
        view = {
            "id": "msgbatch_1", "type": "message_batch", "processing_status": "ended",
            "created_at": datetime.now(UTC).isoformat(), "results_url": f"{elsewhere.url}/results",
        }  # fmt: skip
        server.next(reply(view).at("batches"), reply("").at("batches"))

        assert list(batches.results(batches.retrieve("msgbatch_1").id)) == []

        assert elsewhere.log.calls == []


@pytest.fixture
def live() -> FakeLLM:
    return FakeLLM()


def test_answered_client_asks_live_from_the_second_request_on(live: FakeLLM) -> None:
    first = live.reply("first")
    client = AnsweredClient(lambda: first, live)

    assert client.complete(REQUEST) is first
    assert live.requests == []
    client.complete(REQUEST)
    assert live.requests == [REQUEST]
