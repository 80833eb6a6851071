"""Malformed requests are refused before any work and at no cost."""

from __future__ import annotations

from typing import Any

import anthropic
import pytest

from dev.standin import StandIn
from tests.standin.requests import request

USER, ASSISTANT = {"role": "user", "content": "Hello."}, {"role": "assistant", "content": "{"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extra_body": {"temperature": 0.5}}, "temperature: Extra inputs are not permitted"),
        ({"messages": []}, "messages with text"),
        ({"messages": [USER, ASSISTANT]}, "end with a user message"),
        ({"max_tokens": -1}, "max_tokens"),
    ],
)
def test_malformed_request_is_refused(
    server: StandIn, client: anthropic.Anthropic, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(anthropic.BadRequestError, match=message) as caught:
        client.messages.create(**(request() | changes))

    assert caught.value.type == "invalid_request_error"
    assert caught.value.request_id == server.calls[0].request_id
    assert server.log.billed == []


def test_wrong_key_is_refused_on_every_path(server: StandIn) -> None:
    with anthropic.Anthropic(api_key="another", base_url=server.url, max_retries=0) as client:
        for call in (
            lambda: client.messages.create(**request()),
            lambda: client.models.retrieve("claude-haiku-5-5"),
            lambda: client.messages.batches.list(),
        ):
            with pytest.raises(anthropic.AuthenticationError, match="invalid x-api-key"):
                call()

    assert [call.status for call in server.log.calls] == [401] * 3


def test_retired_model_is_not_found(server: StandIn, client: anthropic.Anthropic) -> None:
    server.model("claude-haiku-5-5", lifecycle="retired")

    with pytest.raises(anthropic.NotFoundError, match="model: claude-haiku-5-5"):
        client.messages.create(**request())
