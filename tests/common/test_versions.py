"""Small tables that processes keep in memory: a change made anywhere counts at once."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction

from agents.billing import prices
from agents.choices import VersionedData
from agents.common.database import versions
from agents.common.database.versions import Versioned
from agents.llm.base import Usage
from agents.models import Budget, DataVersion, LanguageModel, ModelPrice, UserPreference
from agents.notify.preferences import preferences_of, save_preferences

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
MODEL = "claude-haiku-5-5"
USAGE = Usage(input_tokens=1_000_000)


def make_price(usd, *, valid_from="2026-11-29"):
    columns = dict.fromkeys(("output_usd", "cache_read_usd", "cache_write_usd"), Decimal(1))
    return ModelPrice.objects.create(model=MODEL, valid_from=valid_from, input_usd=Decimal(usd), **columns)


def input_price():
    rates = prices.price_for(MODEL, USAGE, at=NOON)
    assert rates is not None
    return rates.input_usd


CHANGES = {
    VersionedData.BUDGETS: (
        lambda: Budget.objects.create(scope="site", period="day", limit_usd=1),
        lambda row: Budget.objects.filter(pk=row.pk).update(limit_usd=2),
    ),
    VersionedData.MODELS: (
        lambda: LanguageModel.objects.create(name="a-model"),
        lambda row: LanguageModel.objects.filter(pk=row.pk).update(successor="another"),
    ),
    VersionedData.PRICES: (
        lambda: make_price(7, valid_from="2031-01-01"),
        lambda row: ModelPrice.objects.filter(pk=row.pk).update(input_usd=8),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_a_table_renews_its_version_alone(name):
    make, change = CHANGES[name]
    stamps = [versions.read()]

    row = make()
    stamps.append(versions.read())
    change(row)
    stamps.append(versions.read())
    type(row).objects.filter(pk=row.pk).delete()
    stamps.append(versions.read())

    assert len({stamp[name] for stamp in stamps}) == 4
    assert all(len({stamp[other] for stamp in stamps}) == 1 for other in VersionedData if other != name)


def test_preferences_renew_their_version(creator):
    before = versions.read()
    save_preferences(creator, {"tone": "wry"}, replace=False)
    assert versions.read()["preferences"] != before["preferences"]


def test_all_tables_have_a_version():
    assert set(DataVersion.objects.values_list("name", flat=True)) == set(VersionedData.values)


def test_value_is_read_once_while_its_version_is_current():
    reads = itertools.count(1)
    kept = Versioned(VersionedData.PRICES, lambda: next(reads))

    assert (kept.get(), kept.get()) == (1, 1)
    make_price(9)
    assert (kept.get(), kept.get()) == (2, 2)


def test_value_of_an_emptied_database_is_not_kept():
    DataVersion.objects.all().delete()
    reads = itertools.count(1)
    kept = Versioned(VersionedData.PRICES, lambda: next(reads))

    assert (kept.get(), kept.get()) == (1, 2)


def test_price_that_begins_at_noon_counts_at_noon():
    make_price(3, valid_from="2026-11-01")
    assert input_price() == 3

    # Another process, or a person at the database.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO agent_model_prices (model, valid_from, prompt_over, input_usd, output_usd, cache_read_usd,"
            " cache_write_usd, batch_share) VALUES (%s, '2026-11-29', 0, 5, 1, 1, 1, 0.5)",
            [MODEL],
        )

    assert input_price() == 5


def test_price_of_a_rolled_back_change_does_not_stay():
    make_price(3, valid_from="2026-11-01")
    with transaction.atomic():
        make_price(5)
        assert input_price() == 5
        transaction.set_rollback(True)

    assert input_price() == 3


def test_preferences_are_read_again_after_a_change(creator, stranger):
    assert preferences_of(creator.pk).tone == ""
    save_preferences(creator, {"tone": "wry"}, replace=False)
    assert preferences_of(creator.pk).tone == "wry"
    UserPreference.objects.all().delete()
    assert (preferences_of(creator.pk).tone, preferences_of(stranger.pk).tone) == ("", "")
