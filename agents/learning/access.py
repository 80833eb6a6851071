"""Permissions to see and change what a universe teaches its agents."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from agents.common import permissions, world_context
from agents.errors import NotFound
from universes.choices import Role
from universes.models import Universe
from universes.services import access

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def readable_universe(user: User, universe_id: uuid.UUID) -> Universe:
    """Return a universe of which the person is a member; any universe for a lead."""
    return _of_lead(user, universe_id) or access.find_universe(user, universe_id)


def taught_universe(user: User, universe_id: uuid.UUID) -> Universe:
    """Return a universe whose proposals the person may read: that of its owner; any universe for a lead."""
    return _of_lead(user, universe_id) or access.find_universe(user, universe_id, at_least=Role.OWNER)


def teachable_universe(user: User, universe_id: uuid.UUID) -> Universe:
    """Return a universe whose guide the person may change: its owner or a lead; refuse an archived one."""
    universe = taught_universe(user, universe_id)
    world_context.refuse_archived(universe)
    return universe


def _of_lead(user: User, universe_id: uuid.UUID) -> Universe | None:
    if not permissions.is_lead(user):
        return None
    universe = Universe.objects.filter(pk=universe_id).first()
    if universe is None:
        raise NotFound(f"There is no universe {universe_id}.", code="universe_not_found")
    return universe
