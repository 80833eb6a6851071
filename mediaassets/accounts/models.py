"""Tables of the accounts, beside Django's own."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

MAX_NAME_CHARS = 100


class TokenEpoch(models.Model):
    """The number that the tokens of an account must carry; an account without a row has 0.

    A trigger counts it up with each new password and each deactivation, whoever writes them; a logout does as well.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="token_epoch"
    )
    epoch = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "account_token_epochs"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.epoch}"


class NameKey(models.Model):
    """A form of a user name that no other account may have: how it is read, without case, width and look-alikes.

    ``usernames`` writes them. An account has one or two, or none if it is older than the rule and looks like another.
    """

    key = models.TextField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="name_keys")

    class Meta:
        db_table = "account_name_keys"

    def __str__(self) -> str:
        return self.key


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, now: datetime) -> Self:
        """Select keys that are neither revoked nor expired."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)


class ApiKey(models.Model):
    """A key with which a program acts for an account, within its scopes.

    Only a hash of its secret is stored. A fast hash will do: nobody guesses 32 random bytes.
    """

    id = models.CharField(primary_key=True, max_length=16, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=MAX_NAME_CHARS)
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(help_text="What it may be used for.")
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("expires", null=True, blank=True, help_text="Empty: never.")
    last_used_at = models.DateTimeField("last used", null=True, blank=True, help_text="To the minute.")
    revoked_at = models.DateTimeField("revoked", null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        db_table = "account_api_keys"
        ordering = ["-created_at", "-id"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return self.name
