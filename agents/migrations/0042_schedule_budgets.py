"""Budgets of schedules. SQLite rebuilds the table, which drops the triggers that renew the version of the budgets."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def add_triggers_again(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for event in ("INSERT", "UPDATE", "DELETE"):
        schema_editor.execute(f"""
            CREATE TRIGGER IF NOT EXISTS agent_renew_budgets_{event.lower()} AFTER {event} ON agent_budgets
            BEGIN
                UPDATE agent_data_versions SET stamp = lower(hex(randomblob(16))) WHERE name = 'budgets';
            END
        """)


class Migration(migrations.Migration):
    dependencies = [('agents', '0041_naming')]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, add_triggers_again),
        migrations.RemoveConstraint(model_name="budget", name="agent_budgets_of_its_scope"),
        migrations.AddField(
            model_name="budget",
            name="schedule",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="budgets",
                to="agents.generationschedule",
            ),
        ),
        migrations.AlterField(
            model_name="budget",
            name="scope",
            field=models.CharField(
                choices=[
                    ("site", "The whole site"),
                    ("universe", "One universe"),
                    ("user", "One person"),
                    ("schedule", "One schedule"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=Q(scope="site", universe__isnull=True, user__isnull=True, schedule__isnull=True)
                | Q(scope="universe", universe__isnull=False, user__isnull=True, schedule__isnull=True)
                | Q(scope="user", universe__isnull=True, user__isnull=False, schedule__isnull=True)
                | Q(scope="schedule", universe__isnull=True, user__isnull=True, schedule__isnull=False),
                name="agent_budgets_of_its_scope",
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.UniqueConstraint(
                condition=Q(scope="schedule"), fields=("schedule", "period"), name="agent_budgets_schedule_once"
            ),
        ),
        migrations.RunPython(add_triggers_again, migrations.RunPython.noop),
    ]
