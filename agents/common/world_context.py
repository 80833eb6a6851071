"""Universes as the agents see them: the world to read, the permission to write, and the lock."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import OperationalError, connection

from agents.common.database import connections
from agents.common.permissions import ASK_ANYWHERE
from agents.engine.world import WorldView
from agents.errors import Conflict, DomainError, Forbidden, NotFound, UniverseBusy
from agents.models import AgentJob
from universes.choices import Role
from universes.models import Universe
from universes.services import access
from universes.services.world import world_snapshot, world_stamp

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Universes whose last view is kept by the process.
MAX_VIEWS: Final = 32


@dataclass(frozen=True, slots=True)
class _Known:
    """A view with the facts that it was made of, and the stamp that the world had before they were read."""

    view: WorldView
    facts: dict[str, Any]
    stamp: str | None


_last_views: OrderedDict[uuid.UUID, _Known] = OrderedDict()
_lock = threading.Lock()


def world_view(universe: Universe | None) -> WorldView | None:
    """Return a snapshot of the universe's canon in the engine's terms; None for a job without a universe.

    While nothing changes it is the same object, so that what is worked out of a world once serves all its jobs.
    """
    if universe is None:
        return None
    stamp = world_stamp(universe.pk)
    with _lock:
        known = _last_views.get(universe.pk)
        if known is not None and stamp == known.stamp and stamp and universe.name == known.view.name:
            _last_views.move_to_end(universe.pk)
            return known.view
    facts = world_snapshot(universe).as_dict()
    view = known.view if known and known.facts == facts else WorldView.model_validate(facts)
    with _lock:
        _last_views[universe.pk] = _Known(view, facts, stamp)
        _last_views.move_to_end(universe.pk)
        while len(_last_views) > MAX_VIEWS:
            _last_views.popitem(last=False)
    return view


def writable_universe(user: User, universe_id: uuid.UUID) -> Universe:
    """Return a universe in which the person may submit jobs, as one of its writers or by the site's permission.

    Raises ``NotFound`` if they may not see it, ``Forbidden`` if they may only read, ``Conflict`` if it is archived.
    """
    try:
        universe = access.find_universe(user, universe_id, at_least=Role.EDITOR)
    except (NotFound, Forbidden):
        found = Universe.objects.filter(pk=universe_id).first()
        if found is None or not user.has_perm(ASK_ANYWHERE):
            raise
        universe = found
    refuse_archived(universe)
    return universe


def refuse_archived(universe: Universe) -> None:
    if universe.archived:
        raise Conflict(
            f"The universe “{universe.name}” is archived; it can only be read.", code="universe_archived"
        )


def hold_open_universes(universe_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, DomainError]:
    """Hold the universes of new jobs; return by id why those refuse that were deleted or archived meanwhile.

    Raises ``UniverseBusy`` if another transaction archives or deletes one for too long.
    """
    wanted = {universe_id for universe_id in universe_ids if universe_id is not None}
    try:
        with connections.lock_waits_bounded():
            held = hold_universes(wanted, to_write=False)
    except OperationalError as error:
        if connections.is_lock_timeout(error):
            raise UniverseBusy("The universe is being archived or deleted. Try again.") from error
        raise
    refusals: dict[uuid.UUID | None, DomainError] = {}
    for universe_id in wanted:
        universe = held.get(universe_id)
        try:
            if universe is None:
                raise NotFound(f"Universe {universe_id} no longer exists.", code="universe_not_found")
            refuse_archived(universe)
        except DomainError as refusal:
            refusals[universe_id] = refusal
    return refusals


def hold_universes(
    universe_ids: Iterable[uuid.UUID | None], *, to_write: bool
) -> dict[uuid.UUID | None, Universe]:
    """Lock universes until the transaction ends, and return their present state by id, without deleted ones.

    Without ``to_write`` several transactions may hold the same universe, also beside one that writes to it, and those
    that archive or delete it wait; with ``to_write`` this is the only one that writes.
    """
    wanted = sorted({universe_id for universe_id in universe_ids if universe_id is not None})
    if not wanted:
        return {}
    rows = Universe.objects.filter(pk__in=wanted).order_by("pk")
    if to_write or not connection.features.has_select_for_update:
        return {row.pk: row for row in rows.select_for_update(no_key=True)}
    # FOR KEY SHARE, which the ORM does not know. FOR SHARE would wait for workers that add outputs to the universe, and
    # so for one that was stopped while it does.
    places = ", ".join(["%s"] * len(wanted))
    shared = f"SELECT * FROM universes WHERE id IN ({places}) ORDER BY id FOR KEY SHARE"  # noqa: S608
    return {row.pk: row for row in Universe.objects.raw(shared, wanted)}


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
