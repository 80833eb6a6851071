"""Message batches: jobs that are sent to the provider together, at half the price."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agents.choices import BatchOutcome, BatchState, JobStatus
from universes.ids import new_id


class MessageBatchQuerySet(models.QuerySet["MessageBatch"]):
    def open(self) -> MessageBatchQuerySet:
        return self.exclude(state=BatchState.ENDED)

    def take_over(self, provider_id: str, *, at: datetime) -> bool:
        """Move a batch from sending to running: the provider has accepted it under that id."""
        return bool(
            self.filter(state=BatchState.SENDING).update(
                state=BatchState.RUNNING, provider_id=provider_id, sent_at=at, error=""
            )
        )


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def awaited(self) -> BatchItemQuerySet:
        """Select items whose job still waits for them: it was not cancelled and has not continued without them."""
        return self.filter(job__status=JobStatus.PROCESSING, job__attempts=F("attempt"))

    def without_payload(self) -> BatchItemQuerySet:
        """Defer the large columns: a thousand items may hold a thousand worlds."""
        return self.defer("world", "run_settings", "result")

    def unanswered(self) -> BatchItemQuerySet:
        return self.filter(outcome="")

    def to_apply(self, now: datetime) -> BatchItemQuerySet:
        """Select items whose result has arrived and is not leased by a worker."""
        return self.filter(Q(held_until__isnull=True) | Q(held_until__lt=now)).filter(
            arrived_at__isnull=False, applied_at__isnull=True
        )

    def apply(self, now: datetime) -> int:
        """Mark unapplied items applied and empty their payload; return their number."""
        return self.filter(applied_at__isnull=True).update(
            applied_at=now, world=None, run_settings=None, result=None
        )


class MessageBatch(models.Model):
    """Batch of the provider. Its jobs are ``processing`` until their results are applied."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider_id = models.CharField(
        "provider's ID",
        max_length=100,
        blank=True,
        help_text="The provider's id. Empty: not confirmed by the provider.",
    )
    model = models.CharField(max_length=100)
    state = models.CharField(max_length=16, choices=BatchState, default=BatchState.SENDING)
    requests = models.PositiveIntegerField(help_text="Number of items sent.")
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    sent_at = models.DateTimeField("sent", null=True, blank=True, help_text="When the provider accepted it.")
    checked_at = models.DateTimeField(
        "checked", null=True, blank=True, help_text="Last checked with the provider."
    )
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    fall_back_at = models.DateTimeField(
        "falls back", help_text="Jobs without a result are sent directly after this time."
    )
    error = models.TextField(blank=True, help_text="Latest error.")

    objects = MessageBatchQuerySet.as_manager()

    class Meta:
        db_table = "agent_batches"
        ordering = ["-created_at", "-id"]
        verbose_name = "batch"
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="agent_batches_state_known"
            ),
            models.UniqueConstraint(
                fields=["provider_id"], condition=~Q(provider_id=""), name="agent_batches_provider_once"
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.SENDING) | Q(sent_at__isnull=False), name="agent_batches_sent"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=~Q(state=BatchState.ENDED), name="agent_batches_open"
            )
        ]

    def __str__(self) -> str:
        return f"Batch of {self.requests} for {self.model}"


class BatchItem(models.Model):
    """Attempt of a job in a batch, with the world and the settings that its prompt was built from.

    ``world``, ``run_settings`` and ``result`` are emptied when the result has been applied.
    """

    batch = models.ForeignKey(MessageBatch, on_delete=models.CASCADE, related_name="items")
    job = models.ForeignKey("agents.AgentJob", on_delete=models.CASCADE, related_name="batch_items")
    attempt = models.PositiveIntegerField()
    custom_id = models.CharField(max_length=64, unique=True, help_text="Its name in the provider's batch.")
    world = models.JSONField(null=True, blank=True)
    run_settings = models.JSONField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=BatchOutcome, blank=True, help_text="Empty: none yet.")
    result = models.JSONField(null=True, blank=True, help_text="The provider's answer.")
    arrived_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="A worker is applying the result until then."
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        db_table = "agent_batch_items"
        ordering = ["id"]
        verbose_name = "batch item"
        constraints = [
            models.UniqueConstraint(fields=["job", "attempt"], name="agent_batch_items_once_per_attempt"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=BatchOutcome.values, arrived_at__isnull=False),
                name="agent_batch_items_outcome_arrived",
            ),
        ]
        indexes = [
            models.Index(
                fields=["arrived_at"],
                condition=Q(applied_at__isnull=True, arrived_at__isnull=False),
                name="agent_batch_items_to_apply",
            )
        ]

    def __str__(self) -> str:
        return self.custom_id
