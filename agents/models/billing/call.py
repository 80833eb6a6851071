"""The ledger of model calls."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agents.choices import AgentType


class ModelCall(models.Model):
    """Call of a language model, paid for whether or not its answer could be used.

    Rows outlive their job, so that the ledger stays complete. ``cost_usd`` is empty if the price or the usage is not
    known; it is never guessed as zero.
    """

    # Their indexes are those below, which begin with them.
    job = models.ForeignKey(
        "agents.AgentJob", null=True, on_delete=models.SET_NULL, related_name="calls", db_index=False
    )
    universe = models.ForeignKey(
        "universes.Universe", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    agent_type = models.CharField("agent", max_length=32, choices=AgentType)
    attempt = models.PositiveIntegerField()
    at = models.DateTimeField("time", default=timezone.now)

    model = models.CharField(max_length=100)
    prompt_name = models.CharField(max_length=64)
    prompt_version = models.CharField(max_length=64, help_text="Hash of the prompt's text.")
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cache_read_tokens = models.PositiveIntegerField(default=0)
    cache_write_tokens = models.PositiveIntegerField(default=0)
    latency_ms = models.PositiveIntegerField("latency (ms)", default=0)
    request_id = models.CharField("provider's request ID", max_length=200, blank=True)
    stop_reason = models.CharField(max_length=64, blank=True)
    error_code = models.CharField(max_length=64, blank=True, help_text="Empty: the answer was used.")
    is_mock = models.BooleanField("mock model", default=False)
    is_counted = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="Already included in the totals."
    )
    is_batch = models.BooleanField("in a batch", default=False, help_text="Sent in a batch.")
    # Prices per million tokens that applied to this call, by date, lane and prompt length.
    input_usd = models.DecimalField("input (USD)", max_digits=12, decimal_places=6, null=True)
    output_usd = models.DecimalField("output (USD)", max_digits=12, decimal_places=6, null=True)
    cache_read_usd = models.DecimalField("cache read (USD)", max_digits=12, decimal_places=6, null=True)
    cache_write_usd = models.DecimalField("cache write (USD)", max_digits=12, decimal_places=6, null=True)
    # Enough decimal places for one token at these prices, so that sums are exact.
    cost_usd = models.DecimalField(
        "cost (USD)", max_digits=18, decimal_places=12, null=True, help_text="Empty: unknown."
    )

    class Meta:
        db_table = "agent_model_calls"
        ordering = ["-id"]
        verbose_name = "model call"
        indexes = [
            models.Index(fields=["job", "id"], name="agent_model_calls_of_job"),
            models.Index(F("at").desc(), name="agent_model_calls_newest"),
            # Usage: calls that are not in the totals.
            models.Index(
                fields=["requested_by", "at"], condition=Q(is_counted=False), name="agent_calls_uncounted"
            ),
            # Filters and search of the admin.
            models.Index(F("at").desc(), condition=Q(is_mock=True), name="agent_model_calls_mock"),
            models.Index(F("at").desc(), condition=Q(is_batch=True), name="agent_model_calls_batch"),
            models.Index(
                fields=["request_id"],
                opclasses=["text_pattern_ops"],
                condition=~Q(request_id=""),
                name="agent_model_calls_request",
            ),
            # The usage of one person or one universe.
            models.Index(fields=["requested_by", "at"], name="agent_model_calls_by_person"),
            models.Index(fields=["universe", "at"], name="agent_model_calls_by_universe"),
        ]

    def __str__(self) -> str:
        return f"{self.model} for {self.agent_type}, attempt {self.attempt}"

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens + self.cache_read_tokens + self.cache_write_tokens
