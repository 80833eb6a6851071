"""Universes as the agents see them: the world to read, the permission to write, and the lock."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING

from agents.engine.world import WorldView
from agents.errors import Conflict, NotFound
from agents.models import AgentJob
from universes.choices import Role
from universes.models import Universe
from universes.services import access
from universes.services.world import world_snapshot

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def world_view(universe: Universe | None) -> WorldView | None:
    """Return a snapshot of the universe's canon in the engine's terms; None for a job without a universe."""
    return WorldView.model_validate(world_snapshot(universe).as_dict()) if universe else None


def writable_universe(user: User, universe_id: uuid.UUID) -> Universe:
    """Return a universe in which the person may submit jobs.

    Raises ``NotFound`` if they are no member, ``Forbidden`` if they may only read, ``Conflict`` if it is archived.
    """
    universe = access.find_universe(user, universe_id, at_least=Role.EDITOR)
    refuse_archived(universe)
    return universe


def refuse_archived(universe: Universe) -> None:
    if universe.archived:
        raise Conflict(
            f"The universe {universe.name!r} is archived; it can only be read.", code="universe_archived"
        )


def lock_open_universe(universe_id: uuid.UUID | None) -> None:
    """Lock the universe of a new job; ``NotFound`` if it has been deleted, ``Conflict`` if it has been archived."""
    universe = lock_universe(universe_id)
    if universe is not None:
        refuse_archived(universe)
    elif universe_id is not None:
        raise NotFound(f"There is no universe {universe_id} any more.", code="universe_not_found")


def lock_universe(universe_id: uuid.UUID | None) -> Universe | None:
    """Lock a universe until the transaction ends, and return its present state; None if it has been deleted.

    Lock order: universe before jobs, review items and budgets, as in the deletion of a universe, to avoid deadlocks.
    """
    if universe_id is None:
        return None
    return Universe.objects.select_for_update(no_key=True).filter(pk=universe_id).first()


def lock_universes_of(job_ids: Collection[uuid.UUID]) -> None:
    """Lock the universes of several jobs, before the rows of the jobs are locked."""
    universes = Universe.objects.select_for_update(no_key=True).filter(
        pk__in=AgentJob.objects.filter(pk__in=job_ids, universe__isnull=False).values("universe")
    )
    list(universes.order_by("pk").values_list("pk"))
