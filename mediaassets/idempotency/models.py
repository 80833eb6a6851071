"""The table of idempotency keys."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class IdempotentRequest(models.Model):
    """One key of one account for one method and path, and the answer once there is one.

        claimed -> answered      in the transaction of the work itself
           |
           +----> claimed again  by a repetition, once ``claimed_until`` has passed: the process died

    ``token`` is the fence: a process that stalled and woke again matches no row, and its work is rolled back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # SHA-256 of method, path and key, because paths and keys have no useful limit for a column.
    scope = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    token = models.UUIDField(default=uuid.uuid4)
    claimed_until = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")

    class Meta:
        db_table = "idempotent_requests"
        constraints = [
            models.UniqueConstraint(fields=["user", "scope"], name="idempotent_request_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, status__isnull=True)
                | Q(answered_at__isnull=False, status__isnull=False),
                name="idempotent_request_answer_has_status",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotent_request_by_age")]

    def __str__(self) -> str:
        return self.scope
