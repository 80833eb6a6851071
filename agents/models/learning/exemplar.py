"""Pieces that show how the texts of a universe should be."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from agents.choices import AgentType
from universes.ids import new_id


class Exemplar(models.Model):
    """A copy of an accepted output, with its request; the job may be cleaned up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey("universes.Universe", on_delete=models.CASCADE, related_name="+")
    agent_type = models.CharField("agent", max_length=32, choices=AgentType)
    kind = models.CharField(max_length=100, blank=True, help_text="Type that the request asked for.")
    request = models.TextField()
    output = models.JSONField()
    job = models.ForeignKey(
        "agents.AgentJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="exemplars"
    )
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "agent_exemplars"
        ordering = ["-marked_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["job"], name="agent_exemplars_once")]
        indexes = [
            models.Index(fields=["universe", "agent_type", "-marked_at"], name="agent_exemplars_of_universe")
        ]

    def __str__(self) -> str:
        return f"Exemplar for {self.get_agent_type_display()}"
