"""Totals of finished jobs, verdicts and model calls, so that no report reads all rows.

A row that is not in the totals yet says so itself (``is_counted`` of a job, ``is_counted`` of a decision and a call).
Every report therefore adds the totals and the few rows that are not in them, in one statement.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class JobTotal(models.Model):
    """Number of existing jobs of one person with one outcome, or of the verdicts on them.

    ``outcome`` is the outcome of a job, or "verdict " and a verdict. The rows without a person hold
    the sum over all of them.
    """

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    agent_type = models.CharField(max_length=32)
    outcome = models.CharField(max_length=32)
    number = models.BigIntegerField(default=0)
    confidence_sum = models.FloatField(default=0)

    class Meta:
        db_table = "agent_job_totals"
        indexes = [models.Index(fields=["requested_by", "agent_type"], name="agent_job_totals_by_person")]

    def __str__(self) -> str:
        return f"{self.number} {self.agent_type} {self.outcome}"


class UsageDay(models.Model):
    """Calls and completed jobs of one UTC day, person, universe, agent and model; kept when the rows are deleted.

    ``is_of_all`` marks the sum over all people. Completed jobs are **trusted** if none of their outputs was reviewed.
    """

    day = models.DateField()
    is_of_all = models.BooleanField(default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    universe = models.ForeignKey("universes.Universe", null=True, on_delete=models.SET_NULL, related_name="+")
    agent_type = models.CharField(max_length=32)
    model = models.CharField(max_length=100)
    calls = models.BigIntegerField(default=0)
    unknown_calls = models.BigIntegerField(default=0)
    mock_calls = models.BigIntegerField(default=0)
    batch_calls = models.BigIntegerField(default=0)
    input_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    cache_read_tokens = models.BigIntegerField(default=0)
    cache_write_tokens = models.BigIntegerField(default=0)
    # In 10⁻¹² dollars, the resolution of the ledger, so that both databases add without rounding.
    pico_usd = models.BigIntegerField(default=0)
    jobs_completed = models.BigIntegerField(default=0)
    jobs_trusted = models.BigIntegerField(default=0)
    jobs_accepted = models.BigIntegerField(default=0)

    class Meta:
        db_table = "agent_usage_days"
        indexes = [
            models.Index(fields=["is_of_all", "day"], name="agent_usage_days_of_all"),
            models.Index(fields=["requested_by", "day"], name="agent_usage_days_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls on {self.day}"
