"""Epochs of tokens, and the trigger that counts them up."""

from django.conf import settings
from django.db import migrations, models

CHANGES = "OLD.password <> NEW.password OR (OLD.is_active AND NOT NEW.is_active)"
COUNT_UP = """
    INSERT INTO account_token_epochs (user_id, epoch) VALUES (NEW.id, 1)
    ON CONFLICT (user_id) DO UPDATE SET epoch = account_token_epochs.epoch + 1;
"""


def add_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"""
            CREATE FUNCTION account_end_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN {COUNT_UP} RETURN NULL; END
            $$
        """)
        schema_editor.execute(f"""
            CREATE TRIGGER account_end_tokens AFTER UPDATE ON auth_user
            FOR EACH ROW WHEN ({CHANGES}) EXECUTE FUNCTION account_end_tokens()
        """)
        return
    # A later migration of Django's that rebuilds the table on SQLite drops the trigger: it then has to be added again.
    schema_editor.execute(f"""
        CREATE TRIGGER account_end_tokens AFTER UPDATE OF password, is_active ON auth_user
        FOR EACH ROW WHEN {CHANGES} BEGIN {COUNT_UP} END
    """)


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER account_end_tokens ON auth_user")
        schema_editor.execute("DROP FUNCTION account_end_tokens()")
    else:
        schema_editor.execute("DROP TRIGGER account_end_tokens")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TokenEpoch",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE,
                        primary_key=True,
                        related_name="token_epoch",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("epoch", models.PositiveIntegerField(default=0)),
            ],
            options={"db_table": "account_token_epochs"},
        ),
        migrations.RunPython(add_trigger, drop_trigger),
    ]
