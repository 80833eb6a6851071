"""The daily question how far the language models are in their lives."""

from django.db import migrations


def add_task(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    CrontabSchedule = apps.get_model("django_celery_beat", "CrontabSchedule")
    crontab, _ = CrontabSchedule.objects.get_or_create(
        minute="15", hour="5", day_of_week="*", day_of_month="*", month_of_year="*", timezone="UTC"
    )
    PeriodicTask.objects.get_or_create(
        name="Check the language models",
        defaults={
            "task": "agents.check_language_models",
            "crontab": crontab,
            "description": "Asks the provider which of the configured models are deprecated or retired.",
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0010_more_prices"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(add_task, migrations.RunPython.noop)]
