"""Language models in use and their life cycle."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from agents.choices import Lifecycle


class LanguageModel(models.Model):
    """The life cycle of a configured model as last read from the provider, and its successor."""

    name = models.CharField(max_length=100, unique=True)
    lifecycle = models.CharField(max_length=16, choices=Lifecycle, default=Lifecycle.UNKNOWN)
    deprecated_at = models.DateTimeField("deprecated", null=True, blank=True)
    retires_at = models.DateTimeField("retires", null=True, blank=True, help_text="The provider's date.")
    checked_at = models.DateTimeField(
        "checked", null=True, blank=True, help_text="Last checked with the provider."
    )
    check_error = models.TextField(blank=True, help_text="Why the last check failed.")
    successor = models.CharField(
        max_length=100,
        blank=True,
        help_text="Replaces this model when it is retired. Empty: as MODEL_SUCCESSORS says, if at all.",
    )
    replaced_at = models.DateTimeField(
        "replaced", null=True, blank=True, help_text="When its successor took over."
    )

    class Meta:
        db_table = "agent_language_models"
        ordering = ["name"]
        verbose_name = "language model"
        constraints = [
            models.CheckConstraint(
                condition=Q(lifecycle__in=Lifecycle.values), name="agent_language_models_lifecycle_known"
            ),
            models.CheckConstraint(
                condition=~Q(successor=models.F("name")), name="agent_language_models_another_successor"
            ),
        ]

    def __str__(self) -> str:
        return self.name
