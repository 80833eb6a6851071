"""Notification of a person who is invited to a universe."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from agents.choices import NotificationKind
from agents.models import Notification
from universes.models import Invitation
from universes.services.sharing import invitations


@receiver(invitations.invited)
def notify_invited(sender: Any, *, invitation: Invitation, **kwargs: Any) -> None:
    """Notify in the application alone: mail that anybody can cause by anybody's name would be abused."""
    assert invitation.user is not None
    Notification.objects.create(
        to=invitation.user,
        kind=NotificationKind.INVITATION,
        invitation=invitation,
        by=invitation.invited_by,
    )
