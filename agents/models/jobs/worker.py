"""Worker processes and their signs of life."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from universes.ids import new_id


class WorkerProcessQuerySet(models.QuerySet["WorkerProcess"]):
    def alive(self) -> WorkerProcessQuerySet:
        """Select the workers whose lease runs, by the clock of the database."""
        return self.filter(seen_at__gte=Now() - timedelta(seconds=settings.LEASE_S))

    def silent(self, for_s: float | None = None) -> WorkerProcessQuerySet:
        """Select the workers without a sign of life for a time, by default for the length of a lease."""
        return self.filter(
            seen_at__lt=Now() - timedelta(seconds=settings.LEASE_S if for_s is None else for_s)
        )


class WorkerProcess(models.Model):
    """Process that runs jobs. It renews ``seen_at`` every few seconds, and deletes its row when it stops.

    The row is the lease of all its jobs: while it is silent for longer than ``LEASE_S``, they are taken back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, help_text="The name of its Celery node.")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="Last heartbeat, by the database's clock.")
    calling = models.JSONField(default=list, blank=True, help_text="Running jobs that have called the model.")

    objects = WorkerProcessQuerySet.as_manager()

    class Meta:
        db_table = "agent_workers"
        ordering = ["started_at"]
        verbose_name = "worker"

    def __str__(self) -> str:
        return self.name
