"""Who may do what in a universe. The doors ask here before they call a service."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User

from universes.choices import Role
from universes.errors import Forbidden, NotFound
from universes.models import Membership, Universe

_RANK: dict[str, int] = {Role.VIEWER: 1, Role.EDITOR: 2, Role.OWNER: 3}


def find_membership(user: User, universe_id: uuid.UUID, *, at_least: Role = Role.VIEWER) -> Membership:
    """The caller's membership, with its universe and owner loaded.

    Raises ``NotFound`` for a universe that is not the caller's (whether it exists is not told), and
    ``Forbidden`` for a member whose role is too low.
    """
    membership = (
        Membership.objects.select_related("universe__owner", "user")
        .filter(universe_id=universe_id, user=user)
        .first()
    )
    if membership is None:
        raise NotFound(f"There is no universe {universe_id} among yours.", code="universe_not_found")
    if _RANK[membership.role] < _RANK[at_least]:
        raise Forbidden(
            f"You are {membership.get_role_display().lower()} of {membership.universe.name}; "
            f"this takes the role {at_least.value}.",
            code="role_too_low",
        )
    return membership


def find_universe(user: User, universe_id: uuid.UUID, *, at_least: Role = Role.VIEWER) -> Universe:
    """``find_membership`` for a caller that wants the universe only."""
    return find_membership(user, universe_id, at_least=at_least).universe
