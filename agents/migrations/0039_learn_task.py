"""The periodic task that proposes rules and ends their trials."""

from django.db import migrations

SECONDS = 600


def add_task(apps, schema_editor):
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects
    # They have no unique constraint: a site may have several.
    interval = intervals.filter(every=SECONDS, period="seconds").first() or intervals.create(
        every=SECONDS, period="seconds"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Learn from verdicts",
        defaults={
            "task": "agents.learn",
            "interval": interval,
            "description": "Proposes rules for style guides, and ends the trials of new rules.",
            "expire_seconds": SECONDS,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0038_learning_rows"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(add_task, migrations.RunPython.noop)]
