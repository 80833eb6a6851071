from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agents.llm.anthropic.client import AnthropicClient
from agents.llm.anthropic.models import ModelLife, ask_life
from agents.llm.base import LineStopped, TransientError
from dev.standin import StandIn, reply


def test_stage_comes_with_its_days(server: StandIn, client: AnthropicClient) -> None:
    server.model(
        "claude-haiku-5-5",
        lifecycle="deprecated",
        deprecated_at="2027-01-02T00:00:00Z",
        retires_at="2027-03-04T05:00:00Z",
    )

    assert ask_life(client, "claude-haiku-5-5") == ModelLife(
        stage="deprecated",
        deprecated_at=datetime(2027, 1, 2, tzinfo=UTC),
        retires_at=datetime(2027, 3, 4, 5, tzinfo=UTC),
    )
    assert ask_life(client, "claude-sonnet-5-5") == ModelLife(
        stage="active", deprecated_at=None, retires_at=None
    )


def test_retired_model_is_known_and_a_name_that_nobody_has_is_not(
    server: StandIn, client: AnthropicClient
) -> None:
    assert ask_life(client, "claude-opus-4-20250514").stage == "retired"

    with pytest.raises(LineStopped) as error:
        ask_life(client, "claude-nobody")
    assert error.value.code == "model_not_found"


@pytest.mark.parametrize(
    "said", [{"id": "claude-haiku-5-5", "type": "model"}, {"lifecycle": "asleep"}, [], "hello"]
)
def test_answer_that_does_not_say_is_no_answer(
    server: StandIn, client: AnthropicClient, said: object
) -> None:
    server.next(reply(said).at("models"))

    with pytest.raises(TransientError) as error:
        ask_life(client, "claude-haiku-5-5")
    assert error.value.code == "bad_response"
