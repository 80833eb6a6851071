"""Triggers that write the messages of webhooks together with what happened, in its transaction.

The rows of events and of canon changes are inserted in many places, some of them below this application. The triggers
are made anew after each migration and dropped before it, because SQLite rebuilds tables, and refuses that while a
trigger names them.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connections

JOB_EVENTS: Final = {
    "completed": "job.completed",
    "failed": "job.failed",
    "cancelled": "job.cancelled",
    "review_decided": "review.decided",
}
_KINDS: Final = ", ".join(f"'{kind}'" for kind in JOB_EVENTS)
_NAME_OF_KIND: Final = (
    "CASE NEW.kind " + " ".join(f"WHEN '{k}' THEN '{n}'" for k, n in JOB_EVENTS.items()) + " END"
)
_COLUMNS: Final = "endpoint_id, event, source, data, created_at, due_at"
# {object} and {now} differ between the databases, and so does the way to read a key of JSON.
_ON_JOB_EVENT: Final = """
    INSERT INTO agent_webhook_deliveries ({columns})
    SELECT e.id, {name}, 'event ' || NEW.id,
        {object}('job_id', j.id, 'universe_id', j.universe_id, 'agent_type', j.agent_type, 'status', j.status,
            'outcome', j.outcome, 'verdict', {verdict}),
        {now}, {now}
    FROM agent_jobs j JOIN agent_webhook_endpoints e ON e.owner_id = j.requested_by_id
    WHERE j.id = NEW.job_id AND e.is_active AND ' ' || e.events || ' ' LIKE '% ' || {name} || ' %';
"""
_ON_CANON_CHANGE: Final = """
    INSERT INTO agent_webhook_deliveries ({columns})
    SELECT e.id, 'canon.changed', 'change ' || NEW.id,
        {object}('universe_id', NEW.universe_id, 'kind', NEW.target_kind, 'id', NEW.target_id, 'action', NEW.action,
            'job_id', nullif(NEW.origin_ref, '')),
        {now}, {now}
    FROM universe_members m JOIN agent_webhook_endpoints e ON e.owner_id = m.user_id
    WHERE m.universe_id = NEW.universe_id AND e.is_active AND ' ' || e.events || ' ' LIKE '% canon.changed %';
"""
_POSTGRES: Final = {
    "object": "jsonb_build_object",
    "now": "clock_timestamp()",
    "verdict": "NEW.data ->> 'verdict'",
}
_SQLITE: Final = {
    "object": "json_object",
    # Milliseconds, written as Django writes microseconds: it compares times as texts.
    "now": "strftime('%Y-%m-%d %H:%M:%f000', 'now')",
    "verdict": "json_extract(NEW.data, '$.verdict')",
}
_TRIGGERS: Final = (
    ("agent_tell_of_job", "agent_job_events", _ON_JOB_EVENT, f"WHEN (NEW.kind IN ({_KINDS}))"),
    ("agent_tell_of_canon", "canon_changes", _ON_CANON_CHANGE, ""),
)
_TABLES: Final = {
    "agent_jobs",
    "agent_job_events",
    "agent_webhook_endpoints",
    "agent_webhook_deliveries",
    "canon_changes",
    "universe_members",
}


def create(using: str, **kwargs: Any) -> None:
    """Create the triggers that are missing, if all their tables are there."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if not set(connection.introspection.table_names(cursor)) >= _TABLES:
            return
        is_postgres = connection.vendor == "postgresql"
        for name, table, template, condition in _TRIGGERS:
            dialect = _POSTGRES if is_postgres else _SQLITE
            body = template.format(columns=_COLUMNS, name=_NAME_OF_KIND, **dialect)
            if is_postgres:
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN {body} RETURN NULL; END $$"
                )
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {name} AFTER INSERT ON {table} "
                    f"FOR EACH ROW {condition} EXECUTE FUNCTION {name}()"
                )
            else:
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} AFTER INSERT ON {table} {condition} BEGIN {body} END"
                )


def drop(using: str, **kwargs: Any) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for name, table, _, _ in _TRIGGERS:
            if table in tables:
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
