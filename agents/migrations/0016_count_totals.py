"""The periodic task that counts finished jobs, verdicts and calls into the totals, and vacuuming that keeps pace.

PostgreSQL counts from an index alone only on pages that were vacuumed since their last change, and by default vacuums a
large table after a fifth of its rows have changed.
"""

from django.db import migrations

SECONDS = 60


def add_task(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    IntervalSchedule = apps.get_model("django_celery_beat", "IntervalSchedule")
    interval, _ = IntervalSchedule.objects.get_or_create(every=SECONDS, period="seconds")
    PeriodicTask.objects.get_or_create(
        name="Count totals",
        defaults={
            "task": "agents.count_totals",
            "interval": interval,
            "description": "Adds what has finished to the totals that statistics and usage reports read.",
            "expire_seconds": SECONDS,
        },
    )


def vacuum_often(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in ("agent_jobs", "agent_job_events", "agent_model_calls"):
        schema_editor.execute(
            f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.02,"
            " autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0015_totals"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.RunPython(vacuum_often, migrations.RunPython.noop),
        migrations.RunPython(add_task, migrations.RunPython.noop),
    ]
