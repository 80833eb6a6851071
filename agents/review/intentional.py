"""Marking of findings as intentional, for the whole universe, and its undoing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from agents.choices import EventKind, ReviewState
from agents.common import events, findings, permissions, world_context
from agents.engine.text.matching import shortened
from agents.errors import Conflict, NotFound
from agents.models import IntentionalFinding, ReviewItem
from agents.review import claims, history, items, notes

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from agents.models import AgentJob
    from universes.models import Universe

# Each run reads the ids of all marks of its universe.
MAX_MARKS: Final = 1000


def mark(item_id: uuid.UUID, finding_id: str, *, by: User, reason: str = "") -> findings.MarkedFinding:
    """Mark a finding of an item as intentional in the job's universe, and return the finding.

    The same finding then counts neither in later checks nor on the pages of other jobs. Idempotent: marked again, it
    only takes a new reason. Raises ``NotFound`` with code ``finding_not_found``, and ``Conflict`` with one of the codes
    ``no_universe``, ``opinions_open`` (independent opinions are still required), ``too_many_marks``,
    ``universe_archived`` or those of ``claims.claim``.
    """
    permissions.require_reviewer(by)
    reason = notes.checked_note(reason, "/reason")
    with transaction.atomic():
        item, universe, finding = _lock(item_id, finding_id, by)
        passage = Marked(finding_id, finding["source_id"], finding["statement"], finding["quote"])
        if store_mark(universe, passage, by=by, reason=reason, job=item.job):
            words = history.visible_words(item, reason=reason)
            history.record(
                item, EventKind.FINDING_MARKED, by, **_event_data(finding["id"], finding["quote"]), **words
            )
        return findings.as_marked(item.job, finding, findings.marks_on([item.job]))


def unmark(item_id: uuid.UUID, finding_id: str, *, by: User) -> None:
    """Undo the mark on a finding of an item; idempotent. Raises the errors of ``mark``."""
    permissions.require_reviewer(by)
    with transaction.atomic():
        item, universe, finding = _lock(item_id, finding_id, by)
        if remove_mark(universe, finding_id):
            history.record(
                item, EventKind.FINDING_UNMARKED, by, **_event_data(finding["id"], finding["quote"])
            )


def withdraw(marked: IntentionalFinding, *, by: User) -> None:
    """Undo a mark without an item, whose job may be gone; idempotent."""
    permissions.require_reviewer(by)
    with transaction.atomic():
        universe = world_context.lock_universe(marked.universe_id)
        if universe is not None:
            world_context.refuse_archived(universe)
        deleted, _ = IntentionalFinding.objects.filter(pk=marked.pk).delete()
        job = marked.job
        if deleted and job is not None:
            data = _event_data(marked.finding_id, marked.quote)
            events.record(job.pk, EventKind.FINDING_UNMARKED, attempt=job.attempts, by=by, **data)


@dataclass(frozen=True, slots=True)
class Marked:
    """The passage that a mark is about: the same words may contradict the same statement everywhere in a universe."""

    finding_id: str
    source_id: str
    statement: str
    quote: str


def store_mark(
    universe: Universe, marked: Marked, *, by: User, reason: str, job: AgentJob | None = None
) -> bool:
    """Store a mark and return whether that changed anything; marked again, it only takes a new reason.

    The caller holds the lock of the universe. Raises ``Conflict`` with code ``too_many_marks``.
    """
    marks = IntentionalFinding.objects.filter(universe=universe)
    existing = marks.filter(finding_id=marked.finding_id).first()
    if existing is not None and reason in {"", existing.reason}:
        return False
    if existing is None:
        refuse_another_mark(universe)
    # The unique constraint, not the row read above, makes it one row.
    IntentionalFinding.objects.update_or_create(
        universe=universe,
        finding_id=marked.finding_id,
        defaults={
            "source_id": marked.source_id,
            "statement": marked.statement,
            "quote": marked.quote,
            "marked_by": by,
            "reason": reason,
            **({"job": job} if job is not None else {}),
        },
    )
    return True


def refuse_another_mark(universe: Universe) -> None:
    if IntentionalFinding.objects.filter(universe=universe).count() >= MAX_MARKS:
        raise Conflict(
            f"“{universe.name}” has {MAX_MARKS} intentional findings, the maximum.", code="too_many_marks"
        )


def remove_mark(universe: Universe, finding_id: str) -> bool:
    """Remove a mark and return whether there was one; the caller holds the lock of the universe."""
    deleted, _ = IntentionalFinding.objects.filter(universe=universe, finding_id=finding_id).delete()
    return bool(deleted)


def is_offered(item: ReviewItem, *, may_decide: bool) -> bool:
    """Return whether the page offers a reviewer to mark findings of the item; ``mark`` checks again."""
    universe = item.job.universe
    if universe is None or universe.archived or item.is_hidden:
        return False
    return item.state == ReviewState.CLOSED or (may_decide and not _needs_independence(item))


def _lock(
    item_id: uuid.UUID, finding_id: str, by: User
) -> tuple[ReviewItem, Universe, findings.StoredFinding]:
    """Lock the universe and the item, in this order, and return them with the finding, or refuse."""
    universe = world_context.lock_universe(items.find_item(item_id, by).job.universe_id)
    item = items.lock_item(item_id, by)
    # The findings of a blind item must not even be confirmed.
    known = () if item.is_hidden else findings.findings_in(item.job)
    finding = next((finding for finding in known if finding["id"] == finding_id), None)
    if finding is None:
        raise NotFound(f"This item has no finding {finding_id}.", code="finding_not_found")
    if universe is None:
        raise Conflict(
            "The job has no universe in which the finding could be intentional.", code="no_universe"
        )
    world_context.refuse_archived(universe)
    if item.state == ReviewState.OPEN:
        decidable = ReviewItem.objects.claimable_by(by, timezone.now()).filter(pk=item_id)
        claims.run_transition(item_id, by, decidable.exists)
        if _needs_independence(item):
            raise Conflict(
                "This item requires independent opinions. Findings can be marked once it is decided.",
                code="opinions_open",
            )
    return item, universe, finding


def _needs_independence(item: ReviewItem) -> bool:
    """Return whether a mark would influence opinions that are still to be given."""
    return item.state == ReviewState.OPEN and item.opinions_wanted > 1 and item.disputed_at is None


def _event_data(finding_id: str, quote: str) -> dict[str, str]:
    return {"finding_id": finding_id, "quote": shortened(quote)}
