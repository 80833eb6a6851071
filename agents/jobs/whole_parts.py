"""Rows of five tables that belong to one job, in one statement."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import models
from django.db.models import ExpressionWrapper, F, FilteredRelation, Q, QuerySet, Value
from django.db.models.functions import Cast

from agents.choices import EventKind, ReviewKind
from agents.common.database.prepared import Prepared
from agents.models import AgentJob, AgentJobEvent, IntentionalFinding, JobFeedback, ModelCall, ReviewItem

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

WORDS: Final = (EventKind.ACCEPTED, EventKind.DISCARDED)


class PartRow(NamedTuple):
    """A row of any part; ``text`` and ``code`` mean what the part says. In the order of ``_TYPES``."""

    part: str
    number: int
    by_id: int | None
    attempt: int
    allowed_by_id: int | None
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    id: uuid.UUID
    job_id: uuid.UUID
    universe_id: uuid.UUID | None
    verdict_id: uuid.UUID | None
    follow_up_id: uuid.UUID | None
    guest_id: uuid.UUID | None
    at: datetime
    decided_at: datetime | None
    text: str
    code: str
    by_name: str | None
    reason_code: str | None
    reason_name: str | None
    note: str
    guest_name: str | None
    cost_usd: Decimal | None
    data: Any
    after: Any
    is_lead: bool


_TYPES: Final[list[Callable[[], models.Field[Any, Any]]]] = [
    lambda: models.CharField(max_length=16),
    *[models.BigIntegerField] * 8,
    *[models.UUIDField] * 6,
    *[models.DateTimeField] * 2,
    *[models.TextField] * 7,
    lambda: models.DecimalField(max_digits=18, decimal_places=12),
    *[models.JSONField] * 2,
    models.BooleanField,
]


# The columns of each part: those of ``PartRow``, and the fields that they hold.
_BY: Final = {"by_id": "by_id", "by_name": "by__username"}
_REASON: Final = {"reason_code": "reason__code", "note": "note"}
ITEM: Final = {"id": "id", "job_id": "job_id", "at": "opened_at", "text": "state", "data": "reasons"}
DECISION: Final = {
    **_BY,
    **_REASON,
    "verdict_id": "id",
    "code": "verdict",
    "decided_at": "at",
    "reason_name": "reason__name",
    "after": "after",
    "follow_up_id": "follow_up_id",
    "guest_id": "guest_opinion_id",
    "guest_name": "guest_opinion__name",
    "is_lead": "is_lead",
    "allowed_by_id": "self_review_allowed_by_id",
}
EVENT: Final = {
    **_BY,
    "number": "id",
    "job_id": "job_id",
    "at": "at",
    "text": "kind",
    "attempt": "attempt",
    "data": "data",
}
CALL: Final = {
    "number": "id",
    "job_id": "job_id",
    "text": "prompt_version",
    "code": "error_code",
    "attempt": "attempt",
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "cache_read_tokens": "cache_read_tokens",
    "cache_write_tokens": "cache_write_tokens",
    "cost_usd": "cost_usd",
}
FEEDBACK: Final = {
    **_REASON,
    "id": "id",
    "job_id": "job_id",
    "at": "at",
    "text": "rating",
    "data": "edited_output",
}
MARK: Final = {
    "number": "id",
    "universe_id": "universe_id",
    "at": "created_at",
    "text": "finding_id",
    "by_id": "marked_by_id",
    "by_name": "marked_by__username",
    "note": "reason",
}


def _part(rows: QuerySet[Any], name: str, columns: Mapping[str, str]) -> QuerySet[Any, Any]:
    """Select the named columns as those of ``PartRow``, and null for the others, with the same types in each part."""
    selected = [
        F(columns[column]) if column in columns else Cast(Value(None), kind())
        for column, kind in zip(PartRow._fields[1:], _TYPES[1:], strict=True)
    ]
    typed = [
        ExpressionWrapper(one, output_field=kind()) for one, kind in zip(selected, _TYPES[1:], strict=True)
    ]
    return rows.order_by().values_list(Value(name, _TYPES[0]()), *typed)


def _reviews(*job_ids: uuid.UUID) -> QuerySet[Any, Any]:
    in_force = FilteredRelation(
        "decisions", condition=Q(decisions__takes_effect=True, decisions__undone_at__isnull=True)
    )
    # Gold items measure reviewers and are not reviews of the job.
    items = (
        ReviewItem.objects.exclude(kind=ReviewKind.GOLD).filter(job__in=job_ids).annotate(verdict=in_force)
    )
    decision = {column: f"verdict__{field}" for column, field in DECISION.items()}
    return _part(items, "review", {**ITEM, **decision})


def _union(
    job_id: uuid.UUID, earlier_id: uuid.UUID, universe_id: uuid.UUID, *finding_ids: str
) -> QuerySet[Any, Any]:
    jobs = [job_id, earlier_id]
    events = AgentJobEvent.objects.filter(Q(job=job_id) | Q(job=earlier_id, kind__in=WORDS))
    marks = IntentionalFinding.objects.filter(universe=universe_id, finding_id__in=finding_ids)
    return _reviews(*jobs).union(
        _part(events, "event", EVENT),
        _part(ModelCall.objects.filter(job__in=jobs), "call", CALL),
        _part(JobFeedback.objects.filter(job=job_id), "feedback", FEEDBACK),
        *([_part(marks, "mark", MARK)] if finding_ids else []),
        all=True,
    )


@functools.cache
def _prepared(finding_count: int) -> Prepared:
    ids = [uuid.UUID(int=number) for number in (1, 2, 3)]
    if not finding_count:
        return Prepared(lambda job_id, earlier_id: _union(job_id, earlier_id, ids[2]), ids[:2])
    return Prepared(_union, [*ids, *(f"finding {number}" for number in range(finding_count))])


@functools.cache
def _prepared_reviews(job_count: int) -> Prepared:
    return Prepared(_reviews, [uuid.UUID(int=number) for number in range(1, job_count + 1)])


def read_reviews(job_ids: Sequence[uuid.UUID]) -> list[PartRow]:
    """Return the reviews of these jobs, at least one, in no order."""
    size = _size(len(job_ids))
    padded = [*job_ids, *[job_ids[0]] * (size - len(job_ids))]
    return [PartRow(*values) for values in _prepared_reviews(size).rows(*padded)]


def read_parts(finding_ids: Sequence[str], job: AgentJob, earlier_id: uuid.UUID) -> dict[str, list[PartRow]]:
    if finding_ids and job.universe_id:
        size = _size(len(finding_ids))
        padded = [*finding_ids, *[""] * (size - len(finding_ids))]
        rows = _prepared(size).rows(job.pk, earlier_id, job.universe_id, *padded)
    else:
        rows = _prepared(0).rows(job.pk, earlier_id)
    parts: dict[str, list[PartRow]] = {name: [] for name in ("review", "event", "call", "feedback", "mark")}
    for values in rows:
        row = PartRow(*values)
        parts[row.part].append(row)
    return parts


def _size(number: int) -> int:
    """Return for how many values a text is made: there are few sizes, so that few texts are kept."""
    size = 4
    while size < number:
        size *= 4
    return size
