"""The words of review items, those of their jobs, in a table of their own: a search of the queue reads no jobs.

PostgreSQL only. Triggers write the words of new items, also for the previous release, renew those of jobs that change
afterwards, and delete those of deleted items. Those of older items are copied in batches; a migration that was
interrupted goes on.
"""

import uuid

from django.db import migrations

BATCH = 2_000
TABLE = "agent_review_items_words"
_KEEP = """
    CREATE OR REPLACE FUNCTION agent_keep_review_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            DELETE FROM agent_review_items_words WHERE id = OLD.id;
        ELSE
            INSERT INTO agent_review_items_words (id, words) SELECT NEW.id, words FROM agent_jobs WHERE id = NEW.job_id
            ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words;
        END IF;
        RETURN NULL;
    END
    $$
"""
_RENEW = """
    CREATE OR REPLACE FUNCTION agent_renew_review_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE agent_review_items_words AS w SET words = NEW.words
        FROM agent_review_items AS i WHERE i.job_id = NEW.id AND i.id = w.id;
        RETURN NULL;
    END
    $$
"""
# A job has no items before it is completed; its way there must not cost more.
_RENEWED = """
    CREATE OR REPLACE TRIGGER agent_renew_review_words AFTER UPDATE OF words ON agent_jobs FOR EACH ROW
    WHEN (OLD.status = 'completed' AND OLD.words IS DISTINCT FROM NEW.words)
    EXECUTE FUNCTION agent_renew_review_words()
"""
# Returns the last id of the batch.
_COPY = """
    WITH batch AS (SELECT id, job_id FROM agent_review_items WHERE id > %s ORDER BY id LIMIT %s),
    copied AS (
        INSERT INTO agent_review_items_words (id, words)
        SELECT b.id, j.words FROM batch AS b JOIN agent_jobs AS j ON j.id = b.job_id ON CONFLICT (id) DO NOTHING
    )
    SELECT id FROM batch ORDER BY id DESC LIMIT 1
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # Without a foreign key: TRUNCATE of the items would be refused.
    schema_editor.execute(
        f"CREATE TABLE IF NOT EXISTS {TABLE} (id uuid PRIMARY KEY, words tsvector NOT NULL)"
    )
    schema_editor.execute(_KEEP)
    schema_editor.execute(
        "CREATE OR REPLACE TRIGGER agent_keep_review_words AFTER INSERT OR DELETE ON agent_review_items"
        " FOR EACH ROW EXECUTE FUNCTION agent_keep_review_words()"
    )
    schema_editor.execute(_RENEW)
    schema_editor.execute(_RENEWED)
    last = (uuid.UUID(int=0),)
    with schema_editor.connection.cursor() as cursor:
        while last is not None:
            cursor.execute(_COPY, [last[0], BATCH])
            last = cursor.fetchone()
    schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {TABLE}_words ON {TABLE} USING gin (words)")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER agent_renew_review_words ON agent_jobs")
        schema_editor.execute("DROP FUNCTION agent_renew_review_words()")
        schema_editor.execute("DROP TRIGGER agent_keep_review_words ON agent_review_items")
        schema_editor.execute("DROP FUNCTION agent_keep_review_words()")
        schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    # Each batch is committed.
    atomic = False

    dependencies = [("agents", "0054_plain_field_names")]

    operations = [migrations.RunPython(add, remove)]
