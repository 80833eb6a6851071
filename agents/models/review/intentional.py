"""Findings that reviewers have accepted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class IntentionalFinding(models.Model):
    """A reviewer's mark on a finding: in this universe, this passage may contradict this statement.

    Undoing the mark deletes the row; the events of the jobs record both. ``source_id``, ``statement`` and ``quote`` are
    copies from the finding of ``job``, where it was marked.
    """

    universe = models.ForeignKey(
        "universes.Universe", on_delete=models.CASCADE, related_name="intentional_findings"
    )
    finding_id = models.CharField(max_length=16)
    source_id = models.CharField("source", max_length=200)
    statement = models.TextField()
    quote = models.TextField()
    job = models.ForeignKey(
        "agents.AgentJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField("marked", default=timezone.now)

    class Meta:
        db_table = "agent_intentional_findings"
        ordering = ["-created_at", "-id"]
        verbose_name = "intentional finding"
        constraints = [
            models.UniqueConstraint(fields=["universe", "finding_id"], name="agent_intentional_findings_once")
        ]

    def __str__(self) -> str:
        return f"Intentional finding {self.finding_id}"
