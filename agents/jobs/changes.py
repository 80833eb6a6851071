"""Changes of some jobs since the last look, for clients that wait."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import FilteredRelation, Q

from agents.choices import EventKind, JobStatus
from agents.jobs.live_text import LiveText, live_texts
from agents.models import AgentJob

# Header by which the web process learns whose request it was: it counts the streams of each account.
ACCOUNT_HEADER = "X-Stream-Account"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event of a job; ``is_progress``: it reveals nothing that a reader of the job may not know."""

    id: int
    kind: str
    attempt: int
    at: datetime
    data: dict[str, Any]

    @property
    def is_progress(self) -> bool:
        return self.kind == EventKind.PROGRESS


@dataclass(slots=True)
class JobNews:
    """The state of a job, its new events, and its text so far while an attempt writes it and it was asked for."""

    status: str
    attempts: int
    events: list[NewEvent] = field(default_factory=list)
    text: LiveText | None = None


def news_of(
    job_ids: Collection[uuid.UUID], since: int, with_text: Collection[uuid.UUID] = ()
) -> dict[uuid.UUID, JobNews]:
    """Return the state of jobs and their events behind the one with the id ``since``, in one statement.

    Jobs in ``with_text`` also have their live text.

    Events are numbered before they are committed: one with a smaller number may appear later. Whoever must not miss it
    also compares the state.
    """
    rows = (
        AgentJob.objects.filter(pk__in=job_ids)
        .annotate(new=FilteredRelation("events", condition=Q(events__pk__gt=since)))
        .order_by("new__pk")
        .values_list(
            "pk", "status", "attempts", "new__pk", "new__kind", "new__attempt", "new__at", "new__data"
        )
    )
    news: dict[uuid.UUID, JobNews] = {}
    for job_id, status, attempts, *event in rows:
        found = news.setdefault(job_id, JobNews(status, attempts))
        if event[0] is not None:
            found.events.append(NewEvent(*event))
    running = {
        job_id: news[job_id].attempts
        for job_id in with_text
        if job_id in news and news[job_id].status == JobStatus.PROCESSING
    }
    for job_id, text in live_texts().read(running).items():
        news[job_id].text = text
    return news
