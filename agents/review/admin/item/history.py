"""The history of a job as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from agents.choices import EventKind, ReviewState, Verdict
from agents.common.admin.base import link
from agents.models import AgentJobEvent, ReviewItem


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of a job's history."""

    label: str
    at: Any
    by: str
    attempt: int
    detail: str
    entry: str | SafeString


def steps_of(request: HttpRequest, item: ReviewItem) -> list[HistoryEntry]:
    """Return the history of the item's job; empty while the item is blind, because it would reveal too much."""
    if item.is_hidden:
        return []
    # While independent opinions are required, even an undone verdict would influence them.
    shows_verdicts = item.state == ReviewState.CLOSED or item.opinions_wanted == 1
    events = AgentJobEvent.objects.filter(job=item.job)
    return entries_of(request, events, shows_verdicts=shows_verdicts)


def entries_of(
    request: HttpRequest,
    events: QuerySet[AgentJobEvent],
    *,
    shows_verdicts: bool,
    shows_confidence: bool = True,
) -> list[HistoryEntry]:
    """Put events into words, oldest first."""
    return [
        HistoryEntry(
            event.get_kind_display(),
            event.at,
            event.by.get_username() if event.by else "",
            event.attempt,
            ""
            if event.kind == EventKind.COMPLETED and not shows_confidence
            else _detail(event, shows_verdicts=shows_verdicts),
            _entry(request, event),
        )
        for event in events.select_related("by").order_by("id")
    ]


def hand_over_of(item: ReviewItem) -> AgentJobEvent | None:
    """Return the latest hand-over event since the item was opened, or None."""
    if item.state != ReviewState.OPEN or item.assigned_to_id is None:
        return None
    events = AgentJobEvent.objects.filter(
        job=item.job_id, kind=EventKind.REVIEW_HANDED, at__gte=item.opened_at
    )
    return events.select_related("by").order_by("-id").first()


def _detail(event: AgentJobEvent, *, shows_verdicts: bool) -> str:
    data = event.data
    match event.kind:
        case EventKind.COMPLETED:
            confidence = data.get("confidence")
            return "" if confidence is None else f"Confidence {float(confidence):.2f}"
        case EventKind.FAILED | EventKind.RESCHEDULED | EventKind.POSTPONED | EventKind.BATCH_LEFT:
            return str(data.get("message", ""))
        case EventKind.PROGRESS:
            return f"{str(data.get('phase', '')).capitalize()}, {data.get('words', 0)} words"
        case EventKind.RESCUED:
            return str(data.get("cause", "")).replace("_", " ").capitalize()
        case EventKind.REVIEW_DECIDED | EventKind.REVIEW_UNDONE if not shows_verdicts:
            return ""
        case EventKind.REVIEW_DECIDED:
            words = " – ".join(str(data[name]) for name in ("reason", "note") if data.get(name))
            return f"{_verdict(data)}: {words}" if words else _verdict(data)
        case EventKind.REVIEW_UNDONE:
            return _verdict(data)
        case EventKind.REVIEW_REOPENED if shows_verdicts:
            return f"{_verdict(data)}, until then. {data.get('reason', '')}"
        case EventKind.REVIEW_SHARED | EventKind.REVIEW_UNSHARED:
            return f"For {data.get('label', '')}"
        case EventKind.GUEST_OPINION:
            return f"{data.get('name', '')}, by the link for {data.get('label', '')}"
        case (
            EventKind.REVIEW_SKIPPED
            | EventKind.REVIEW_OPENED
            | EventKind.REVIEW_REOPENED
            | EventKind.DISCARDED
        ):
            return str(data.get("reason", ""))
        case EventKind.REVIEW_HANDED:
            return (
                f"To {data.get('to', '')}: {data['note']}" if data.get("note") else f"To {data.get('to', '')}"
            )
        case EventKind.FINDING_MARKED | EventKind.FINDING_UNMARKED:
            quote = f"“{data.get('quote', '')}”"
            return f"{quote}: {data['reason']}" if data.get("reason") else quote
        case EventKind.REVIEW_CLAIM_BROKEN:
            return f"Claimed by {data.get('holder', '')}"
        case _:
            return ""


def _verdict(data: dict[str, Any]) -> str:
    verdict = str(data.get("verdict", ""))
    return Verdict(verdict).label if verdict in Verdict.values else verdict


def _entry(request: HttpRequest, event: AgentJobEvent) -> str | SafeString:
    """Link the canon entry, for a person who may see it."""
    if event.kind != EventKind.CANON_ADDED:
        return ""
    model = "scene" if event.data.get("entry_kind") == "scene" else "element"
    name = str(event.data.get("name", ""))
    if not request.user.has_perm(f"universes.view_{model}"):
        return name
    return link(f"universes_{model}_change", event.data.get("entry_id"), name)
