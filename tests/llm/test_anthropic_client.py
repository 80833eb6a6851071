from __future__ import annotations

import email.utils
import time
from dataclasses import replace
from typing import Any

import pytest

from agents.llm.anthropic.client import AnthropicClient
from agents.llm.base import (
    LLMError,
    ProviderAccountError,
    RequestRejected,
    TransientError,
    UnusableReply,
    Usage,
)
from dev.standin import KEY, Fault, StandIn, faults, reply, status
from dev.standin.instruments.faults import cut, ended, reset
from tests.llm.requests import REQUEST, answered, message


def test_reply_has_text_model_usage_and_request_id(server: StandIn, client: AnthropicClient) -> None:
    answer = client.complete(REQUEST)

    assert answer.text == '{"content": "A quiet word."}'
    assert answer.model == "claude-haiku-5-5"
    assert answer.usage == Usage(input_tokens=33, output_tokens=7)
    assert (answer.stop_reason, answer.is_mock) == ("end_turn", False)
    assert answer.request_id == server.calls[0].request_id
    assert 0 <= answer.latency_ms < 10_000


def test_second_call_reads_the_instructions_from_the_cache(server: StandIn, client: AnthropicClient) -> None:
    request = replace(REQUEST, system="x" * 4000)

    first, second = client.complete(request).usage, client.complete(request).usage

    assert first == Usage(input_tokens=2, output_tokens=7, cache_write_tokens=1028)
    assert second == Usage(input_tokens=2, output_tokens=7, cache_read_tokens=1028)
    assert second.total == 1037


def test_request_has_the_arguments_of_the_api(server: StandIn, client: AnthropicClient) -> None:
    client.complete(REQUEST)

    body = server.calls[0].body
    assert body["system"] == [{"type": "text", "text": "You write.", "cache_control": {"type": "ephemeral"}}]
    assert body["messages"] == [{"role": "user", "content": "Write."}]
    assert body["output_config"] == {"format": {"type": "json_schema", "schema": REQUEST.schema}}
    assert body["thinking"] == {"type": "disabled"}
    assert body["max_tokens"] == 1000
    assert body["stream"] is True
    assert not {"temperature", "top_p", "top_k"} & set(body)


@pytest.mark.parametrize(
    ("model", "thinking", "max_tokens"),
    [
        ("claude-haiku-5-5", {"type": "disabled"}, 1000),
        ("claude-sonnet-5-5", {"type": "between_tools"}, 1000),
        ("claude-opus-5-5", None, 9192),
        ("claude-fable-5-1", None, 9192),
    ],
)
def test_thinking_is_off_or_gets_extra_tokens(
    server: StandIn, client: AnthropicClient, model: str, thinking: Any, max_tokens: int
) -> None:
    client.complete(replace(REQUEST, model=model))

    assert server.calls[0].body.get("thinking") == thinking
    assert server.calls[0].body["max_tokens"] == max_tokens


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (status(429), TransientError, "rate_limited"),
        (status(529, kind="overloaded_error"), TransientError, "overloaded"),
        (status(500), TransientError, "server_error"),
        (status(503), TransientError, "server_error"),
        (status(408), TransientError, "timeout"),
        (status(409), TransientError, "conflict"),
        (status(301, location="http://127.0.0.1:9/elsewhere"), TransientError, "bad_response"),
        (reset, TransientError, "connection"),
        (cut, TransientError, "bad_response"),
        (ended, TransientError, "bad_response"),
        (faults.html, TransientError, "bad_response"),
        (faults.spend_limit_tier, ProviderAccountError, "billing"),
        (faults.spend_limit_own, ProviderAccountError, "billing"),
        (faults.credit_low, ProviderAccountError, "billing"),
        (
            status(400, message="You have reached your specified workspace API usage limits."),
            ProviderAccountError,
            "billing",
        ),
        (
            status(400, message="messages.0: “Your credit balance is too low” is no text."),
            RequestRejected,
            "bad_request",
        ),
        (faults.truncated, UnusableReply, "truncated"),
        (faults.refused, UnusableReply, "refused"),
        (faults.empty, UnusableReply, "empty_output"),
        (
            reply("<html>Sign in to the hotel</html>", content_type="text/html"),
            TransientError,
            "bad_response",
        ),
        (reply('{"type": "message", "content": [{"ty'), TransientError, "bad_response"),
        (reply([1, 2]), TransientError, "bad_response"),
        (reply("null"), TransientError, "bad_response"),
        (reply(message("{}")), TransientError, "bad_response"),
        (answered(message("{}") | {"type": "completion"}), TransientError, "bad_response"),
        (answered(message("{}") | {"usage": None}), TransientError, "bad_response"),
        (answered(message("{}") | {"usage": {"input_tokens": "many"}}), TransientError, "bad_response"),
        (
            answered(message("{}") | {"usage": {"input_tokens": -1, "output_tokens": 1}}),
            TransientError,
            "bad_response",
        ),
        (
            answered(message("{}") | {"usage": {"input_tokens": 2**31, "output_tokens": 1}}),
            TransientError,
            "bad_response",
        ),
        (answered(message("{}") | {"stop_reason": None}), TransientError, "bad_response"),
        (
            answered(message("{}") | {"content": [{"type": "text", "text": 5}]}),
            TransientError,
            "bad_response",
        ),
        (status(400, kind="invalid_request_error"), RequestRejected, "bad_request"),
        (status(422), RequestRejected, "bad_request"),
        (status(413, kind="request_too_large"), RequestRejected, "payload_too_large"),
        (status(401, kind="authentication_error"), ProviderAccountError, "authentication"),
        (status(403, kind="permission_error"), ProviderAccountError, "permission"),
        (status(400, error_code="organization_on_hold"), ProviderAccountError, "permission"),
        (status(402, kind="billing_error"), ProviderAccountError, "billing"),
        (status(429, error_code="enforced_spend_limit_reached"), ProviderAccountError, "billing"),
        (status(404, kind="not_found_error"), ProviderAccountError, "model_not_found"),
        (answered(message("", stop_reason="refusal")), UnusableReply, "refused"),
        (answered(message("{", stop_reason="max_tokens")), UnusableReply, "truncated"),
        (answered(message("{", stop_reason="model_context_window_exceeded")), UnusableReply, "truncated"),
        (answered(message("{}", stop_reason="tool_use")), UnusableReply, "invalid_output"),
        (answered(message("")), UnusableReply, "empty_output"),
        (answered(message("  \n ")), UnusableReply, "empty_output"),
    ],
)
def test_each_fault_has_its_error_code(
    server: StandIn, client: AnthropicClient, fault: Fault, kind: type[LLMError], code: str
) -> None:
    server.next(fault)

    with pytest.raises(kind) as caught:
        client.complete(REQUEST)

    assert caught.value.code == code
    assert caught.value.message.endswith(".")
    assert KEY not in caught.value.message
    assert len(server.calls) == 1
    if kind is not TransientError or code in {"rate_limited", "overloaded", "server_error"}:
        assert caught.value.request_id == server.calls[0].request_id


def test_client_works_after_every_fault(server: StandIn, client: AnthropicClient) -> None:
    for fault in (reset, cut, status(500), reply("no json")):
        server.next(fault)
        with pytest.raises(TransientError):
            client.complete(REQUEST)

        assert client.complete(REQUEST).text == '{"content": "A quiet word."}'


def test_unusable_reply_keeps_its_usage(server: StandIn, client: AnthropicClient) -> None:
    server.next(answered(message("{", stop_reason="max_tokens")))

    with pytest.raises(UnusableReply) as caught:
        client.complete(REQUEST)

    assert caught.value.reply is not None
    assert caught.value.reply.usage.total == 110
    assert caught.value.reply.stop_reason == "max_tokens"


@pytest.mark.parametrize(
    ("name", "may_be_billed"),
    [
        ("reset", True),
        ("reset_late", True),
        ("cut", True),
        ("ended", True),
        ("stream_error", True),
        ("html", True),
        ("overloaded", False),
        ("rate_limited", False),
        ("billing", False),
        ("gateway_timeout", False),
    ],
)
def test_lost_answer_may_be_billed(
    server: StandIn, client: AnthropicClient, name: str, may_be_billed: bool
) -> None:
    server.next(name)

    with pytest.raises(LLMError) as failure:
        client.complete(REQUEST)

    assert failure.value.may_be_billed is may_be_billed


def test_unsent_request_is_not_billed() -> None:
    # No server listens on the discard port.
    client = AnthropicClient(KEY, base_url="http://127.0.0.1:9")

    with pytest.raises(TransientError) as failure:
        client.complete(REQUEST)

    client.close()
    assert (failure.value.code, failure.value.may_be_billed) == ("connection", False)


def test_text_comes_from_text_blocks_only(server: StandIn, client: AnthropicClient) -> None:
    content = [
        {"type": "thinking", "thinking": "Hm.", "signature": "s"},
        {"type": "text", "text": '{"content":'},
        {"type": "text", "text": ' "Yes."}'},
    ]
    server.next(answered(message("x") | {"content": content}))

    assert client.complete(REQUEST).text == '{"content": "Yes."}'


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after": "9", "retry_after_ms": "250"}, 0.25),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "-3"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({}, None),
    ],
)
def test_retry_after_is_parsed(
    server: StandIn, client: AnthropicClient, headers: dict[str, str], expected: float | None
) -> None:
    server.next(status(429, **headers))

    with pytest.raises(TransientError) as caught:
        client.complete(REQUEST)

    assert caught.value.retry_after_s == expected


def test_retry_after_as_a_date_counts_from_now(server: StandIn, client: AnthropicClient) -> None:
    server.next(status(529, retry_after=email.utils.formatdate(time.time() + 60, usegmt=True)))

    with pytest.raises(TransientError) as caught:
        client.complete(REQUEST)

    assert caught.value.retry_after_s == pytest.approx(60, abs=3)


def test_text_that_cannot_be_encoded_is_rejected(server: StandIn, client: AnthropicClient) -> None:
    with pytest.raises(RequestRejected) as caught:
        client.complete(replace(REQUEST, user="\ud800"))

    assert caught.value.code == "bad_request"
    assert server.calls == []


@pytest.mark.parametrize("fault", [None, status(400), faults.truncated])
def test_rate_limit_headers_are_in_reply_and_error(
    server: StandIn, client: AnthropicClient, fault: Fault | None
) -> None:
    server.limits(rpm=60, itpm=90_000, otpm=30_000)
    if fault:
        server.next(fault)

    try:
        headers = client.complete(REQUEST).rate_limit_headers
    except LLMError as error:
        headers = error.rate_limit_headers

    limits = {name: headers[name] for name in headers if name.endswith("-limit")}
    assert limits == {
        "anthropic-ratelimit-requests-limit": "60",
        "anthropic-ratelimit-input-tokens-limit": "90000",
        "anthropic-ratelimit-output-tokens-limit": "30000",
        "anthropic-ratelimit-tokens-limit": "120000",
    }
    assert headers["anthropic-ratelimit-requests-remaining"] in {"59", "60"}
    assert all(name.startswith("anthropic-ratelimit-") for name in headers)


def test_rate_limit_headers_are_empty_without_an_answer(server: StandIn, client: AnthropicClient) -> None:
    server.next(reset)

    with pytest.raises(TransientError) as caught:
        client.complete(REQUEST)

    assert caught.value.rate_limit_headers == {}
