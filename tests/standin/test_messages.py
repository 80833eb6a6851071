"""Messages as the SDK reads them, in strict mode."""

from __future__ import annotations

import json

import anthropic
import jsonschema
import pytest

from dev.standin import StandIn
from tests.standin.requests import SCHEMA, request


def text_of(message: anthropic.types.Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


@pytest.mark.parametrize("thinking", [None, {"type": "disabled"}])
def test_whole_message_equals_streamed_message(
    server: StandIn, client: anthropic.Anthropic, thinking: dict[str, str] | None
) -> None:
    whole = client.messages.create(**request(thinking=thinking))
    with client.messages.stream(**request(thinking=thinking)) as stream:
        streamed = stream.get_final_message()

    jsonschema.validate(json.loads(text_of(whole)), SCHEMA)
    assert text_of(streamed) == text_of(whole)
    assert streamed.stop_reason == whole.stop_reason == "end_turn"
    assert streamed.usage.output_tokens == whole.usage.output_tokens
    assert [block.type for block in streamed.content] == [block.type for block in whole.content]
    assert [call.status for call in server.calls] == [200, 200]


def test_stream_events_come_in_order(client: anthropic.Anthropic) -> None:
    events = [event.type for event in client.messages.create(**request(), stream=True)]

    assert events[:2] == ["message_start", "content_block_start"]
    assert set(events[2:-3]) == {"content_block_delta"}
    assert events[-3:] == ["content_block_stop", "message_delta", "message_stop"]


def test_thinking_is_billed_as_output(client: anthropic.Anthropic) -> None:
    message = client.messages.create(**request(thinking=None))

    assert [block.type for block in message.content] == ["thinking", "text"]
    assert message.usage.output_tokens >= 20 + len(text_of(message)) // 4


def test_output_beyond_max_tokens_is_cut_off(server: StandIn, client: anthropic.Anthropic) -> None:
    server.answers({"output_tokens": 500})

    message = client.messages.create(**request(max_tokens=100))

    assert (message.stop_reason, message.usage.output_tokens) == ("max_tokens", 100)
    assert len(text_of(message)) == 400
