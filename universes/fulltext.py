"""Full-text search behind one function, ``matching``.

PostgreSQL keeps the words of a row in a generated column with a GIN index. SQLite keeps them in an FTS5 table that
triggers fill; the triggers are made anew after each migration and dropped before it, because SQLite rebuilds tables.
Both store folded words (``fields.fold_text``); PostgreSQL folds by itself and comes close to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db import connections, models
from django.db.backends.signals import connection_created
from django.db.models import F, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from universes.fields import fold_text

Rows = TypeVar("Rows", bound=QuerySet[Any])

# Further words of a search are ignored.
MAX_WORDS: Final = 10
# Longer texts are found by their beginning: the words of a row have to fit into a megabyte.
MAX_CHARS: Final = 100_000
_WORD: Final = re.compile(r"[^\W_]+")
_KEYS: Final = {"postgresql": "{column} ->> '{key}'", "sqlite": "json_extract({column}, '$.{key}')"}
# Texts of a list, and one key of the objects of a list.
_LISTS: Final = {
    "postgresql": "(SELECT string_agg(entry #>> '{{}}', ' ') FROM jsonb_path_query({column}, '$.{path}') AS entry)",
    "sqlite": "(SELECT group_concat(entry.value, ' ') FROM json_each({column}, '$.{list}') AS entry)",
}
_LISTS_OF_OBJECTS: Final = {
    "postgresql": _LISTS["postgresql"],
    "sqlite": "(SELECT group_concat(json_extract(entry.value, '$.{key}'), ' ')"
    " FROM json_each({column}, '$.{list}') AS entry WHERE entry.type = 'object')",
}


@dataclass(frozen=True)
class Searchable:
    """A table and its texts: columns, each with the places of texts in its JSON, or without if it is a text.

    A place is a key, or ``key[*]`` for a list of texts, or ``key[*].name`` for texts in a list of objects.
    """

    table: str
    columns: Mapping[str, Sequence[str]]

    def text_sql(self, vendor: str, prefix: str = "") -> str:
        parts = []
        for column, places in self.columns.items():
            name = prefix + column
            parts += [_place_sql(vendor, name, place) for place in places] or [name]
        return " || ' ' || ".join(f"coalesce({part}, '')" for part in parts)


def _place_sql(vendor: str, column: str, place: str) -> str:
    key, is_list, of_objects = place.partition("[*]")
    if not is_list:
        return _KEYS[vendor].format(column=column, key=key)
    template = (_LISTS_OF_OBJECTS if of_objects else _LISTS)[vendor]
    return template.format(column=column, path=place, list=key, key=of_objects.removeprefix("."))


ELEMENTS: Final = Searchable("elements", {"name": (), "summary": ()})
SCENES: Final = Searchable("scenes", {"title": (), "text": ()})


def words_of(text: str) -> list[str]:
    """Return the folded words of a search."""
    return _WORD.findall(fold_text(text))[:MAX_WORDS]


def matching(rows: Rows, text: str, of: str = "pk") -> Rows:
    """Return the rows that have words beginning with each word of ``text``; none for a text without words.

    With ``of``, the name of a relation, these are the words of the related rows, of which PostgreSQL has a copy by the
    ids of the rows, in a table that ends in ``_words``. Read pages by ``found_pages``.
    """
    words = words_of(text)
    return rows.filter(HasWords(of, words)) if words else rows.none()


class HasWords(Func):
    """Condition that the row, or the one that it is related to by ``path``, has all words.

    PostgreSQL finds such rows in the index, or looks at the words of each row if ``by_row`` says so.
    """

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, path: str, words: Sequence[str], *, by_row: bool = False) -> None:
        super().__init__(F(path))
        self.path, self.words, self.by_row = path, list(words), by_row

    def as_sql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        key, params = compiler.compile(self.source_expressions[0])
        column: Any = self.source_expressions[0].target  # type: ignore[attr-defined]
        if connection.vendor == "postgresql":
            row = key.rpartition(".")[0]
            has_words = "{} @@ to_tsquery('simple', %s)".format
            if column.is_relation:
                words, table = has_words("w.words"), f"{column.model._meta.db_table}_words"
                sql = (
                    f"(SELECT {words} FROM {table} w WHERE w.id = {row}.id)"
                    if self.by_row
                    # Not a join, for which the database might look at the words of all rows.
                    else f"{row}.id = ANY (ARRAY(SELECT w.id FROM {table} w WHERE {words}))"
                )
            else:
                # The index holds the column, not the expression.
                sql = has_words(f"coalesce({row}.words, '')" if self.by_row else f"{row}.words")
            return sql, [*params, " & ".join(f"{word}:*" for word in self.words)]
        table = (column.related_model or column.model)._meta.db_table
        query = " AND ".join(f'"{word}"*' for word in self.words)
        return (
            f"{key} IN (SELECT r.target FROM {table}_found f JOIN {table}_rows r ON r.id = f.rowid"
            f" WHERE {table}_found MATCH %s)",
            [*params, query],
        )


# --- PostgreSQL

# Of PostgreSQL 17 or later; of servers with ICU; of the C library.
_COLLATIONS: Final = ("pg_c_utf8", "und-x-icu", "C.utf8", "en_US.utf8")

_FOLD: Final = """
    CREATE OR REPLACE FUNCTION umam_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
        SELECT regexp_replace(
            replace(
                translate(lower(normalize(left(value, {max_chars}), NFKC) COLLATE "{collation}"),
                    'ς' || U&'\\00AD\\200B\\200C\\200D\\2060\\FEFF', 'σ'),
                'ß', 'ss'),
            '[^[:alnum:]]+', ' ', 'g')
    $$
"""


def add_words(schema_editor: Any, searchable: Searchable) -> None:
    """Add the generated column and its index to a table of PostgreSQL; other databases are left to ``create``."""
    if schema_editor.connection.vendor != "postgresql":
        return
    text = searchable.text_sql("postgresql")
    collation = _collation(schema_editor.connection)
    schema_editor.execute(_FOLD.format(max_chars=MAX_CHARS, collation=collation))
    schema_editor.execute(
        f"ALTER TABLE {searchable.table} ADD COLUMN words tsvector"
        f" GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, umam_fold({text}))) STORED"
    )
    schema_editor.execute(f"CREATE INDEX {searchable.table}_words ON {searchable.table} USING gin (words)")


def keep_words(schema_editor: Any, searchable: Searchable) -> None:
    """Let a trigger write the words that a generated column had, so that more texts need no new column.

    Locks the table for a moment. The words of rows that exist stay as they are.
    """
    table, text = searchable.table, searchable.text_sql("postgresql", "NEW.")
    schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN words DROP EXPRESSION IF EXISTS")
    schema_editor.execute(
        f"CREATE OR REPLACE FUNCTION {table}_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN NEW.words := to_tsvector('simple'::regconfig, umam_fold({text})); RETURN NEW; END $$"
    )
    schema_editor.execute(
        f"CREATE OR REPLACE TRIGGER {table}_keep_words"
        f" BEFORE INSERT OR UPDATE OF {', '.join(searchable.columns)} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_keep_words()"
    )


def stop_keeping_words(schema_editor: Any, searchable: Searchable) -> None:
    schema_editor.execute(f"DROP TRIGGER {searchable.table}_keep_words ON {searchable.table}")
    schema_editor.execute(f"DROP FUNCTION {searchable.table}_keep_words()")


def _collation(connection: Any) -> str:
    """Return a collation that knows lower case of all scripts; which ones there are depends on the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT collname FROM pg_collation WHERE collname = ANY(%s)", [list(_COLLATIONS)])
        found = {name for (name,) in cursor.fetchall()}
    return next((name for name in _COLLATIONS if name in found), "default")


def remove_words(schema_editor: Any, searchable: Searchable) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE {searchable.table} DROP COLUMN words")


# --- SQLite


def create(using: str, searchables: Sequence[Searchable]) -> None:
    """Create the tables and triggers of SQLite, and fill them anew where the triggers were missing."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for searchable in searchables:
            if searchable.table not in tables or _has_triggers(cursor, searchable.table):
                continue
            for statement in _sqlite_statements(searchable):
                cursor.execute(statement)


def drop(using: str, searchables: Sequence[Searchable]) -> None:
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for searchable in searchables:
            for event in ("insert", "update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {searchable.table}_words_{event}")


def _has_triggers(cursor: Any, table: str) -> bool:
    cursor.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = %s", [f"{table}_words_insert"]
    )
    return bool(cursor.fetchone()[0])


def _sqlite_statements(searchable: Searchable) -> list[str]:
    table, changed = searchable.table, ", ".join(searchable.columns)
    text, new_text = searchable.text_sql("sqlite", "source."), searchable.text_sql("sqlite", "NEW.")
    row_of_new = f"(SELECT id FROM {table}_rows WHERE target = NEW.id)"
    row_of_old = f"(SELECT id FROM {table}_rows WHERE target = OLD.id)"
    return [
        # The rowid of a table without an integer key changes in a VACUUM.
        f"DROP TABLE IF EXISTS {table}_rows",
        f"DROP TABLE IF EXISTS {table}_found",
        f"CREATE TABLE {table}_rows (id INTEGER PRIMARY KEY, target TEXT NOT NULL UNIQUE)",
        f"CREATE VIRTUAL TABLE {table}_found USING fts5(text, tokenize = 'unicode61 remove_diacritics 0')",
        f"INSERT INTO {table}_rows (target) SELECT id FROM {table}",
        f"INSERT INTO {table}_found (rowid, text) SELECT r.id, umam_fold({text}) FROM {table} AS source"
        f" JOIN {table}_rows AS r ON r.target = source.id",
        f"CREATE TRIGGER {table}_words_insert AFTER INSERT ON {table} BEGIN"
        f" INSERT INTO {table}_rows (target) VALUES (NEW.id);"
        f" INSERT INTO {table}_found (rowid, text) VALUES ({row_of_new}, umam_fold({new_text})); END",
        f"CREATE TRIGGER {table}_words_update AFTER UPDATE OF {changed} ON {table} BEGIN"
        f" UPDATE {table}_found SET text = umam_fold({new_text}) WHERE rowid = {row_of_new}; END",
        f"CREATE TRIGGER {table}_words_delete AFTER DELETE ON {table} BEGIN"
        f" DELETE FROM {table}_found WHERE rowid = {row_of_old};"
        f" DELETE FROM {table}_rows WHERE target = OLD.id; END",
    ]


def _register(sender: Any, connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "umam_fold", 1, lambda text: fold_text((text or "")[:MAX_CHARS]), deterministic=True
        )


def listen() -> None:
    """Give each new connection to SQLite the function that the triggers call."""
    connection_created.connect(_register, dispatch_uid="universes.fulltext")
