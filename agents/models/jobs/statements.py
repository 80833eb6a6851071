"""Transitions of several jobs in one statement of PostgreSQL each.

They do what ``JobTransitions.claim`` and ``complete`` do, with the same conditions.
"""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from agents.choices import EventKind, JobStatus
from agents.models.jobs.bulk_insert import as_json, recordset
from universes.models import Universe

if TYPE_CHECKING:
    from agents.models.jobs.job import AgentJob

# What an attempt reads of its job and its universe. Other fields are loaded when they are asked for.
_JOB_FIELDS: Final = frozenset(
    {
        "id",
        "universe",
        "agent_type",
        "status",
        "requested_by",
        "schedule",
        "follows",
        "variants_id",
        "revision_note",
        "priority",
        "is_crowded",
        "may_reuse",
        "input_data",
        "attempts",
        "attempt_limit",
    }
)
_UNIVERSE_FIELDS: Final = frozenset(
    {
        "id",
        "name",
        "archived",
        "trusted_output",
        "review_within_h",
        "opinions_wanted",
        "audit_share",
        "second_opinion",
    }
)
_RESULT_FIELDS: Final = (
    "output_data",
    "signals",
    "confidence_score",
    "outcome",
    "is_mock",
    "model",
    "world_hash",
    "world_choice",
    "guide_version",
    "guidance",
    "question_hash",
)


@dataclass(frozen=True, slots=True)
class Completion:
    """Result of an attempt: values of ``_RESULT_FIELDS`` by name."""

    job_id: uuid.UUID
    attempt: int
    values: Mapping[str, Any]


def claim_all(
    model: type[AgentJob],
    job_ids: Collection[uuid.UUID],
    *,
    now: datetime,
    until: datetime,
    worker: uuid.UUID | None,
) -> tuple[list[AgentJob], dict[str, str]]:
    """Claim the due ones of some jobs, with their events; return them, and the versions of ``DataVersion``."""
    arguments: dict[str, Any] = {
        "ids": list(job_ids),
        "now": now,
        "until": until,
        "worker": worker,
        "pending": JobStatus.PENDING,
        "processing": JobStatus.PROCESSING,
        "claimed": EventKind.CLAIMED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_claim_sql(model), arguments)
        rows = cursor.fetchall()
    versions: dict[str, str] = json.loads(rows[0][-1]) if rows and rows[0][-1] else {}
    return [_job_of(model, row) for row in rows], versions


@functools.cache
def _claim_sql(model: type[AgentJob]) -> str:
    job_columns = ", ".join(f"j.{field.column}" for field in _fields_of(model, _JOB_FIELDS))
    universe_columns = ", ".join(f"u.{field.column}" for field in _fields_of(Universe, _UNIVERSE_FIELDS))
    # The rows are locked in one order, so that two workers with the same messages do not deadlock.
    return f"""
        WITH due AS (
            SELECT id FROM agent_jobs
            WHERE id = ANY(%(ids)s) AND status = %(pending)s AND available_at <= %(now)s
            ORDER BY id FOR NO KEY UPDATE
        ), j AS (
            UPDATE agent_jobs SET status = %(processing)s, attempts = attempts + 1, started_at = %(now)s,
                claimed_until = %(until)s, worker = %(worker)s
            FROM due WHERE agent_jobs.id = due.id
            RETURNING agent_jobs.*
        ), noted AS (
            INSERT INTO agent_job_events (job_id, kind, attempt, at, data)
            SELECT id, %(claimed)s, attempts, %(now)s, '{{}}' FROM j
        )
        SELECT {job_columns}, {universe_columns},
            (SELECT json_object_agg(name, stamp)::text FROM agent_data_versions)
        FROM j LEFT JOIN universes u ON u.id = j.universe_id
    """  # noqa: S608


def _job_of(model: type[AgentJob], row: Sequence[Any]) -> AgentJob:
    fields, universe_fields = _fields_of(model, _JOB_FIELDS), _fields_of(Universe, _UNIVERSE_FIELDS)
    values = [
        json.loads(value) if field.name == "input_data" else value
        for field, value in zip(fields, row, strict=False)
    ]
    job = model.from_db("default", [field.attname for field in fields], values)
    if job.universe_id is not None:
        names = [field.attname for field in universe_fields]
        job.universe = Universe.from_db("default", names, list(row[len(fields) : -1]))
    return job


def complete_all(
    model: type[AgentJob], completions: Sequence[Completion], *, now: datetime
) -> set[tuple[uuid.UUID, int]]:
    """Complete the jobs whose attempt still holds the claim; return those jobs with their attempts."""
    fields = _fields_of(model, frozenset(_RESULT_FIELDS))
    results = as_json(
        {
            "id": completion.job_id,
            "attempts": completion.attempt,
            **{field.column: completion.values[field.name] for field in fields},
        }
        for completion in completions
    )
    with connection.cursor() as cursor:
        cursor.execute(_complete_sql(model), [JobStatus.COMPLETED, now, results, JobStatus.PROCESSING])
        return set(cursor.fetchall())


@functools.cache
def _complete_sql(model: type[AgentJob]) -> str:
    fields = _fields_of(model, frozenset(_RESULT_FIELDS))
    changes = ", ".join(f"{field.column} = r.{field.column}" for field in fields)
    results = recordset(
        {"id": "uuid", "attempts": "integer", **{f.column: f.db_type(connection) for f in fields}}
    )
    return f"""
        UPDATE agent_jobs AS j SET status = %s, completed_at = %s, claimed_until = NULL,
            error_code = '', error_message = '', {changes}
        FROM {results}
        WHERE j.id = r.id AND j.attempts = r.attempts AND j.status = %s
        RETURNING j.id, j.attempts
    """  # noqa: S608


@functools.cache
def _fields_of(model: Any, names: frozenset[str]) -> tuple[Any, ...]:
    """Return the fields in the order of the model, which ``from_db`` expects."""
    return tuple(field for field in model._meta.concrete_fields if field.name in names)
