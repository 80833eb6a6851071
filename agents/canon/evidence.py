"""Evidence of the origin of outputs: their jobs, prompts, verdicts and the words of their requesters."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, models
from django.utils.dateparse import parse_datetime

from agents.choices import ACCEPTED_VERDICTS, EventKind, ReviewKind

# Ids in one statement.
MAX_IDS: Final = 1024
_UUID: Final = models.UUIDField()

_REVIEWS: Final = "agent_review_decisions d JOIN agent_review_items i ON i.id = d.item_id"
# By name, as in ``ReviewDecisionQuerySet.effective``.
_IN_FORCE: Final = f"d.takes_effect AND d.undone_at IS NULL AND i.kind <> '{ReviewKind.GOLD.value}'"
_ACCEPTED: Final = ", ".join(f"'{verdict.value}'" for verdict in sorted(ACCEPTED_VERDICTS))
_JOB: Final = "SELECT id, model, reused_from_id, is_mock, completed_at FROM agent_jobs"
_JUDGING: Final = f"""
    SELECT d.canon_change_id AS change_id, i.job_id FROM {_REVIEWS}
    WHERE d.verdict IN ({_ACCEPTED}) AND d.canon_change_id IN
"""  # noqa: S608

# A reused output was written, and perhaps read, for the job that it came from.
_EVIDENCE: Final = f"""
    concerned AS (
        SELECT id FROM wanted UNION SELECT reused_from_id FROM wanted WHERE reused_from_id IS NOT NULL
    )
    SELECT 'job', id, reused_from_id, model, '', completed_at, is_mock, 0, 0 FROM wanted
    UNION ALL
    SELECT 'call', job_id, NULL, prompt_version, '', NULL, FALSE, attempt, id FROM agent_model_calls
    WHERE error_code = '' AND job_id IN (SELECT id FROM concerned)
    UNION ALL
    SELECT 'verdict', i.job_id, NULL, COALESCE(g.name, u.username), CASE
        WHEN d.guest_opinion_id IS NOT NULL THEN 'guest'
        WHEN d.is_lead THEN 'lead reviewer'
        WHEN d.self_review_allowed_by_id IS NOT NULL THEN 'requester'
        ELSE 'reviewer' END, d.at, d.after IS NOT NULL, 0, 0
    FROM {_REVIEWS} JOIN auth_user u ON u.id = d.by_id LEFT JOIN agent_guest_opinions g ON g.id = d.guest_opinion_id
    WHERE {_IN_FORCE} AND d.verdict IN ({_ACCEPTED}) AND i.job_id IN (SELECT id FROM concerned)
    UNION ALL
    SELECT 'word', e.job_id, NULL, COALESCE(u.username, ''), e.kind, e.at, {{is_edited}}, 0, e.id
    FROM agent_job_events e LEFT JOIN auth_user u ON u.id = e.by_id
    WHERE e.kind IN ('{EventKind.ACCEPTED.value}', '{EventKind.DISCARDED.value}')
        AND e.job_id IN (SELECT id FROM concerned)
"""  # noqa: S608
_IS_EDITED: Final = {
    "postgresql": "COALESCE((e.data ->> 'edited')::boolean, FALSE)",
    "sqlite": "COALESCE(json_extract(e.data, '$.edited'), FALSE)",
}


class Evidence(NamedTuple):
    """One row; the meaning of most columns depends on ``part``.

    ============  ==================  =======================  ===========  ============
    ``part``      ``other_id``        ``text``                 ``code``     ``flag``
    ============  ==================  =======================  ===========  ============
    ``job``       the reused job      the model                             from the mock
    ``call``                          the prompt's version
    ``verdict``                       the reader               their role   edited
    ``word``                          the requester            the event    edited
    ``judged``    the change
    ============  ==================  =======================  ===========  ============

    ``attempt`` is that of a call, ``number`` the id of a call or event.
    """

    part: str
    job_id: uuid.UUID
    other_id: uuid.UUID | None
    text: str
    code: str
    at: datetime | None
    flag: bool
    attempt: int
    number: int


def read(job_ids: Collection[uuid.UUID], change_ids: Collection[uuid.UUID] = ()) -> list[Evidence]:
    """Return the evidence of the jobs, and of those whose accepting verdicts made some of the changes.

    One statement for up to ``MAX_IDS`` jobs and as many changes. Its text is written here, because the ORM takes longer
    to write it than the database to answer.
    """
    jobs, changes = sorted(job_ids), sorted(change_ids)
    return [
        row
        for start in range(0, max(len(jobs), len(changes)), MAX_IDS)
        for row in _read(jobs[start : start + MAX_IDS], changes[start : start + MAX_IDS])
    ]


def _read(jobs: list[uuid.UUID], changes: list[uuid.UUID]) -> Iterator[Evidence]:
    sources = [f"{_JOB} WHERE id IN {_places(jobs)}"] if jobs else []
    judging = judged = ""
    if changes:
        judging = f"judging AS ({_JUDGING} {_places(changes)}),"
        sources.append(f"{_JOB} WHERE id IN (SELECT job_id FROM judging)")  # noqa: S608
        judged = "UNION ALL SELECT 'judged', job_id, change_id, '', '', NULL, FALSE, 0, 0 FROM judging"
    evidence = _EVIDENCE.format(is_edited=_IS_EDITED[connection.vendor])
    params = [_UUID.get_db_prep_value(value, connection) for value in (*changes, *jobs)]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {judging} wanted AS ({' UNION '.join(sources)}), {evidence} {judged}", params)
        rows = cursor.fetchall()
    return map(Evidence._make, rows if connection.vendor == "postgresql" else map(_converted, rows))


def _places(values: Collection[Any]) -> str:
    return f"({', '.join(['%s'] * len(values))})"


def _converted(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the values as PostgreSQL returns them."""
    part, job_id, other_id, text, code, at, flag, attempt, number = row
    moment = parse_datetime(at) if isinstance(at, str) else at
    return (
        part,
        uuid.UUID(job_id),
        uuid.UUID(other_id) if other_id else None,
        text,
        code,
        moment and moment.replace(tzinfo=UTC),
        bool(flag),
        attempt,
        number,
    )
