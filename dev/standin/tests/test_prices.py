from __future__ import annotations

from decimal import Decimal

import anthropic
import pytest

from dev.standin import StandIn, Tokens
from dev.standin.prices import price_usd
from dev.standin.tests.asking import as_item, request

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("model", "used", "dollars"),
    [
        ("claude-haiku-5-5", Tokens(input=100_000), "0.01"),
        ("claude-haiku-5-5", Tokens(input=100_001), "0.0500005"),
        ("claude-haiku-5-5", Tokens(cache_read=100_000, output=MILLION), "0.501"),
        ("claude-haiku-5-5", Tokens(cache_read=100_001, output=MILLION), "2.50500005"),
        ("claude-haiku-5-5", Tokens(cache_write_5m=50_000, cache_write_1h=50_000), "0.01625"),
        ("claude-haiku-5-5", Tokens(cache_write_5m=MILLION), "0.625"),
        ("claude-haiku-5-5", Tokens(cache_write_1h=MILLION), "1.00"),
        (
            "claude-sonnet-5-5",
            Tokens(
                input=MILLION,
                output=MILLION,
                cache_read=MILLION,
                cache_write_5m=MILLION,
                cache_write_1h=MILLION,
            ),
            "18.60",
        ),
        ("claude-opus-5-5", Tokens(input=MILLION, cache_read=MILLION), "4.20"),
        ("claude-fable-5-1", Tokens(output=MILLION, cache_read=MILLION), "50.25"),
        # Thinking is a part of the output, not more.
        ("claude-opus-5-5", Tokens(output=1000, thinking=900), "0.02"),
    ],
)
def test_price_is_exact(model: str, used: Tokens, dollars: str) -> None:
    assert price_usd(model, used) == Decimal(dollars)
    assert price_usd(model, used, is_batch=True) == Decimal(dollars) / 2


def test_model_without_a_price_is_not_free() -> None:
    assert price_usd("claude-nobody", Tokens(input=1)) is None


def test_log_adds_up_what_calls_and_batches_cost(server: StandIn, client: anthropic.Anthropic) -> None:
    server.answers({"output_tokens": 100})
    client.messages.create(**request())
    client.messages.create(**request())
    batch = client.messages.batches.create(requests=[as_item("a", request())])
    client.messages.batches.retrieve(batch.id)

    # 1,037 tokens are the prefix; 2 are the task and 100 the answer.
    each = Decimal("0.0000002") + Decimal("0.00005")
    write, read = Decimal("0.000129625"), Decimal("0.00001037")
    assert [call.price_usd for call in server.log.billed] == [each + write, each + read, (each + read) / 2]
    assert server.log.price_usd == (each + write) + (each + read) + (each + read) / 2
    assert server.log.delivered_price_usd == (each + write) + (each + read)

    list(client.messages.batches.results(batch.id))

    assert server.log.delivered_price_usd == server.log.price_usd


def test_model_added_by_a_test_is_counted_as_unpriced(server: StandIn, client: anthropic.Anthropic) -> None:
    server.model("claude-next", display_name="Claude Next")

    client.messages.create(**request(model="claude-next"))

    assert (server.log.price_usd, server.log.unpriced) == (Decimal(0), 1)
