"""Reviewers and leads see the list of intentional findings."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Reviewers", "Lead reviewers"]


def add_permission(apps, schema_editor):
    # Permissions are made after all migrations; this one is wanted now.
    config = apps.get_app_config("agents")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="agents", codename="view_intentionalfinding"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("agents", "0013_intentional_findings")]

    operations = [migrations.RunPython(add_permission, migrations.RunPython.noop)]
