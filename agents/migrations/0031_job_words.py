"""The words of jobs, for the full-text search. On PostgreSQL it rewrites the table: minutes for a million jobs."""

from django.db import migrations

from universes import fulltext

JOBS = fulltext.Searchable(
    "agent_jobs",
    {
        "input_data": ("prompt", "location_name", "details", "content"),
        "output_data": ("title", "content", "location_name", "description", "explanation"),
    },
)


def add(apps, schema_editor):
    fulltext.add_words(schema_editor, JOBS)


def remove(apps, schema_editor):
    fulltext.remove_words(schema_editor, JOBS)


class Migration(migrations.Migration):
    dependencies = [("agents", "0030_reasons_of_agents"), ("universes", "0009_words")]

    operations = [migrations.RunPython(add, remove)]
