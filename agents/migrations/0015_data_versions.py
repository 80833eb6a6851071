"""Versions of the tables that processes keep in memory, and the triggers that renew them."""

import uuid

from django.db import migrations, models

TABLES = {
    "budgets": "agent_budgets",
    "models": "agent_language_models",
    "preferences": "user_preferences",
    "prices": "agent_model_prices",
}


def add_versions(apps, schema_editor):
    version = apps.get_model("agents", "DataVersion")
    version.objects.bulk_create(version(name=name, stamp=str(uuid.uuid4())) for name in TABLES)


def add_triggers(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    if is_postgres:
        schema_editor.execute("""
            CREATE FUNCTION agent_renew_version() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE agent_data_versions SET stamp = gen_random_uuid()::text WHERE name = TG_ARGV[0];
                RETURN NULL;
            END
            $$
        """)
    for name, table in TABLES.items():
        if is_postgres:
            schema_editor.execute(f"""
                CREATE TRIGGER agent_renew_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION agent_renew_version('{name}')
            """)
            continue
        # Later migrations that rebuild one of these tables on SQLite drop its triggers: they have to add them again.
        for event in ("INSERT", "UPDATE", "DELETE"):
            schema_editor.execute(f"""
                CREATE TRIGGER agent_renew_{name}_{event.lower()} AFTER {event} ON {table}
                BEGIN
                    UPDATE agent_data_versions SET stamp = lower(hex(randomblob(16))) WHERE name = '{name}';
                END
            """)


def drop_triggers(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for name, table in TABLES.items():
        if is_postgres:
            schema_editor.execute(f"DROP TRIGGER agent_renew_version ON {table}")
        else:
            for event in ("insert", "update", "delete"):
                schema_editor.execute(f"DROP TRIGGER agent_renew_{name}_{event}")
    if is_postgres:
        schema_editor.execute("DROP FUNCTION agent_renew_version()")


class Migration(migrations.Migration):
    dependencies = [("agents", "0014_reviewers_see_marks")]

    operations = [
        migrations.CreateModel(
            name="DataVersion",
            fields=[
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("budgets", "Budgets"),
                            ("models", "Models"),
                            ("preferences", "Preferences"),
                            ("prices", "Prices"),
                        ],
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("stamp", models.CharField(max_length=36)),
            ],
            options={"db_table": "agent_data_versions"},
        ),
        migrations.RunPython(add_versions, migrations.RunPython.noop),
        migrations.RunPython(add_triggers, drop_triggers),
    ]
