"""User preferences."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class UserPreference(models.Model):
    """The preferences of one person, validated by ``agents.notify.preferences.Preferences``."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    preferences = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField("created", auto_now_add=True)
    updated_at = models.DateTimeField("changed", auto_now=True)

    class Meta:
        db_table = "user_preferences"
        verbose_name = "user preference"

    def __str__(self) -> str:
        return f"Preferences of {self.user}"
