from __future__ import annotations

from collections.abc import Iterator

import anthropic
import pytest

from dev.standin import KEY, StandIn


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def client(server: StandIn) -> Iterator[anthropic.Anthropic]:
    """Return the SDK in strict mode: a response in another form than its types is an error."""
    with anthropic.Anthropic(
        api_key=KEY, base_url=server.url, max_retries=0, timeout=10, _strict_response_validation=True
    ) as client:
        yield client
