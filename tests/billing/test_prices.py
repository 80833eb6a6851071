"""The cost of a call by the price list of its day."""

from __future__ import annotations

import datetime
from datetime import UTC
from decimal import Decimal

import pytest
from django.conf import settings

from agents.billing import prices
from agents.billing.prices import Rates
from agents.llm.base import Usage
from agents.models import ModelPrice
from dev.standin.prices import LONG_PROMPT_TOKENS, RATES, Tokens, price_usd

pytestmark = pytest.mark.django_db

HAIKU = "claude-haiku-5-5"
NOW = datetime.datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def cost(usage, model=HAIKU, *, at=NOW, is_batch=False):
    rates = prices.price_for(model, usage, at=at, is_batch=is_batch)
    return None if rates is None else rates.cost_of(usage)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (Usage(), "0"),
        (Usage(input_tokens=1_000_000, output_tokens=0), "0.50"),
        (Usage(input_tokens=1000, output_tokens=200), "0.0002"),
        (Usage(cache_read_tokens=1000), "0.00001"),
        (Usage(cache_write_tokens=1000), "0.000125"),
        # The band depends on the prompt including cached tokens, not on the answer.
        (Usage(input_tokens=100_000, output_tokens=100_000), "0.06"),
        (Usage(input_tokens=100_001), "0.0500005"),
        (Usage(input_tokens=50_000, cache_read_tokens=50_000, cache_write_tokens=1), "0.027500625"),
    ],
)
def test_tokens_are_priced_by_kind_and_band(usage, expected):
    assert cost(usage) == Decimal(expected)


def test_batch_discount_is_in_cost_and_rates():
    usage = Usage(input_tokens=1, cache_read_tokens=1)

    rates = prices.price_for(HAIKU, usage, at=NOW, is_batch=True)

    assert rates == Rates(Decimal("0.05"), Decimal("0.25"), Decimal("0.005"), Decimal("0.0625"))
    assert rates.cost_of(usage) == Decimal("0.000000055")


@pytest.mark.parametrize("model", sorted(RATES))
def test_prices_agree_with_the_stand_in(model):
    live, long = (700, 300, 20_001, 123), (LONG_PROMPT_TOKENS, 9, 1, 7)
    for read, output, uncached, written in (live, long):
        usage = Usage(
            input_tokens=uncached,
            output_tokens=output,
            cache_read_tokens=read,
            cache_write_tokens=written,
        )
        used = Tokens(input=uncached, output=output, cache_read=read, cache_write=written)
        for is_batch in (False, True):
            assert cost(usage, model, is_batch=is_batch) == price_usd(model, used, is_batch=is_batch)


def test_every_selectable_model_has_a_price():
    assert [name for name in settings.ALLOWED_MODELS if cost(Usage(output_tokens=1), name) is None] == []


def test_dated_model_name_has_the_price_of_its_model():
    assert cost(Usage(input_tokens=1000), f"{HAIKU}-20261007") == Decimal("0.0001")


@pytest.mark.parametrize("model", ["claude-haiku-5", "claude-haiku-5-50", "gpt", ""])
def test_unknown_model_has_no_price_rather_than_zero(model):
    assert cost(Usage(input_tokens=1000), model) is None


def add_price(input_usd, valid_from, model=HAIKU):
    ModelPrice.objects.create(
        model=model,
        valid_from=datetime.date.fromisoformat(valid_from),
        input_usd=Decimal(input_usd),
        output_usd=Decimal(0),
        cache_read_usd=Decimal(0),
        cache_write_usd=Decimal(0),
    )


def test_newest_valid_price_counts():
    add_price("3", "2026-12-01")
    add_price("7", "2026-12-02")

    assert cost(Usage(input_tokens=1_000)) == Decimal("0.003")


def test_longest_matching_name_wins():
    add_price("3", "2026-11-01", model=f"{HAIKU}-fast")

    assert cost(Usage(input_tokens=1_000), f"{HAIKU}-fast-20261101") == Decimal("0.003")


def test_no_price_before_the_first_day():
    assert cost(Usage(input_tokens=1_000), at=datetime.datetime(2026, 10, 6, 23, tzinfo=UTC)) is None
