"""The words of elements and scenes, for the full-text search. A rewrite of both tables on PostgreSQL."""

from django.db import migrations

from universes import fulltext

TABLES = (
    fulltext.Searchable("elements", {"name": (), "summary": ()}),
    fulltext.Searchable("scenes", {"title": (), "text": ()}),
)


def add(apps, schema_editor):
    for table in TABLES:
        fulltext.add_words(schema_editor, table)


def remove(apps, schema_editor):
    for table in TABLES:
        fulltext.remove_words(schema_editor, table)


class Migration(migrations.Migration):
    dependencies = [("universes", "0008_scene_kinds")]

    operations = [migrations.RunPython(add, remove)]
