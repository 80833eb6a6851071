"""Reading of verdicts, feedback and requests for a revision as the patterns need them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q

from agents.choices import VARIANT_REASONS, FeedbackRating, Verdict
from agents.common.text.job_text import MAIN_OUTPUT
from agents.engine.envelope import canonical_json
from agents.learning.patterns.verdicts import Seen
from agents.models import AgentJob, JobFeedback, ReviewDecision

WINDOW: Final = timedelta(days=90)
# The newest of each kind.
MAX_VERDICTS: Final = 200

Scope = tuple[uuid.UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A verdict with its origin, for the evidence of a proposal. ``verdict`` is that of the reviewer or the rating."""

    seen: Seen
    at: datetime
    kind: str
    job_id: uuid.UUID
    verdict: str
    item_id: uuid.UUID | None = None

    def as_evidence(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.seen.id,
            "job_id": str(self.job_id),
            "item_id": None if self.item_id is None else str(self.item_id),
            "verdict": self.verdict,
            "reason": self.seen.reason,
            "note": self.seen.note[:500],
            "at": self.at.isoformat(),
        }


def scopes_since(moment: datetime) -> set[Scope]:
    """Return the universes and agents with something new to learn from."""
    decided = ReviewDecision.objects.effective().filter(at__gte=moment).exclude(verdict=Verdict.APPROVED)
    rated = JobFeedback.objects.filter(_objects(), at__gte=moment)
    again = AgentJob.objects.filter(created_at__gte=moment).exclude(revision_note="")
    found = {
        *decided.order_by().values_list("item__job__universe", "item__job__agent_type").distinct(),
        *rated.order_by().values_list("job__universe", "job__agent_type").distinct(),
        *again.order_by().values_list("universe", "agent_type").distinct(),
    }
    return {(universe_id, agent_type) for universe_id, agent_type in found if universe_id is not None}


def sources_of(universe_id: uuid.UUID, agent_type: str, now: datetime) -> list[Source]:
    """Return what did not take a text as it was, oldest first."""
    since = now - WINDOW
    sources = [
        *_decisions(universe_id, agent_type, since),
        *_feedback(universe_id, agent_type, since),
        *_revisions(universe_id, agent_type, since),
    ]
    return sorted(sources, key=lambda source: (source.at, source.seen.id))


def _decisions(universe_id: uuid.UUID, agent_type: str, since: datetime) -> Iterator[Source]:
    rows = ReviewDecision.objects.effective().filter(
        at__gte=since,
        item__job__universe=universe_id,
        item__job__agent_type=agent_type,
        item__job__variants_id__isnull=True,
    )
    for row in (
        rows.exclude(verdict=Verdict.APPROVED)
        .select_related("item__job", "reason")
        .order_by("-at", "-id")[:MAX_VERDICTS]
    ):
        job = row.item.job
        seen = _seen(
            job, str(row.pk), row.reason.code if row.reason else None, row.note, row.before, row.after
        )
        yield Source(
            seen=seen, at=row.at, kind="verdict", job_id=job.pk, verdict=row.verdict, item_id=row.item_id
        )


def _feedback(universe_id: uuid.UUID, agent_type: str, since: datetime) -> Iterator[Source]:
    rows = JobFeedback.objects.filter(
        _objects(), at__gte=since, job__universe=universe_id, job__agent_type=agent_type
    )
    for row in rows.select_related("job", "reason").order_by("-at", "-id")[:MAX_VERDICTS]:
        reason = row.reason.code if row.reason else None
        seen = _seen(row.job, str(row.pk), reason, row.note, row.job.output_data, row.edited_output)
        yield Source(seen=seen, at=row.at, kind="feedback", job_id=row.job_id, verdict=row.rating)


def _revisions(universe_id: uuid.UUID, agent_type: str, since: datetime) -> Iterator[Source]:
    rows = AgentJob.objects.filter(created_at__gte=since, universe=universe_id, agent_type=agent_type)
    with_note = rows.exclude(revision_note="").select_related("follows")
    for job in with_note.order_by("-created_at", "-id")[:MAX_VERDICTS]:
        before = job.follows.output_data if job.follows else None
        seen = _seen(job, str(job.pk), None, job.revision_note, before, None)
        yield Source(
            seen=seen, at=job.created_at, kind="revision", job_id=job.pk, verdict=Verdict.ASKED_AGAIN
        )


def _objects() -> Q:
    # That another variant was better says nothing about this one.
    is_choice = Q(reason__isnull=False, reason__code__in=VARIANT_REASONS)
    return (Q(rating=FeedbackRating.REJECTED) & ~is_choice) | Q(edited_output__isnull=False)


def _seen(job: AgentJob, pk: str, reason: str | None, note: str, before: Any, after: Any) -> Seen:
    request = hashlib.sha256(canonical_json(job.input_data).encode("utf-8", "surrogatepass")).hexdigest()
    return Seen(
        id=pk,
        request=request,
        reason=reason or "",
        note=note,
        before=_text(job, before) or "",
        after=_text(job, after),
    )


def _text(job: AgentJob, output: Any) -> str | None:
    return None if output is None else str(output.get(MAIN_OUTPUT.get(job.agent_type, ""), ""))
