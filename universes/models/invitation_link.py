"""Links that invite whoever has them."""

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


class InvitationLinkQuerySet(models.QuerySet["InvitationLink"]):
    def usable(self, now: datetime) -> Self:
        return self.filter(used_at__isnull=True, expires_at__gt=now)


class InvitationLink(models.Model):
    """A link that makes one person a member, with or without an account before; only a hash of it is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="invitation_links")
    role = models.CharField(max_length=10, choices=Role.choices)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InvitationLinkQuerySet.as_manager()

    class Meta:
        db_table = "universe_invitation_links"
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[Role.EDITOR, Role.VIEWER]), name="invitation_link_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Link for one {self.role}"
