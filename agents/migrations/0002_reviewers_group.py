"""The people who decide: exactly what the queue and the review page need."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUP = "Reviewers"

PERMISSIONS = {
    "agents": [
        "view_reviewitem",
        "decide_reviewitem",
        "view_reviewdecision",
        "view_agentjob",
        "view_agentjobevent",
        "view_modelcall",
    ],
    "universes": ["view_universe", "view_worldconfig", "view_worldrule", "view_element", "view_scene"],
}


def add_group(apps, schema_editor):
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


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0001_initial"),
        ("universes", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_group, migrations.RunPython.noop)]
