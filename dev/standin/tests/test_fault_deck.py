"""Which call meets which fault."""

from __future__ import annotations

from collections import Counter
from typing import Any

import anthropic
import pytest

from dev.standin import StandIn, faults, status
from dev.standin.faults import FaultDeck
from dev.standin.tests.asking import as_item, request, to_count


def test_burst_strikes_as_many_calls_as_it_says(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next(faults.overloaded.repeated(3))

    statuses = [_status(client) for _ in range(5)]

    assert statuses == [529, 529, 529, 200, 200]


def test_fault_waits_for_the_request_that_holds_its_words(
    server: StandIn, client: anthropic.Anthropic
) -> None:
    server.next(faults.server_error.containing('the "salt"\ngate'))

    assert _status(client) == 200
    assert _status(client, 'Through the "salt"\ngate.') == 500
    assert _status(client, 'Through the "salt"\ngate.') == 200


def test_other_paths_have_faults_of_their_own(server: StandIn, client: anthropic.Anthropic) -> None:
    server.next(faults.unavailable.at("models"), status(500).at("count_tokens"), faults.reset.at("batches"))

    with pytest.raises(anthropic.InternalServerError):
        client.models.retrieve("claude-haiku-5-5")
    with pytest.raises(anthropic.InternalServerError):
        client.messages.count_tokens(**to_count(request()))
    with pytest.raises(anthropic.APIConnectionError):
        client.messages.batches.create(requests=[as_item("a", request())])

    assert _status(client) == 200
    assert client.models.retrieve("claude-haiku-5-5").id == "claude-haiku-5-5"


def test_chance_comes_by_its_seed_and_rate() -> None:
    def drawn(seed: int) -> list[str]:
        deck = FaultDeck()
        deck.rates({"reset": 0.1, "refused": 0.2}, seed=seed)
        return [fault.name if (fault := deck.draw("messages")) else "" for _ in range(2000)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    counted = Counter(drawn(1))
    assert counted["reset"] == pytest.approx(200, abs=45)
    assert counted["refused"] == pytest.approx(400, abs=60)


def test_burst_by_chance_comes_whole() -> None:
    deck = FaultDeck()
    deck.rates({"overloaded_burst": 1.0})
    deck.draw("messages")
    deck.rates({})

    assert [fault is not None for fault in (deck.draw("messages") for _ in range(5))] == [True] * 4 + [False]


@pytest.mark.parametrize("rates", [{"nonsense": 0.1}, {"reset": 0.6, "hang": 0.6}])
def test_rates_that_cannot_be_are_an_error(rates: dict[str, float]) -> None:
    with pytest.raises((KeyError, ValueError)):
        FaultDeck().rates(rates)


def _status(client: anthropic.Anthropic, *args: Any) -> int:
    try:
        return client.messages.with_raw_response.create(**request(*args)).status_code
    except anthropic.APIStatusError as error:
        return error.status_code
