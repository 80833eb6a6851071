"""Exemplars: accepted outputs that are marked as they should be."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import QuerySet

from agents.canon.placement import ROUTES
from agents.choices import AgentType, FeedbackRating, JobOutcome
from agents.common import permissions, world_context
from agents.common.guidance import kind_of
from agents.common.text import results
from agents.common.text.job_text import request_text
from agents.engine.registry import get_agent
from agents.errors import Conflict, NotFound
from agents.learning import access
from agents.models import AgentJob, Exemplar

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Of a universe and agent; each process holds the newest of each kind.
MAX_EXEMPLARS: Final = 100


def exemplars_of(universe_id: uuid.UUID) -> QuerySet[Exemplar]:
    rows = Exemplar.objects.filter(universe=universe_id).select_related("marked_by")
    return rows.order_by("-marked_at", "-id")


def mark(job_id: uuid.UUID, *, by: User, universe_id: uuid.UUID) -> Exemplar:
    """Keep an accepted output as an example for later jobs of its universe; idempotent.

    A reviewer, a lead or the owner of the universe may do it. Raises ``Conflict``: ``not_accepted``
    unless a reviewer approved or edited it, or its requester accepted it; ``not_an_example`` for a report;
    ``too_many_exemplars``. ``NotFound`` for a job of another universe.
    """
    if not permissions.is_reviewer(by):
        access.taught_universe(by, universe_id)
    job = AgentJob.objects.filter(pk=job_id, universe=universe_id).first()
    if job is None:
        raise NotFound(f"There is no job {job_id} in this universe.", code="job_not_found")
    with transaction.atomic():
        universe = world_context.lock_universe(universe_id)
        if universe is None:
            raise NotFound(f"Universe {universe_id} no longer exists.", code="universe_not_found")
        world_context.refuse_archived(universe)
        known = Exemplar.objects.filter(job=job).first()
        if known is not None:
            return known
        output = _accepted_output(job)
        if Exemplar.objects.filter(universe=universe, agent_type=job.agent_type).count() >= MAX_EXEMPLARS:
            detail = f"There are {MAX_EXEMPLARS} examples for this agent. Remove one first."
            raise Conflict(detail, code="too_many_exemplars")
        return Exemplar.objects.create(
            universe=universe,
            agent_type=job.agent_type,
            kind=kind_of(job),
            request=request_text(job),
            output=output,
            job=job,
            marked_by=by,
        )


def unmark(universe_id: uuid.UUID, exemplar_id: uuid.UUID, *, by: User) -> None:
    """Remove an exemplar: the owner of its universe, or a reviewer; later jobs do not read it."""
    if not permissions.is_reviewer(by):
        access.taught_universe(by, universe_id)
    deleted, _ = Exemplar.objects.filter(pk=exemplar_id, universe=universe_id).delete()
    if not deleted:
        raise NotFound(f"There is no exemplar {exemplar_id}.", code="exemplar_not_found")


def _accepted_output(job: AgentJob) -> dict[str, Any]:
    if ROUTES[AgentType(job.agent_type)] is None:
        raise Conflict("A report cannot be an example.", code="not_an_example")
    output = results.result_of(job)
    is_accepted = job.outcome in (JobOutcome.APPROVED, JobOutcome.EDITED) or (
        job.outcome == JobOutcome.TRUSTED and job.feedback.filter(rating=FeedbackRating.ACCEPTED).exists()
    )
    if output is None or not is_accepted:
        raise Conflict("Only an output that somebody accepted can be an example.", code="not_accepted")
    fixed = get_agent(job.agent_type).fixed_fields
    return {name: value for name, value in output.items() if name not in fixed}
