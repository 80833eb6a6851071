"""Versions of guides and exemplars, with their triggers."""

import uuid

from django.db import migrations

TABLES = {"guides": "agent_style_guides", "exemplars": "agent_exemplars"}


def add_rows(apps, schema_editor):
    version = apps.get_model("agents", "DataVersion").objects
    for name in TABLES:
        version.create(name=name, stamp=str(uuid.uuid4()))


def add_triggers(apps, schema_editor):
    for name, table in TABLES.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"""
                CREATE TRIGGER agent_renew_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION agent_renew_version('{name}')
            """)
            continue
        # A later migration that rebuilds a table on SQLite drops its triggers, and has to add them again.
        for event in ("INSERT", "UPDATE", "DELETE"):
            schema_editor.execute(f"""
                CREATE TRIGGER {table}_renew_{event.lower()} AFTER {event} ON {table}
                BEGIN
                    UPDATE agent_data_versions SET stamp = lower(hex(randomblob(16))) WHERE name = '{name}';
                END
            """)


def drop_triggers(apps, schema_editor):
    for table in TABLES.values():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER agent_renew_version ON {table}")
        else:
            for event in ("insert", "update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_renew_{event}")


class Migration(migrations.Migration):
    dependencies = [("agents", "0037_learning")]

    operations = [
        migrations.RunPython(add_rows, migrations.RunPython.noop),
        migrations.RunPython(add_triggers, drop_triggers),
    ]
