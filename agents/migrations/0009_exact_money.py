"""Money to a millionth of a millionth of a dollar, as fine as one token's price, so that no sum is rounded."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("agents", "0008_pipeline")]

    operations = [
        migrations.AlterField(
            model_name="modelcall",
            name="cost_usd",
            field=models.DecimalField(decimal_places=12, help_text='Empty: unknown.', max_digits=18, null=True),
        ),
        migrations.RemoveConstraint("budgetperiod", "agent_budget_periods_not_negative"),
        migrations.RemoveConstraint("budgetreservation", "agent_budget_reservations_not_negative"),
        migrations.RenameField("budgetperiod", "reserved_micro_usd", "reserved_pico_usd"),
        migrations.RenameField("budgetperiod", "spent_micro_usd", "spent_pico_usd"),
        migrations.RenameField("budgetreservation", "micro_usd", "pico_usd"),
        migrations.AddConstraint(
            "budgetperiod",
            models.CheckConstraint(
                condition=Q(reserved_pico_usd__gte=0, spent_pico_usd__gte=0),
                name="agent_budget_periods_not_negative",
            ),
        ),
        migrations.AddConstraint(
            "budgetreservation",
            models.CheckConstraint(
                condition=Q(pico_usd__gte=0), name="agent_budget_reservations_not_negative"
            ),
        ),
    ]
