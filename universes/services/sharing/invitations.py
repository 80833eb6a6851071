"""Invitations: nobody becomes a member without having said yes, and no answer tells which accounts exist."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils import timezone

from universes import limits
from universes.choices import Role
from universes.errors import Conflict, NotFound
from universes.models import Invitation, Membership, Universe
from universes.services.locks import lock_writable_universe
from universes.services.universes import already_member, refuse_owner_role

# Sent with ``invitation`` in its transaction, if there is somebody to tell.
invited = Signal()


def invite(universe: Universe, username: str, role: Role, *, by: User) -> Invitation:
    """Invite whoever has this name, if anybody does; while an invitation is pending, only change its role.

    Raises ``Conflict``: ``already_member``, ``too_many_invitations``, ``universe_archived``, ``owner_is_fixed``.
    """
    refuse_owner_role(role)
    now = timezone.now()
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        Invitation.objects.filter(universe=locked, expires_at__lte=now).delete()
        user = User.objects.filter(username=username, is_active=True).first()
        membership = Membership.objects.filter(universe=locked, user=user).first() if user else None
        if membership is not None:
            raise already_member(membership)
        pending = Invitation.objects.filter(universe=locked, username=username).first()
        if pending is not None:
            pending.role = role
            pending.save(update_fields=["role"])
            return pending
        if Invitation.objects.filter(universe=locked).count() >= limits.INVITATIONS:
            raise Conflict(
                f"“{locked.name}” has {limits.INVITATIONS} invitations without an answer.",
                code="too_many_invitations",
            )
        made = Invitation.objects.create(
            universe=locked,
            username=username,
            user=user,
            role=role,
            invited_by=by,
            created_at=now,
            expires_at=now + timedelta(days=limits.INVITATION_DAYS),
        )
        if user is not None:
            invited.send(Invitation, invitation=made)
    return made


def pending_in(universe: Universe) -> QuerySet[Invitation]:
    """Return the pending invitations to a universe, newest first."""
    return Invitation.objects.pending(timezone.now()).filter(universe=universe).order_by("-created_at", "-id")


def withdraw(universe: Universe, invitation_id: uuid.UUID) -> None:
    deleted, _ = pending_in(universe).filter(pk=invitation_id).delete()
    if not deleted:
        raise _not_found(invitation_id)


def invitations_to(user: User) -> QuerySet[Invitation]:
    """Return the invitations that a person has not answered, newest first."""
    own = Invitation.objects.for_answer(user.pk, timezone.now()).select_related("universe", "invited_by")
    return own.order_by("-created_at", "-id")


def accept(invitation_id: uuid.UUID, *, by: User) -> Membership:
    """Make the person a member; raise ``NotFound`` ``invitation_not_found`` or ``Conflict`` ``universe_archived``."""
    with transaction.atomic():
        invitation = _own(invitation_id, by)
        locked = lock_writable_universe(invitation.universe_id)
        # It may have been withdrawn, or its role changed, while this waited for the lock.
        invitation = _own(invitation_id, by)
        membership, _ = Membership.objects.get_or_create(
            universe=locked, user=by, defaults={"role": invitation.role}
        )
        invitation.delete()
    return membership


def decline(invitation_id: uuid.UUID, *, by: User) -> None:
    """Refuse an invitation, which the owner goes on seeing as pending; raise ``NotFound`` as ``accept`` does."""
    if not invitations_to(by).filter(pk=invitation_id).update(declined_at=timezone.now()):
        raise _not_found(invitation_id)


def _own(invitation_id: uuid.UUID, by: User) -> Invitation:
    invitation = invitations_to(by).filter(pk=invitation_id).first()
    if invitation is None:
        raise _not_found(invitation_id)
    return invitation


def _not_found(invitation_id: uuid.UUID) -> NotFound:
    return NotFound(f"There is no invitation {invitation_id} without an answer.", code="invitation_not_found")
