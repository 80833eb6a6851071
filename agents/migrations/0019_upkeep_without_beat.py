"""Every worker sweeps and rescues by itself: beat keeps only the calendar."""

from django.db import migrations

# name, task, seconds between runs
TASKS = [
    ("Send due jobs", "agents.enqueue_due_jobs", 5),
    ("Rescue stalled jobs", "agents.rescue_stalled_jobs", 30),
]


def remove_tasks(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    PeriodicTask.objects.filter(task__in=[task for _, task, _ in TASKS]).delete()


def add_tasks(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    IntervalSchedule = apps.get_model("django_celery_beat", "IntervalSchedule")
    for name, task, seconds in TASKS:
        interval, _ = IntervalSchedule.objects.get_or_create(every=seconds, period="seconds")
        PeriodicTask.objects.get_or_create(
            name=name, defaults={"task": task, "interval": interval, "expire_seconds": seconds}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0018_worker_processes"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(remove_tasks, add_tasks)]
