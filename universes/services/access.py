"""Permission checks for members of a universe."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User

from universes.choices import Role
from universes.errors import Forbidden, NotFound
from universes.models import Membership, Universe

_RANK: dict[str, int] = {Role.VIEWER: 1, Role.EDITOR: 2, Role.OWNER: 3}


def find_membership(user: User, universe_id: uuid.UUID, *, at_least: Role = Role.VIEWER) -> Membership:
    """Return the caller's membership, with its universe and owner loaded.

    Raises ``NotFound`` if the caller is not a member, without revealing whether the universe exists, and
    ``Forbidden`` if the member's role is too low.
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
    """Return the universe of ``find_membership``."""
    return find_membership(user, universe_id, at_least=at_least).universe
