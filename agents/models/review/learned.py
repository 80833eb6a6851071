"""Confidences that were learned from verdicts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.choices import AgentType
from universes.ids import new_id


class LearnedConfidence(models.Model):
    """A confidence learned for one agent, model and version of its prompts; it replaces the hand-set score.

    Rows are added; the one without ``until`` is in force. A new model or prompt ends it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent_type = models.CharField("agent", max_length=32, choices=AgentType)
    model = models.CharField(max_length=100)
    prompt_version = models.CharField(max_length=64)
    at = models.DateTimeField("learned", default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    bias = models.FloatField(help_text="Log-odds of an approval if every signal is perfect.")
    weights = models.JSONField(help_text="What a signal takes off the log-odds at 0.")
    evidence = models.JSONField(help_text="Its comparison with the hand-set score on held-out verdicts.")

    class Meta:
        db_table = "agent_learned_confidences"
        ordering = ["-at", "-id"]
        verbose_name = "learned confidence"
        constraints = [
            models.UniqueConstraint(
                fields=["agent_type"],
                condition=Q(until__isnull=True),
                name="agent_learned_confidences_one_now",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_agent_type_display()} since {self.at:%Y-%m-%d}"
