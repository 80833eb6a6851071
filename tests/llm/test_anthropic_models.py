from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agents.llm.anthropic.client import AnthropicClient
from agents.llm.anthropic.models import ModelLifecycle, fetch_lifecycle
from agents.llm.base import ProviderAccountError, TransientError
from dev.standin import StandIn, reply


def test_lifecycle_has_stage_and_dates(server: StandIn, client: AnthropicClient) -> None:
    server.model(
        "claude-haiku-5-5",
        lifecycle="deprecated",
        deprecated_at="2027-01-02T00:00:00Z",
        retires_at="2027-03-04T05:00:00Z",
    )

    assert fetch_lifecycle(client, "claude-haiku-5-5") == ModelLifecycle(
        stage="deprecated",
        deprecated_at=datetime(2027, 1, 2, tzinfo=UTC),
        retires_at=datetime(2027, 3, 4, 5, tzinfo=UTC),
    )
    assert fetch_lifecycle(client, "claude-sonnet-5-5") == ModelLifecycle(
        stage="active", deprecated_at=None, retires_at=None
    )


def test_retired_model_is_known_and_unknown_name_is_an_error(
    server: StandIn, client: AnthropicClient
) -> None:
    assert fetch_lifecycle(client, "claude-opus-4-20250514").stage == "retired"

    with pytest.raises(ProviderAccountError) as error:
        fetch_lifecycle(client, "claude-nobody")
    assert error.value.code == "model_not_found"


@pytest.mark.parametrize(
    "payload", [{"id": "claude-haiku-5-5", "type": "model"}, {"lifecycle": "asleep"}, [], "hello"]
)
def test_answer_without_a_lifecycle_is_an_error(
    server: StandIn, client: AnthropicClient, payload: object
) -> None:
    server.next(reply(payload).at("models"))

    with pytest.raises(TransientError) as error:
        fetch_lifecycle(client, "claude-haiku-5-5")
    assert error.value.code == "bad_response"
