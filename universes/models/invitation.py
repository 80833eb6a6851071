"""Invitations to a universe."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from universes.choices import Role
from universes.ids import new_id
from universes.models.universe import Universe


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)

    def for_answer(self, user_id: int, now: datetime) -> Self:
        """Select the invitations that this person may accept or decline."""
        return self.pending(now).filter(user_id=user_id, declined_at__isnull=True)


class Invitation(models.Model):
    """An invitation by name, which makes a member only when the person accepts it.

    A name that nobody has gets one as well, without a ``user``, and a declined one stays until it expires: the owner
    learns neither which accounts exist nor who declined.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="invitations")
    username = models.CharField(max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(max_length=10, choices=Role.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        db_table = "universe_invitations"
        constraints = [
            models.UniqueConstraint(fields=["universe", "username"], name="invitation_once_per_name"),
            models.CheckConstraint(
                condition=Q(role__in=[Role.EDITOR, Role.VIEWER]), name="invitation_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.username} ({self.role})"

    def may_be_answered(self, now: datetime) -> bool:
        return self.declined_at is None and self.expires_at > now
