"""More words of jobs: requested characters and landmarks, and all texts of an output.

On PostgreSQL a trigger writes them instead of a generated column, which would have to rewrite the table. The words of
finished jobs are renewed in batches that lock no row for long; a migration that was interrupted starts over.
"""

import uuid
from importlib import import_module

from django.db import migrations, transaction
from universes import fulltext

BATCH = 200
JOBS = fulltext.Searchable(
    "agent_jobs",
    {
        "input_data": ("prompt", "location_name", "details", "content", "characters[*].name", "landmarks[*]"),
        "output_data": (
            "title",
            "content",
            "location_name",
            "description",
            "explanation",
            "landmarks[*].name",
            "landmarks[*].description",
            "atmosphere",
            "map_layout",
            "camera",
            "mood",
            "shots[*].description",
            "violations[*].quote",
            "violations[*].rule",
            "violations[*].explanation",
            "suggestions[*]",
        ),
    },
)
# Before, PostgreSQL counted the words among the columns of an UPDATE that changes the texts that they are made of.
_RENEWED = """
    CREATE OR REPLACE TRIGGER agent_renew_review_words AFTER UPDATE OF {columns} ON agent_jobs FOR EACH ROW
    WHEN (OLD.status = 'completed' AND OLD.words IS DISTINCT FROM NEW.words)
    EXECUTE FUNCTION agent_renew_review_words()
"""
# Jobs that have a text that was not searched before. Making the words of a million others takes minutes.
_HAS_MORE = """
    (job.input_data ?| ARRAY['characters', 'landmarks'] OR job.output_data ?| ARRAY['landmarks', 'atmosphere', 'map_layout',
        'camera', 'mood', 'shots', 'violations', 'suggestions'])
"""
# Jobs that somebody else is writing are left to the end, one by one, so that nobody waits for a batch.
_RENEW = """
    WITH batch AS (SELECT id FROM agent_jobs WHERE id > %s ORDER BY id LIMIT %s),
    more AS (SELECT id FROM agent_jobs AS job WHERE id IN (SELECT id FROM batch) AND {has_more}),
    free AS (
        SELECT id, to_tsvector('simple'::regconfig, umam_fold({text})) AS words FROM agent_jobs AS job
        WHERE id IN (SELECT id FROM more) FOR NO KEY UPDATE SKIP LOCKED
    ),
    renewed AS (
        UPDATE agent_jobs AS job SET words = free.words FROM free
        WHERE job.id = free.id AND job.words IS DISTINCT FROM free.words
    )
    SELECT (SELECT id FROM batch ORDER BY id DESC LIMIT 1),
        ARRAY(SELECT id FROM more EXCEPT SELECT id FROM free)
"""
_RENEW_ONE = "UPDATE agent_jobs AS job SET words = to_tsvector('simple'::regconfig, umam_fold({text})) WHERE id = %s"


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with transaction.atomic(schema_editor.connection.alias):
        fulltext.keep_words(schema_editor, JOBS)
        schema_editor.execute(_RENEWED.format(columns="words, input_data, output_data"))
    renew(schema_editor.connection)


def renew(connection):
    text = JOBS.text_sql("postgresql", "job.")
    last, busy = uuid.UUID(int=0), []
    with connection.cursor() as cursor:
        while last is not None:
            cursor.execute(_RENEW.format(text=text, has_more=_HAS_MORE), [last, BATCH])
            last, left = cursor.fetchone()
            busy += left
        for job_id in busy:
            cursor.execute(_RENEW_ONE.format(text=text), [job_id])


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    before = import_module("agents.migrations.0031_job_words").JOBS
    with transaction.atomic(schema_editor.connection.alias):
        fulltext.stop_keeping_words(schema_editor, JOBS)
        schema_editor.execute("DROP TRIGGER agent_renew_review_words ON agent_jobs")
        fulltext.remove_words(schema_editor, before)
        fulltext.add_words(schema_editor, before)
        schema_editor.execute(_RENEWED.format(columns="words"))


class Migration(migrations.Migration):
    # Each batch is committed.
    atomic = False

    dependencies = [("agents", "0057_guests_decide_name")]

    operations = [migrations.RunPython(add, remove)]
