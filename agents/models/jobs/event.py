"""History of a job."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from agents.choices import EventKind


class AgentJobEvent(models.Model):
    """Event in the history of a job. Rows are never changed, and are deleted only with their job."""

    job = models.ForeignKey(
        "agents.AgentJob",
        on_delete=models.CASCADE,
        related_name="events",
        db_index=False,  # covered by the index of the history
    )
    kind = models.CharField(max_length=32, choices=EventKind)
    attempt = models.PositiveIntegerField(help_text="The attempt that it belongs to; 0 before the first.")
    at = models.DateTimeField("time", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="Empty: the system itself.",
    )
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        db_table = "agent_job_events"
        ordering = ["id"]
        verbose_name = "job event"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=EventKind.values), name="agent_job_events_kind_known"
            )
        ]
        indexes = [
            models.Index(fields=["job", "id"], name="agent_job_events_order"),
            # The removal of an account.
            models.Index(
                fields=["by"], condition=models.Q(by__isnull=False), name="agent_job_events_by_person"
            ),
            # The filter of the admin; the kinds that every job has are found without.
            models.Index(
                fields=["kind", "-id"],
                condition=~models.Q(kind__in=[EventKind.SUBMITTED, EventKind.CLAIMED, EventKind.COMPLETED]),
                name="agent_job_events_rare",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%Y-%m-%d %H:%M:%S}"
