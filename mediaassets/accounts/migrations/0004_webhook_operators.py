"""Operators see webhooks and their messages, switch them, and send messages again."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

CODENAMES = [
    "view_webhookendpoint",
    "change_webhookendpoint",
    "view_webhookdelivery",
    "change_webhookdelivery",
]


def permit(apps, schema_editor):
    # Permissions are made after all migrations; these are wanted now.
    config = apps.get_app_config("agents")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    group = apps.get_model("auth", "Group").objects.get(name="Operators")
    permissions = apps.get_model("auth", "Permission").objects
    group.permissions.add(*permissions.filter(content_type__app_label="agents", codename__in=CODENAMES))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles"), ("agents", "0024_webhooks")]

    operations = [migrations.RunPython(permit, migrations.RunPython.noop)]
