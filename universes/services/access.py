"""Permission to read and to change a universe: by membership, or by the site's permission to view universes."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from universes.choices import Role
from universes.errors import Forbidden, NotFound
from universes.models import Membership, Universe

_RANK: dict[str, int] = {Role.VIEWER: 1, Role.EDITOR: 2, Role.OWNER: 3}


def may_read_all(user: User) -> bool:
    """Return whether this person reads every universe, as in the admin. Being staff is not enough."""
    return user.has_perm("universes.view_universe") or user.has_perm("universes.change_universe")


def readable_memberships(user: User) -> QuerySet[Membership]:
    """Return one membership for each universe that the person may read, annotated with ``is_of_another``.

    It is their own, or, for those who read every universe, the owner's.
    """
    own = Membership.objects.filter(user=user)
    if not may_read_all(user):
        return own.annotate(is_of_another=Value(False))
    is_of_another = Q(role=Role.OWNER) & ~Exists(own.filter(universe=OuterRef("universe")))
    return Membership.objects.filter(Q(user=user) | is_of_another).annotate(is_of_another=~Q(user=user))


def find_membership(user: User, universe_id: uuid.UUID, *, at_least: Role = Role.VIEWER) -> Membership:
    """Return the caller's membership, with its universe and owner loaded.

    Those who read every universe without being a member have the role of a viewer, in a row that is not stored.
    Raises ``NotFound`` for all others, without revealing whether the universe exists, and ``Forbidden`` if the role is
    too low.
    """
    membership = (
        Membership.objects.select_related("universe__owner", "user")
        .filter(universe_id=universe_id, user=user)
        .first()
    )
    if membership is None and may_read_all(user):
        universe = Universe.objects.select_related("owner").filter(pk=universe_id).first()
        if universe is not None:
            membership = Membership(universe=universe, user=user, role=Role.VIEWER)
    if membership is None:
        raise NotFound(f"There is no universe {universe_id} among yours.", code="universe_not_found")
    if _RANK[membership.role] < _RANK[at_least]:
        raise Forbidden(
            f"You are {membership.get_role_display().lower()} of “{membership.universe.name}”; "
            f"this takes the role {at_least.value}.",
            code="role_too_low",
        )
    return membership


def find_universe(user: User, universe_id: uuid.UUID, *, at_least: Role = Role.VIEWER) -> Universe:
    """Return the universe of ``find_membership``."""
    return find_membership(user, universe_id, at_least=at_least).universe
