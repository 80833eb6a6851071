"""What an agent may read of a universe, in the engine's plain terms, and who may write to it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING

from agents.engine.world import WorldView
from agents.errors import Conflict
from agents.models import AgentJob
from universes.choices import Role
from universes.models import Universe
from universes.services import access
from universes.services.world import world_snapshot

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def world_view(universe: Universe | None) -> WorldView | None:
    """The universe's canon, frozen; None for a job without a universe."""
    return WorldView.model_validate(world_snapshot(universe).as_dict()) if universe else None


def writable_universe(user: User, universe_id: uuid.UUID) -> Universe:
    """A universe that the person may have work done in.

    ``NotFound`` where they are no member, ``Forbidden`` where they may only read, ``Conflict`` where it is archived.
    """
    universe = access.find_universe(user, universe_id, at_least=Role.EDITOR)
    refuse_archived(universe)
    return universe


def refuse_archived(universe: Universe) -> None:
    """``Conflict`` for a universe in which no work is to be done."""
    if universe.archived:
        raise Conflict(
            f"The universe {universe.name!r} is archived; it can only be read.", code="universe_archived"
        )


def lock_universe(universe_id: uuid.UUID | None) -> Universe | None:
    """The universe as it is now, held until the transaction ends; None where it has been deleted.

    Taken before the rows of jobs and review items: who deletes a universe takes them in this order too, and two
    that took them crosswise would wait for each other.
    """
    if universe_id is None:
        return None
    return Universe.objects.select_for_update(no_key=True).filter(pk=universe_id).first()


def lock_universes_of(job_ids: Collection[uuid.UUID]) -> None:
    """``hold_universe`` for the universes of several jobs, before their rows are taken."""
    held = Universe.objects.select_for_update(no_key=True).filter(
        pk__in=AgentJob.objects.filter(pk__in=job_ids, universe__isnull=False).values("universe")
    )
    list(held.order_by("pk").values_list("pk"))
