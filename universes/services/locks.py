"""Row locks that serialize the writers of one universe."""

from __future__ import annotations

import uuid

from universes.errors import Conflict, NotFound
from universes.models import Universe


def lock_universe(universe_id: uuid.UUID, *, to_close: bool = False) -> Universe:
    """Lock a universe until the caller's transaction ends, and return its current row.

    Names and rules that a writer has read are still the same when it writes. Inserting rows that merely refer to
    the universe is not blocked, except with ``to_close``: nobody submits a job to a universe that is being archived or
    deleted. Raises ``NotFound`` ``universe_not_found``.
    """
    universe = Universe.objects.select_for_update(no_key=not to_close).filter(pk=universe_id).first()
    if universe is None:
        raise NotFound(f"There is no universe {universe_id}.", code="universe_not_found")
    return universe


def lock_writable_universe(universe_id: uuid.UUID) -> Universe:
    """Lock a universe to write to its content; raise ``Conflict`` ``universe_archived`` if it is archived."""
    universe = lock_universe(universe_id)
    refuse_archived(universe)
    return universe


def refuse_archived(universe: Universe) -> None:
    if universe.archived:
        raise Conflict(
            f"“{universe.name}” is archived and can only be read; its owner may reopen it.",
            code="universe_archived",
        )
