"""What beat runs for the batch lane. Rows, not settings: an operator may change or switch off each in the admin."""

from django.db import migrations

SECONDS = 60
# name, task, what it is for
TASKS = [
    ("Send batches", "agents.send_batches", "Sends the jobs that may wait to the model's provider together."),
    ("Poll batches", "agents.poll_batches", "Takes in what batches have answered, and sends on what they have not."),
]


def add_tasks(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    IntervalSchedule = apps.get_model("django_celery_beat", "IntervalSchedule")
    interval, _ = IntervalSchedule.objects.get_or_create(every=SECONDS, period="seconds")
    for name, task, description in TASKS:
        PeriodicTask.objects.get_or_create(
            name=name,
            defaults={
                "task": task,
                "interval": interval,
                "description": description,
                # A run that nobody took before the next one is due is not worth taking.
                "expire_seconds": SECONDS,
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0011_language_model_check"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(add_tasks, migrations.RunPython.noop)]
