"""What beat runs. Rows, not settings: an operator may change or switch off each in the admin."""

from django.db import migrations

# name, task, seconds between runs, what it is for
INTERVALS = [
    ("Send due jobs", "agents.enqueue_due_jobs", 5, "Rings for jobs that are due and were not sent, or got lost."),
    ("Rescue stalled jobs", "agents.rescue_stalled_jobs", 30, "Takes jobs back from workers that are gone."),
    ("Run due schedules", "agents.run_due_schedules", 15, "Submits the jobs of generation schedules."),
    ("Job statistics", "agents.get_job_stats", 3600, "Keeps the figures of the hour among the task results."),
]
# name, task, hour (UTC), what it is for
DAILY = [
    ("Clean up old jobs", "agents.cleanup_old_jobs", "3", "Deletes jobs that finished long ago and are not needed."),
    ("Flush expired tokens", "agents.flush_expired_tokens", "4", "Forgets sign-in tokens that nobody can use any more."),
]


def add_tasks(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    IntervalSchedule = apps.get_model("django_celery_beat", "IntervalSchedule")
    CrontabSchedule = apps.get_model("django_celery_beat", "CrontabSchedule")
    for name, task, seconds, description in INTERVALS:
        interval, _ = IntervalSchedule.objects.get_or_create(every=seconds, period="seconds")
        PeriodicTask.objects.get_or_create(
            name=name,
            defaults={
                "task": task,
                "interval": interval,
                "description": description,
                # A run that nobody took before the next one is due is not worth taking.
                "expire_seconds": seconds,
            },
        )
    for name, task, hour, description in DAILY:
        crontab, _ = CrontabSchedule.objects.get_or_create(
            minute="15", hour=hour, day_of_week="*", day_of_month="*", month_of_year="*", timezone="UTC"
        )
        PeriodicTask.objects.get_or_create(
            name=name, defaults={"task": task, "crontab": crontab, "description": description}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0003_model_prices"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(add_tasks, migrations.RunPython.noop)]
