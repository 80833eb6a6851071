from __future__ import annotations

from decimal import Decimal

import anthropic
import pytest

from dev.standin import StandIn, Tokens
from dev.standin.prices import price_usd
from tests.standin.requests import batch_item, request

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("model", "used", "dollars"),
    [
        ("claude-haiku-5-5", Tokens(input=100_000), "0.01"),
        ("claude-haiku-5-5", Tokens(input=100_001), "0.0500005"),
        ("claude-haiku-5-5", Tokens(cache_read=100_001, output=MILLION), "2.50500005"),
        ("claude-haiku-5-5", Tokens(cache_write=MILLION), "0.625"),
        ("claude-sonnet-5-5", Tokens(input=MILLION, output=MILLION, cache_write=MILLION), "14.50"),
        ("claude-fable-5-1", Tokens(output=MILLION, cache_read=MILLION), "50.25"),
    ],
)
def test_price_is_exact(model: str, used: Tokens, dollars: str) -> None:
    assert price_usd(model, used) == Decimal(dollars)
    assert price_usd(model, used, is_batch=True) == Decimal(dollars) / 2


def test_unknown_model_has_no_price() -> None:
    assert price_usd("claude-nobody", Tokens(input=1)) is None


def test_log_sums_live_and_batch_prices(server: StandIn, client: anthropic.Anthropic) -> None:
    server.answers({"output_tokens": 100})
    client.messages.create(**request())
    client.messages.create(**request())
    batch = client.messages.batches.create(requests=[batch_item("a", request())])
    client.messages.batches.retrieve(batch.id)

    # The prefix has 1,037 tokens, the task 2 and the answer 100.
    each = Decimal("0.0000002") + Decimal("0.00005")
    write, read = Decimal("0.000129625"), Decimal("0.00001037")
    assert [call.price_usd for call in server.log.billed] == [each + write, each + read, (each + read) / 2]
    assert server.log.price_usd == (each + write) + (each + read) + (each + read) / 2
    assert server.log.delivered_price_usd == (each + write) + (each + read)

    list(client.messages.batches.results(batch.id))

    assert server.log.delivered_price_usd == server.log.price_usd
