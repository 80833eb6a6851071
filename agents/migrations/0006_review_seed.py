"""Reasons to reject with, the people who settle disagreements, and what beat does for the review queue."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

# code, what reviewers read
REASONS = [
    ("breaks_a_rule", "Breaks a rule of the world"),
    ("contradicts_canon", "Contradicts canon"),
    ("not_what_was_asked", "Not what was asked"),
    ("badly_written", "Badly written"),
    ("wrong_length_or_form", "Wrong length or form"),
    ("wrong_report", "Misses a violation, or reports a false one"),
    ("unsuitable", "Unsuitable content"),
    ("other", "Something else"),
]
REVIEWERS = ["view_reviewcomment", "view_rejectreason"]
LEADS = ["lead_reviews"]
# name, task, seconds between runs, what it is for
INTERVALS = [
    ("Refresh review figures", "agents.refresh_review_reports", 300, "Counts what the dashboard shows."),
    ("Mail notifications", "agents.mail_notifications", 30, "Sends what waits to be mailed."),
    ("Plant gold items", "agents.plant_gold", 600, "Gives reviewers an item whose right verdict is known, where the site wants that."),
]
# name, task, hour (UTC), what it is for
DAILY = [("Mail overdue digest", "agents.mail_overdue_digest", "7", "Tells reviewers what should have been decided.")]


def add_reasons(apps, schema_editor):
    RejectReason = apps.get_model("agents", "RejectReason")
    for position, (code, name) in enumerate(REASONS, start=1):
        RejectReason.objects.get_or_create(code=code, defaults={"name": name, "position": position * 10})


def add_people(apps, schema_editor):
    config = apps.get_app_config("agents")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    own = Permission.objects.filter(content_type__app_label="agents")
    reviewers, _ = Group.objects.get_or_create(name="Reviewers")
    reviewers.permissions.add(*own.filter(codename__in=REVIEWERS))
    leads, _ = Group.objects.get_or_create(name="Lead reviewers")
    leads.permissions.add(*reviewers.permissions.all(), *own.filter(codename__in=LEADS))


def add_tasks(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    IntervalSchedule = apps.get_model("django_celery_beat", "IntervalSchedule")
    CrontabSchedule = apps.get_model("django_celery_beat", "CrontabSchedule")
    for name, task, seconds, description in INTERVALS:
        interval = _first_or_new(IntervalSchedule, every=seconds, period="seconds")
        PeriodicTask.objects.get_or_create(
            name=name,
            defaults={
                "task": task,
                "interval": interval,
                "description": description,
                "expire_seconds": seconds,
            },
        )
    for name, task, hour, description in DAILY:
        crontab = _first_or_new(
            CrontabSchedule,
            minute="15",
            hour=hour,
            day_of_week="*",
            day_of_month="*",
            month_of_year="*",
            timezone="UTC",
        )
        PeriodicTask.objects.get_or_create(
            name=name, defaults={"task": task, "crontab": crontab, "description": description}
        )


def _first_or_new(model, **fields):
    # Not get_or_create: nothing keeps these rows unique, and people make them by hand.
    return model.objects.filter(**fields).first() or model.objects.create(**fields)


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0005_review_quality"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.RunPython(add_reasons, migrations.RunPython.noop),
        migrations.RunPython(add_people, migrations.RunPython.noop),
        migrations.RunPython(add_tasks, migrations.RunPython.noop),
    ]
