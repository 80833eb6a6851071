"""What the real API refuses is refused here, before any work and at no cost."""

from __future__ import annotations

from typing import Any

import anthropic
import pytest

from dev.standin import KEY, StandIn
from dev.standin.tests.asking import request, to_count


def schema(**properties: Any) -> dict[str, Any]:
    return {
        "format": {
            "type": "json_schema",
            "schema": {
                "type": "object",
                "properties": properties,
                "required": list(properties),
                "additionalProperties": False,
            },
        }
    }


def optional(count: int) -> dict[str, Any]:
    made = schema(**{f"p{n}": {"type": "string"} for n in range(count)})
    made["format"]["schema"]["required"] = []
    return made


def unions(count: int) -> dict[str, Any]:
    return schema(**{f"p{n}": {"type": ["string", "null"]} for n in range(count)})


def marked(*lives: str) -> list[dict[str, Any]]:
    return [
        {"type": "text", "text": f"Part {n}.", "cache_control": {"type": "ephemeral", "ttl": life}}
        for n, life in enumerate(lives)
    ]


USER, ASSISTANT = {"role": "user", "content": "Hello."}, {"role": "assistant", "content": "{"}
RECURSIVE = {
    "type": "object",
    "properties": {"child": {"$ref": "#/$defs/node"}},
    "required": ["child"],
    "additionalProperties": False,
    "$defs": {
        "node": {
            "type": "object",
            "properties": {"child": {"$ref": "#/$defs/node"}},
            "required": ["child"],
            "additionalProperties": False,
        }
    },
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"extra_body": {"temperature": 0.5}}, "`temperature` is deprecated"),
        ({"extra_body": {"top_p": 0.5}}, "`top_p` is deprecated"),
        ({"extra_body": {"top_k": 5}}, "`top_k` is deprecated"),
        ({"extra_body": {"surprise": 1}}, "surprise: Extra inputs are not permitted"),
        ({"messages": [USER, ASSISTANT]}, "does not support assistant message prefill"),
        ({"messages": [ASSISTANT, USER]}, 'must use the "user" role'),
        ({"messages": []}, "at least one message is required"),
        ({"messages": [{"role": "user", "content": ""}]}, "must be non-empty"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]}, "must be non-empty"),
        ({"system": marked("5m", "5m", "5m", "5m", "5m")}, "A maximum of 4 blocks .* Found 5"),
        ({"system": marked("5m", "1h")}, "must not come after"),
        ({"max_tokens": 128_001}, "128001 > 128000"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"thinking": {"type": "between_tools"}}, '"thinking.type.between_tools" is not supported'),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 2000}},
            '"thinking.type.enabled" is not supported',
        ),
        ({"output_config": {"effort": "xhigh"}}, "not supported at effort"),
        ({"output_config": {"effort": "enormous"}}, "effort"),
        (
            {"output_config": schema(n={"type": "integer", "minimum": 1})},
            "property 'minimum' is not supported",
        ),
        (
            {"output_config": schema(n={"type": "integer", "minimum": 1, "maximum": 9})},
            "properties maximum, minimum are not supported",
        ),
        ({"output_config": schema(s={"type": "string", "minLength": 1})}, "minLength"),
        ({"output_config": schema(s={"type": "string", "format": "colour"})}, "format 'colour'"),
        (
            {"output_config": schema(a={"type": "array", "items": {"type": "null"}, "maxItems": 3})},
            "maxItems",
        ),
        (
            {"output_config": schema(a={"type": "array", "items": {"type": "null"}, "minItems": 2})},
            "minItems",
        ),
        ({"output_config": schema(a={"oneOf": [{"type": "null"}]})}, "oneOf"),
        ({"output_config": schema(a={})}, "must have a 'type'"),
        ({"output_config": schema(o={"type": "object", "properties": {}})}, "additionalProperties"),
        (
            {"output_config": schema(r={"$ref": "https://example.com/schema"})},
            "definition in the same schema",
        ),
        ({"output_config": {"format": {"type": "json_schema", "schema": RECURSIVE}}}, "Recursive"),
        ({"output_config": optional(25)}, r"too many optional parameters \(25\)"),
        ({"output_config": unions(17)}, r"union types \(17"),
        ({"output_config": {"format": {"type": "text"}}}, "json_schema"),
    ],
)
def test_bad_request_is_refused_and_costs_nothing(
    server: StandIn, client: anthropic.Anthropic, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(anthropic.BadRequestError, match=said) as caught:
        client.messages.create(**(request() | change))

    assert caught.value.type == "invalid_request_error"
    assert caught.value.request_id == server.calls[0].request_id
    assert server.log.billed == []


@pytest.mark.parametrize(
    "change",
    [
        {"output_config": optional(24)},
        {"output_config": unions(16)},
        {"system": marked("1h", "1h", "5m", "5m")},
        {"output_config": {"effort": "high"}},
        {"output_config": schema(a={"type": "array", "items": {"type": "null"}, "minItems": 1})},
        {"max_tokens": 128_000},
        {"messages": [USER, ASSISTANT, USER]},
    ],
)
def test_what_is_just_allowed_passes(client: anthropic.Anthropic, change: dict[str, Any]) -> None:
    assert client.messages.create(**(request() | change)).stop_reason == "end_turn"


@pytest.mark.parametrize("thinking", [{"type": "disabled"}, {"type": "between_tools"}])
def test_model_that_always_thinks_cannot_be_told_not_to(client: anthropic.Anthropic, thinking: Any) -> None:
    with pytest.raises(anthropic.BadRequestError, match="is not supported for this model"):
        client.messages.create(**request(model="claude-opus-5-5", thinking=thinking))


def test_retired_model_is_not_found(server: StandIn, client: anthropic.Anthropic) -> None:
    server.model("claude-haiku-5-5", lifecycle="retired")

    with pytest.raises(anthropic.NotFoundError, match="model: claude-haiku-5-5") as caught:
        client.messages.create(**request())

    assert caught.value.type == "not_found_error"
    assert server.log.billed == []


def test_unknown_model_is_not_found(client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.NotFoundError, match="model: claude-nobody"):
        client.messages.create(**request(model="claude-nobody"))


def test_wrong_key_is_refused_on_every_path(server: StandIn) -> None:
    with anthropic.Anthropic(api_key="another", base_url=server.url, max_retries=0) as client:
        for ask in (
            lambda: client.messages.create(**request()),
            lambda: client.messages.count_tokens(**to_count(request())),
            lambda: client.models.list(),
            lambda: client.messages.batches.list(),
        ):
            with pytest.raises(anthropic.AuthenticationError, match="invalid x-api-key"):
                ask()

    assert [call.status for call in server.log.calls] == [401] * 4


def test_key_may_come_in_either_header(server: StandIn) -> None:
    with anthropic.Anthropic(
        api_key=None, base_url=server.url, default_headers={"x-api-key": KEY, "authorization": ""}
    ) as client:
        assert client.models.retrieve("claude-haiku-5-5").id == "claude-haiku-5-5"


def test_request_over_32_megabytes_is_too_large(client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.ContentTooLargeError) as caught:
        client.messages.create(**request("x" * (32 * 2**20)))

    assert caught.value.status_code == 413
    assert client.messages.create(**request()).stop_reason == "end_turn"


def test_prompt_over_the_context_window_is_too_long(client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.BadRequestError, match="prompt is too long: 1000039 tokens > 1000000"):
        client.messages.create(**request("x" * 4_000_000, system="xxxxxxxx"))


def test_path_that_is_not_there_is_not_found(client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.NotFoundError):
        client.get("/v1/nothing", cast_to=object)
