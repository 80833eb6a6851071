"""List prices of the models that people may choose or a site may configure; see ``0003_model_prices``."""

import datetime
from decimal import Decimal

from django.db import migrations

# model, the day it came out, input, output, cache read, cache write (5 minutes)
PRICES = [
    ("claude-haiku-4-5", datetime.date(2025, 10, 15), "1.00", "5.00", "0.10", "1.25"),
    ("claude-fable-5-1", datetime.date(2026, 6, 9), "10.00", "50.00", "0.25", "12.50"),
    ("claude-opus-5-5", datetime.date(2026, 9, 22), "4.00", "20.00", "0.20", "5.00"),
]


def add_prices(apps, schema_editor):
    ModelPrice = apps.get_model("agents", "ModelPrice")
    for model, valid_from, input_usd, output_usd, cache_read_usd, cache_write_usd in PRICES:
        ModelPrice.objects.get_or_create(
            model=model,
            valid_from=valid_from,
            prompt_over=0,
            defaults={
                "input_usd": Decimal(input_usd),
                "output_usd": Decimal(output_usd),
                "cache_read_usd": Decimal(cache_read_usd),
                "cache_write_usd": Decimal(cache_write_usd),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("agents", "0009_exact_money")]

    operations = [migrations.RunPython(add_prices, migrations.RunPython.noop)]
