from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents.llm.anthropic.client import AnthropicClient
from dev.standin import KEY, StandIn
from tests.llm.requests import quiet_word


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn(answer=quiet_word) as server:
        yield server


@pytest.fixture
def client(server: StandIn) -> Iterator[AnthropicClient]:
    client = AnthropicClient(KEY, base_url=server.url)
    yield client
    client.close()
