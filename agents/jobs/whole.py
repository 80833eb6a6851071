"""One job with all that is shown of it, in two statements, and the reviews of many."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.contrib.auth.models import User
from django.db import models

from agents.common import findings, permissions, visibility
from agents.common.database.prepared import Prepared
from agents.common.findings import Marks
from agents.jobs import whole_parts
from agents.jobs.actions import no_job
from agents.jobs.whole_parts import WORDS, PartRow, read_parts, read_reviews
from agents.models import (
    AgentJob,
    AgentJobEvent,
    GuestOpinion,
    IntentionalFinding,
    JobFeedback,
    ModelCall,
    RejectReason,
    ReviewDecision,
    ReviewItem,
)
from agents.models.access import may_view_all

Loaded = TypeVar("Loaded", bound=models.Model)

_JOB_COLUMNS: Final = [field.attname for field in AgentJob._meta.concrete_fields]
_JOB: Final = Prepared(
    lambda job_id: (
        AgentJob.objects.filter(pk=job_id).order_by().values_list(*_JOB_COLUMNS, "requested_by__username")
    ),
    [uuid.UUID(int=1)],
)


@dataclass(frozen=True, slots=True)
class WholeJob:
    """A job with its requester, reviews, events and feedback loaded, and ``is_withheld`` set for its reader.

    ``verdicts``, ``words`` and ``calls`` are also those of the earlier job whose output was reused.
    """

    job: AgentJob
    calls: list[ModelCall]
    verdicts: list[ReviewDecision]
    words: list[AgentJobEvent]
    marks: Marks


def find_whole(job_id: uuid.UUID, reader: User) -> WholeJob:
    """Return a job that the person may see; raise ``NotFound`` otherwise."""
    job = _find(job_id, reader)
    earlier = job.reused_from_id or job.pk
    finding_ids = {finding["id"] for finding in findings.findings_in(job)} if job.universe_id else set()
    parts = read_parts(sorted(finding_ids), job, earlier)
    items = [_item(row) for row in parts["review"]]
    events = sorted((_event(row) for row in parts["event"]), key=lambda event: event.pk)
    _set_reviews([job], items)
    # As ``prefetch_related`` would have left them.
    job._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "events": [event for event in events if event.job_id == job.pk],
        "feedback": [_feedback(row) for row in parts["feedback"]],
    }
    marks = [_mark(row) for row in parts["mark"]]
    return WholeJob(
        job,
        calls=[_part_of(row, ModelCall, whole_parts.CALL) for row in parts["call"]],
        verdicts=[item.decision for item in items if item.decision is not None],
        words=[event for event in events if event.kind in WORDS],
        marks={(mark.universe_id, mark.finding_id): mark for mark in marks},
    )


def load_reviews(jobs: Sequence[AgentJob]) -> None:
    """Set the reviews of all these jobs in one statement."""
    if jobs:
        _set_reviews(jobs, map(_item, read_reviews([job.pk for job in jobs])))


def _set_reviews(jobs: Iterable[AgentJob], items: Iterable[ReviewItem]) -> None:
    items_of = defaultdict(list)
    for item in sorted(items, key=lambda item: (item.opened_at, item.pk)):
        items_of[item.job_id].append(item)
    for job in jobs:
        job.reviews = items_of[job.pk]


def _find(job_id: uuid.UUID, reader: User) -> AgentJob:
    if permissions.is_reviewer(reader):
        visible = visibility.mark_withheld(AgentJob.objects.visible_to(reader), reader)
        found = visible.select_related("requested_by").filter(pk=job_id).first()
        if found is None:
            raise no_job(job_id)
        return found
    for *values, username in _JOB.rows(job_id):
        job = AgentJob.from_db("default", _JOB_COLUMNS, values)
        if job.requested_by_id == reader.pk or may_view_all(reader, "agentjob"):
            job.requested_by = _loaded(User, id=job.requested_by_id, username=username)
            # Nobody withholds from those who do not judge.
            job.is_withheld = False  # type: ignore[attr-defined]
            return job
    raise no_job(job_id)


def _item(row: PartRow) -> ReviewItem:
    item = _part_of(row, ReviewItem, whole_parts.ITEM)
    # As ``with_verdict`` leaves it.
    item.verdict_id = row.verdict_id  # type: ignore[attr-defined]
    if row.verdict_id is not None:
        decision = _part_of(row, ReviewDecision, whole_parts.DECISION)
        decision.item = item
        decision.by = _loaded(User, id=row.by_id, username=row.by_name)
        _set_reason(decision, row)
        decision.guest_opinion = (
            None if row.guest_id is None else _loaded(GuestOpinion, id=row.guest_id, name=row.guest_name)
        )
        item.verdict = decision  # type: ignore[attr-defined]
    return item


def _event(row: PartRow) -> AgentJobEvent:
    event = _part_of(row, AgentJobEvent, whole_parts.EVENT)
    event.by = _person(row)
    return event


def _feedback(row: PartRow) -> JobFeedback:
    feedback = _part_of(row, JobFeedback, whole_parts.FEEDBACK)
    _set_reason(feedback, row)
    return feedback


def _mark(row: PartRow) -> IntentionalFinding:
    mark = _part_of(row, IntentionalFinding, whole_parts.MARK)
    mark.marked_by = _person(row)
    return mark


def _person(row: PartRow) -> User | None:
    return None if row.by_id is None else _loaded(User, id=row.by_id, username=row.by_name)


def _set_reason(row_with: ReviewDecision | JobFeedback, row: PartRow) -> None:
    reason = (
        None if row.reason_code is None else _loaded(RejectReason, code=row.reason_code, name=row.reason_name)
    )
    # An assignment would ask for the reason's id, which is not read.
    row_with._meta.get_field("reason").set_cached_value(row_with, reason)


def _part_of(row: PartRow, model: type[Loaded], columns: Mapping[str, str]) -> Loaded:
    own = {field: getattr(row, column) for column, field in columns.items() if "__" not in field}
    return _loaded(model, **own)


def _loaded(model: type[Loaded], **values: Any) -> Loaded:
    """Return a row of which these columns were read."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db("default", names, [values[name] for name in names])
