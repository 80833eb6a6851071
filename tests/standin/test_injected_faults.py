"""Choice of the call that meets a fault."""

from __future__ import annotations

from collections import Counter
from typing import Any

import anthropic
import pytest

from dev.standin import StandIn, faults
from dev.standin.instruments.faults import InjectedFaults
from tests.standin.requests import batch_item, request


def status_of(client: anthropic.Anthropic, *args: Any) -> int:
    try:
        return client.messages.with_raw_response.create(**request(*args)).status_code
    except anthropic.APIStatusError as error:
        return error.status_code


def test_repeated_fault_meets_as_many_calls(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next(faults.overloaded.repeated(3))

    assert [status_of(client) for _ in range(5)] == [529, 529, 529, 200, 200]


def test_fault_waits_for_the_request_with_its_text(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next(faults.server_error.containing('the "salt"\ngate'))

    assert status_of(client) == 200
    assert status_of(client, 'Through the "salt"\ngate.') == 500
    assert status_of(client, 'Through the "salt"\ngate.') == 200


def test_other_paths_have_their_own_faults(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next(faults.unavailable.at("models"), faults.reset.at("batches"))

    with pytest.raises(anthropic.InternalServerError):
        client.models.retrieve("claude-haiku-5-5")
    with pytest.raises(anthropic.APIConnectionError):
        client.messages.batches.create(requests=[batch_item("a", request())])

    assert status_of(client) == 200
    assert client.models.retrieve("claude-haiku-5-5").id == "claude-haiku-5-5"


def test_random_faults_follow_seed_and_rate() -> None:
    def drawn(seed: int) -> list[str]:
        injected = InjectedFaults()
        injected.set_rates({"reset": 0.1, "refused": 0.2}, seed=seed)
        return [fault.name if (fault := injected.draw("messages")) else "" for _ in range(2000)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    counted = Counter(drawn(1))
    assert counted["reset"] == pytest.approx(200, abs=45)
    assert counted["refused"] == pytest.approx(400, abs=60)
