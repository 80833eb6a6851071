"""The plural of webhook deliveries, as the admin shows it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agents", "0042_schedule_budgets")]

    operations = [
        migrations.AlterModelOptions(
            name="webhookdelivery",
            options={"ordering": ["-id"], "verbose_name_plural": "webhook deliveries"},
        ),
    ]
