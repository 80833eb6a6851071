"""Links with which people without an account become members: each works once, for a limited time."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from universes import limits
from universes.choices import Role
from universes.errors import Conflict, NotFound
from universes.models import InvitationLink, Membership, Universe
from universes.services.locks import lock_writable_universe
from universes.services.universes import refuse_owner_role
from universes.services.validation import check_range


def make_link(
    universe: Universe, role: Role, *, by: User, days: int = limits.INVITATION_DAYS
) -> tuple[InvitationLink, str]:
    """Make a link and return it with its secret, which is not stored and cannot be had again.

    Raises ``Invalid`` for days out of range, ``Conflict``: ``too_many_invitations``, ``universe_archived``,
    ``owner_is_fixed``.
    """
    refuse_owner_role(role)
    check_range(days, "/days", low=1, high=limits.INVITATION_LINK_DAYS)
    now, secret = timezone.now(), secrets.token_urlsafe(32)
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        if usable_links(locked).count() >= limits.INVITATIONS:
            raise Conflict(
                f"“{locked.name}” has {limits.INVITATIONS} links that nobody has used.",
                code="too_many_invitations",
            )
        link = InvitationLink.objects.create(
            universe=locked,
            role=role,
            secret_hash=_hash(secret),
            made_by=by,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    return link, secret


def address_of(secret: str) -> str:
    """Return the address of the page on which the invited person joins."""
    return f"{settings.SITE_URL}{reverse('studio:join')}?{urlencode({'link': secret})}"


def usable_links(universe: Universe) -> QuerySet[InvitationLink]:
    """Return the links of a universe that may still be used, newest first."""
    return (
        InvitationLink.objects.usable(timezone.now()).filter(universe=universe).order_by("-created_at", "-id")
    )


def find_link(secret: str) -> InvitationLink:
    """Return the usable link with this secret; raise ``NotFound`` ``invitation_link_not_found``."""
    usable = InvitationLink.objects.usable(timezone.now()).select_related("universe", "made_by")
    link = usable.filter(secret_hash=_hash(secret)).first()
    if link is None:
        raise NotFound(
            "This invitation was used, was withdrawn or has expired. Ask for a new one.",
            code="invitation_link_not_found",
        )
    return link


def use_link(secret: str, *, by: User) -> Membership:
    """Make the person a member, and the link unusable; a member keeps their role, and the link stays usable.

    Raises as ``find_link`` does, and ``Conflict`` ``universe_archived``.
    """
    link = find_link(secret)
    with transaction.atomic():
        locked = lock_writable_universe(link.universe_id)
        existing = Membership.objects.filter(universe=locked, user=by).first()
        if existing is not None:
            return existing
        now = timezone.now()
        # Of two people with one link, the condition lets one through.
        if not InvitationLink.objects.usable(now).filter(pk=link.pk).update(used_at=now, used_by=by):
            return use_link(secret, by=by)
        return Membership.objects.create(universe=locked, user=by, role=link.role)


def withdraw_link(universe: Universe, link_id: uuid.UUID) -> None:
    deleted, _ = usable_links(universe).filter(pk=link_id).delete()
    if not deleted:
        raise NotFound(f"There is no unused link {link_id}.", code="invitation_link_not_found")


def _hash(secret: str) -> str:
    # A fast hash will do: nobody guesses 32 random bytes.
    return hashlib.sha256(secret.encode("utf-8", "backslashreplace")).hexdigest()
