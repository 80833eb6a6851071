"""Every endpoint, asked through the SDK with its strict validation on: what comes back is of the API's form."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import anthropic
import jsonschema
import pytest

from dev.standin import KEY, StandIn
from dev.standin.tests.asking import LONG, SCHEMA, SCHEMA_TOKENS, as_item, request, to_count

# What a message says must not depend on how it was sent.
WAYS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5", "claude-fable-5-1", "claude-haiku-4-5")
THINKING = {"claude-haiku-5-5": {"type": "disabled"}, "claude-sonnet-5-5": {"type": "between_tools"}}


def asked_of(model: str) -> dict[str, Any]:
    return request(model=model, thinking=THINKING.get(model))


def text_of(message: anthropic.types.Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


@pytest.mark.parametrize("model", WAYS)
def test_message_comes_the_same_whole_and_streamed(
    server: StandIn, client: anthropic.Anthropic, model: str
) -> None:
    whole = client.messages.create(**asked_of(model))
    with client.messages.stream(**asked_of(model)) as stream:
        streamed = stream.get_final_message()

    jsonschema.validate(json.loads(text_of(whole)), SCHEMA)
    assert text_of(streamed) == text_of(whole)
    assert streamed.stop_reason == whole.stop_reason == "end_turn"
    assert streamed.usage.output_tokens == whole.usage.output_tokens
    assert [block.type for block in streamed.content] == [block.type for block in whole.content]
    assert [call.status for call in server.calls] == [200, 200]


def test_raw_events_come_in_the_api_s_order(client: anthropic.Anthropic) -> None:
    events = [event.type for event in client.messages.create(**request(), stream=True)]

    assert events[:2] == ["message_start", "content_block_start"]
    assert set(events[2:-3]) == {"content_block_delta"}
    assert events[-3:] == ["content_block_stop", "message_delta", "message_stop"]


def test_model_that_thinks_says_so_and_bills_it(client: anthropic.Anthropic) -> None:
    message = client.messages.create(**asked_of("claude-opus-5-5"))

    assert [block.type for block in message.content] == ["thinking", "text"]
    assert message.usage.output_tokens_details is not None
    thought = message.usage.output_tokens_details.thinking_tokens
    assert thought >= 20
    assert message.usage.output_tokens == thought + -(-len(text_of(message)) // 4)


def test_tokens_are_counted_as_they_are_billed(client: anthropic.Anthropic) -> None:
    counted = client.messages.count_tokens(**to_count(request()))
    usage = client.messages.create(**request()).usage

    assert counted.input_tokens == SCHEMA_TOKENS + len(LONG) // 4 + 2
    assert usage.input_tokens == 2
    assert usage.cache_creation_input_tokens == SCHEMA_TOKENS + len(LONG) // 4


def test_models_are_listed_and_shown(client: anthropic.Anthropic) -> None:
    listed = list(client.models.list(limit=2))
    shown = client.models.retrieve("claude-haiku-4-5")

    assert [model.id for model in listed][:2] == ["claude-haiku-5-5", "claude-sonnet-5-5"]
    assert len(listed) == 5
    assert shown.id == "claude-haiku-4-5-20251001"
    assert shown.display_name == "Claude Haiku 4.5"
    assert shown.capabilities is not None
    assert shown.capabilities.thinking.types.disabled.supported


def test_models_tell_how_far_they_are_in_their_life(server: StandIn, client: anthropic.Anthropic) -> None:
    server.model(
        "claude-haiku-5-5",
        lifecycle="deprecated",
        deprecated_at="2026-11-01T00:00:00Z",
        retires_at="2027-05-01T00:00:00Z",
    )
    server.model("claude-opus-5-5", lifecycle="retired")

    haiku = client.models.retrieve("claude-haiku-5-5")
    callable_now = {model.id for model in client.models.list()}
    retired = {model.id for model in client.models.list(lifecycle=["retired"])}

    assert (haiku.lifecycle, str(haiku.retires_at)[:10]) == ("deprecated", "2027-05-01")
    assert "claude-haiku-5-5" in callable_now
    assert "claude-opus-5-5" not in callable_now
    assert retired == {"claude-opus-5-5", "claude-opus-4-20250514"}
    assert client.models.retrieve("claude-opus-5-5").lifecycle == "retired"
    assert client.messages.create(**request()).stop_reason == "end_turn"


def test_batch_goes_through_all_its_endpoints(client: anthropic.Anthropic) -> None:
    batches = client.messages.batches
    made = batches.create(requests=[as_item(f"item-{n}", request(f"Write {n}.")) for n in range(5)])
    ended = batches.retrieve(made.id)
    results = {line.custom_id: line.result for line in batches.results(made.id)}
    listed = [batch.id for batch in batches.list()]
    deleted = batches.delete(made.id)

    assert (made.processing_status, made.request_counts.processing) == ("in_progress", 5)
    assert (ended.processing_status, ended.request_counts.succeeded) == ("ended", 5)
    assert set(results) == {f"item-{n}" for n in range(5)}
    for result in results.values():
        assert result.type == "succeeded"
        assert result.message.usage.service_tier == "batch"
    assert listed == [made.id]
    assert (deleted.id, deleted.type) == (made.id, "message_batch_deleted")


def test_batch_can_be_canceled(server: StandIn, client: anthropic.Anthropic) -> None:
    server.latency(batch_s=60, cancel_s=5)
    batch = client.messages.batches.create(requests=[as_item("a", request())])

    canceling = client.messages.batches.cancel(batch.id)

    assert canceling.processing_status == "canceling"
    assert canceling.cancel_initiated_at is not None


def test_all_of_it_holds_for_the_asynchronous_client_too(server: StandIn) -> None:
    async def walk() -> tuple[Any, ...]:
        async with anthropic.AsyncAnthropic(
            api_key=KEY,
            base_url=server.url,
            max_retries=0,
            http_client=anthropic.DefaultAioHttpClient(trust_env=False),
            _strict_response_validation=True,
        ) as client:
            whole = await client.messages.create(**request())
            async with client.messages.stream(**request()) as stream:
                streamed = await stream.get_final_message()
            counted = await client.messages.count_tokens(**to_count(request()))
            models = [model.id async for model in client.models.list()]
            shown = await client.models.retrieve(models[0])
            batches = client.messages.batches
            made = await batches.create(requests=[as_item("a", request())])
            ended = await batches.retrieve(made.id)
            results = [line.result.type async for line in await batches.results(made.id)]
            listed = [batch.id async for batch in batches.list()]
            await batches.delete(made.id)
            server.latency(batch_s=60)
            canceling = await batches.cancel((await batches.create(requests=[as_item("b", request())])).id)
        return whole, streamed, counted, models, shown, ended, results, listed == [made.id], canceling

    whole, streamed, counted, models, shown, ended, results, is_listed, canceling = asyncio.run(walk())

    assert text_of(streamed) == text_of(whole)
    assert counted.input_tokens == 1039
    assert len(models) == 5
    assert shown.id == "claude-haiku-5-5"
    assert (ended.processing_status, canceling.processing_status) == ("ended", "canceling")
    assert results == ["succeeded"]
    assert is_listed


@pytest.mark.parametrize("kind", ["truncated", "refused", "empty", "wrong_json", "not_json"])
def test_unusable_output_has_the_api_s_form_all_the_same(
    server: StandIn, client: anthropic.Anthropic, kind: str
) -> None:
    server.next(kind, kind)

    whole = client.messages.create(**request())
    with client.messages.stream(**request()) as stream:
        streamed = stream.get_final_message()

    assert text_of(streamed) == text_of(whole)
    assert streamed.stop_reason == whole.stop_reason
    assert streamed.usage.output_tokens == whole.usage.output_tokens >= 1
