"""Hourly deletion of old idempotency keys."""

from django.db import migrations

SECONDS = 3600


def add_task(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    IntervalSchedule = apps.get_model("django_celery_beat", "IntervalSchedule")
    interval, _ = IntervalSchedule.objects.get_or_create(every=SECONDS, period="seconds")
    PeriodicTask.objects.get_or_create(
        name="Delete old idempotency keys",
        defaults={
            "task": "mediaassets.delete_old_idempotency_keys",
            "interval": interval,
            "description": "Deletes the answers to POSTs that were kept for 24 hours.",
            # A run that no worker took before the next one is due is not worth taking.
            "expire_seconds": SECONDS,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("idempotency", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(add_task, migrations.RunPython.noop)]
