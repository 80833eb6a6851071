"""The providers' list prices, in US dollars for a million tokens. New prices are new rows in a new migration,
or rows that an operator adds; none is ever edited."""

import datetime
from decimal import Decimal

from django.db import migrations

# model, valid from, for prompts over, input, output, cache read, cache write (5 minutes)
PRICES = [
    ("claude-haiku-5-5", datetime.date(2026, 10, 7), 0, "0.10", "0.50", "0.01", "0.125"),
    ("claude-haiku-5-5", datetime.date(2026, 10, 7), 100_000, "0.50", "2.50", "0.05", "0.625"),
    ("claude-sonnet-5-5", datetime.date(2026, 10, 7), 0, "2.00", "10.00", "0.10", "2.50"),
]


def add_prices(apps, schema_editor):
    ModelPrice = apps.get_model("agents", "ModelPrice")
    for model, valid_from, prompt_over, input_usd, output_usd, cache_read_usd, cache_write_usd in PRICES:
        ModelPrice.objects.get_or_create(
            model=model,
            valid_from=valid_from,
            prompt_over=prompt_over,
            defaults={
                "input_usd": Decimal(input_usd),
                "output_usd": Decimal(output_usd),
                "cache_read_usd": Decimal(cache_read_usd),
                "cache_write_usd": Decimal(cache_write_usd),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("agents", "0002_reviewers_group")]

    operations = [migrations.RunPython(add_prices, migrations.RunPython.noop)]
