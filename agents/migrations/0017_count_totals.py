"""The periodic task that counts finished jobs, verdicts and calls into the totals; vacuum and indexes for PostgreSQL.

PostgreSQL counts from an index alone only on pages that were vacuumed since their last change, and by default vacuums a
large table after a fifth of its rows have changed. The search by the end of an id reads the ids backwards; SQLite has no
such index and few rows.
"""

from django.db import migrations

SECONDS = 60
WITH_IDS = ("agent_jobs", "agent_review_items")


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


def index_ends_of_ids(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in WITH_IDS:
            schema_editor.execute(
                f"CREATE INDEX {table}_id_end ON {table} (reverse(id::text) text_pattern_ops)"
            )


def drop_ends_of_ids(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in WITH_IDS:
            schema_editor.execute(f"DROP INDEX {table}_id_end")


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0016_totals_and_indexes"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.RunPython(vacuum_often, migrations.RunPython.noop),
        migrations.RunPython(index_ends_of_ids, drop_ends_of_ids),
        migrations.RunPython(add_task, migrations.RunPython.noop),
    ]
