"""Events of a job behind a cursor, as far as a reader may know them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from agents.choices import EventKind, ReviewKind
from agents.common import visibility
from agents.errors import FieldError, Invalid
from agents.models import AgentJob, AgentJobEvent, ReviewItem
from agents.models.jobs.states import FINISHED

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_EVENTS: Final = 200
MAX_ID: Final = 2**63 - 1

# Events from which on the history of a job reveals how its output was judged.
REVEALING_EVENTS: Final = frozenset({EventKind.REUSED, EventKind.COMPLETED, EventKind.REVIEW_OPENED})


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, the cursor for more of them if there are more now, and whether nothing more is awaited."""

    events: list[AgentJobEvent]
    next_cursor: str | None
    status: str
    ended: bool


def events_after(job: AgentJob, cursor: str, reader: User) -> EventPage:
    """Return the events behind the one whose id is ``cursor``, oldest first; raise ``Invalid`` for another cursor."""
    rows = AgentJobEvent.objects.filter(job=job, pk__gt=_parsed(cursor)).select_related("by")
    found = list(rows.order_by("pk")[: MAX_EVENTS + 1])
    page, has_more = found[:MAX_EVENTS], len(found) > MAX_EVENTS
    is_withheld = visibility.is_withheld(job, reader)
    if is_withheld:
        page, is_cut = _before_the_revealing(job, page)
        has_more = has_more and not is_cut
    ended = not has_more and job.status in FINISHED and (is_withheld or not _is_in_review(job))
    return EventPage(page, str(page[-1].pk) if has_more else None, job.status, ended)


def _parsed(cursor: str) -> int:
    if cursor.isascii() and cursor.isdigit() and int(cursor[:30]) <= MAX_ID:
        return int(cursor)
    detail = "cursor is the id of an event of this job."
    raise Invalid("The query has invalid values.", [FieldError("?cursor", detail)])


def _before_the_revealing(job: AgentJob, page: list[AgentJobEvent]) -> tuple[list[AgentJobEvent], bool]:
    """Cut a page before the first event from which on the history reveals how the output was judged."""
    first = job.events.filter(kind__in=REVEALING_EVENTS).order_by("pk").values_list("pk", flat=True).first()
    kept = list(takewhile(lambda event: first is None or event.pk < first, page))
    return kept, len(kept) < len(page)


def _is_in_review(job: AgentJob) -> bool:
    return ReviewItem.objects.open().filter(job=job).exclude(kind=ReviewKind.GOLD).exists()
