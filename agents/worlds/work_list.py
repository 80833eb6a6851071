"""The work list of a universe: its contradictions in canon, and what a person does about each."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import QuerySet

from agents.choices import AgentType, FindingState
from agents.common import world_context
from agents.engine.fields import MAX_WORDS, MIN_WORDS
from agents.errors import Conflict, NotFound
from agents.jobs import submission
from agents.models import AgentJob, SceneFix, WorldFinding
from agents.review import intentional, notes
from universes.choices import CanonStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from universes.models import Universe

# The length of a rewritten scene differs by at most this share.
_SPREAD: Final = 0.25


def findings_in(universe: Universe) -> QuerySet[WorldFinding]:
    """Return the work list of a universe, with the state of each finding as ``now``."""
    rows = WorldFinding.objects.filter(universe=universe).with_state()
    return rows.select_related("scene").order_by("-found_at", "-id")


def find(universe: Universe, finding_id: uuid.UUID) -> WorldFinding:
    row = findings_in(universe).filter(pk=finding_id).first()
    if row is None:
        raise NotFound(f"There is no finding {finding_id} in “{universe.name}”.", code="finding_not_found")
    return row


def mark_intentional(
    universe: Universe, finding_id: uuid.UUID, *, by: User, reason: str = ""
) -> WorldFinding:
    """Mark a finding as intentional; the same words of a scene then count in no check of the universe.

    Idempotent: marked again, it only takes a new reason. Raises ``NotFound`` ``finding_not_found``, ``Conflict``:
    ``finding_closed``, ``too_many_marks``, ``universe_archived``.
    """
    reason = notes.checked_note(reason, "/reason")
    with transaction.atomic():
        row = _lock(universe, finding_id)
        _refuse_closed(row)
        marked = intentional.Marked(row.finding_id, row.source_id, row.statement, row.quote)
        intentional.store_mark(universe, marked, by=by, reason=reason)
    return find(universe, finding_id)


def unmark(universe: Universe, finding_id: uuid.UUID) -> None:
    """Undo the mark of a finding; idempotent. Raises ``NotFound``, ``Conflict`` ``universe_archived``."""
    with transaction.atomic():
        row = _lock(universe, finding_id)
        intentional.remove_mark(universe, row.finding_id)


def ask_for_fix(universe: Universe, finding_id: uuid.UUID, *, by: User) -> AgentJob:
    """Submit a job that rewrites the scene of a finding without it; accepted, its text replaces that of the scene.

    Raises ``NotFound`` ``finding_not_found``, ``Conflict``: ``finding_closed``, ``fix_under_way`` (a job for the same
    finding has not ended), and what ``submit_job`` raises.
    """
    row = find(universe, finding_id)
    _refuse_closed(row)
    scene = row.scene
    low, high = (round(scene.word_count * (1 + way * _SPREAD)) for way in (-1, 1))
    low = min(max(MIN_WORDS, low), MAX_WORDS)
    request = submission.JobRequest(
        by=by,
        agent_type=AgentType.NARRATIVE,
        input_data={
            "prompt": f"Write the scene “{scene.title}” again. What happens in it stays as it is.",
            "type": scene.kind,
            "word_range": {"low": low, "high": min(max(low, high), MAX_WORDS)},
            **({"mentions": scene.mentions} if scene.mentions else {}),
        },
        universe_id=universe.pk,
        revision_note=(
            f"“{row.quote}” contradicts “{row.statement}”. {row.why} Change only what it takes to mend this, and keep"
            " the rest word for word."
        ),
    )
    prepared = submission.prepare_job(request, *submission.check_request(request))
    with transaction.atomic():
        row = _lock(universe, finding_id)
        _refuse_closed(row)
        under_way = AgentJob.objects.filter(fix__finding=row).unfinished().first()
        if under_way is not None:
            raise Conflict(f"Job {under_way.pk} is mending it already.", code="fix_under_way")
        job = submission.create_job(prepared)
        SceneFix.objects.create(
            job=job, scene=row.scene, finding=row, title=row.scene.title, text=row.scene.text
        )
    return job


def _lock(universe: Universe, finding_id: uuid.UUID) -> WorldFinding:
    locked = world_context.lock_universe(universe.pk)
    if locked is None:
        raise NotFound(f"There is no universe {universe.pk} any more.", code="universe_not_found")
    world_context.refuse_archived(locked)
    return find(locked, finding_id)


def _refuse_closed(row: WorldFinding) -> None:
    if row.state != FindingState.OPEN or row.scene.canon_status != CanonStatus.CANON:
        raise Conflict("It is no longer found in the scene.", code="finding_closed")
