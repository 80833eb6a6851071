"""The group of operators; and all members of a role's group may sign in to the admin."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUP = "Operators"
ROLE_GROUPS = ["Reviewers", "Lead reviewers", GROUP]

PERMISSIONS = {
    "accounts": ["view_apikey", "change_apikey"],
    "agents": [
        "view_agentjob",
        "change_agentjob",
        "view_agentjobevent",
        "view_modelcall",
        "view_reviewitem",
        "view_messagebatch",
        "view_generationschedule",
        "change_generationschedule",
        "view_languagemodel",
        "change_languagemodel",
        "view_budget",
        "add_budget",
        "change_budget",
        "delete_budget",
        "view_modelprice",
        "add_modelprice",
    ],
    "universes": ["view_universe", "view_worldconfig", "view_worldrule", "view_element", "view_scene"],
    "django_celery_beat": [
        "view_periodictask",
        "change_periodictask",
        "view_intervalschedule",
        "add_intervalschedule",
        "view_crontabschedule",
        "add_crontabschedule",
    ],
    "django_celery_results": ["view_taskresult"],
}


def add_operators(apps, schema_editor):
    # Permissions are made after all migrations; these are wanted now.
    for label in PERMISSIONS:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for label, codenames in PERMISSIONS.items():
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label=label, codename__in=codenames)
        )


def open_admin(apps, schema_editor):
    """Let in reviewers who could not sign in, because nobody had set the flag beside their group."""
    User = apps.get_model("auth", "User")
    members = User.objects.filter(groups__name__in=ROLE_GROUPS, is_active=True, is_staff=False)
    User.objects.filter(pk__in=list(members.values_list("pk", flat=True))).update(is_staff=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_api_keys"),
        ("agents", "0024_webhooks"),
        ("universes", "0006_invitations"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("django_celery_results", "0014_alter_taskresult_status"),
    ]

    operations = [
        migrations.RunPython(add_operators, migrations.RunPython.noop),
        migrations.RunPython(open_admin, migrations.RunPython.noop),
    ]
