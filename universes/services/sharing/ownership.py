"""Ownership of a universe, and its transfer."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from universes.choices import Role
from universes.errors import Busy, Conflict
from universes.models import Membership, Universe
from universes.services.locks import lock_universe
from universes.services.universes import free_slug


def transfer_universe(universe: Universe, to: User) -> Universe:
    """Make another person the owner; the former owner stays as an editor. Archived universes can be transferred too.

    The slug changes only if the new owner has it already. Raises ``Conflict`` ``owner_inactive``, ``Busy``.
    """
    if not to.is_active:
        raise Conflict(f"The account {to.get_username()} is not active.", code="owner_inactive")
    try:
        with transaction.atomic():
            locked = lock_universe(universe.pk)
            if locked.owner_id == to.pk:
                return locked
            if Universe.objects.filter(owner=to, slug=locked.slug).exists():
                locked.slug = free_slug(to, locked.name)
            locked.owner = to
            locked.save(update_fields=["owner", "slug", "updated_at"])
            # The database allows one owner at a time.
            locked.memberships.filter(role=Role.OWNER).update(role=Role.EDITOR)
            Membership.objects.update_or_create(universe=locked, user=to, defaults={"role": Role.OWNER})
    except IntegrityError as error:
        # The new owner has made a universe of the same name meanwhile.
        raise Busy(
            f"{to.get_username()} is making a universe called “{universe.name}”. Try again.",
            code="slug_taken",
        ) from error
    return locked
