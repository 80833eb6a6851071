"""The order in which the scenes of a universe are read: at first that of their creation."""

import time

from django.db import migrations, models

# Without making the table anew, which on SQLite would drop its triggers.
ADD = "ALTER TABLE scenes ADD COLUMN story_position double precision NOT NULL DEFAULT 0.0"
FILL = {
    "postgresql": "UPDATE scenes SET story_position = EXTRACT(EPOCH FROM created_at)",
    "sqlite": "UPDATE scenes SET story_position = (julianday(created_at) - 2440587.5) * 86400.0",
}


def fill(apps, schema_editor):
    schema_editor.execute(FILL[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [('universes', '0014_world_history')]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ADD, "ALTER TABLE scenes DROP COLUMN story_position"),
            ],
            state_operations=[
                migrations.AddField(
                    "scene",
                    "story_position",
                    models.FloatField(
                        db_default=0.0,
                        default=time.time,
                        editable=False,
                        help_text="Scenes are read in the order of this number.",
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "scene",
            models.Index(fields=["universe", "story_position", "id"], name="scene_story_order"),
        ),
    ]
