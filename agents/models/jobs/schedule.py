"""Schedules: jobs that are submitted by a crontab."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agents.choices import AgentType, BudgetPeriodKind, OverlapPolicy
from agents.models.access import may_view_all
from universes.ids import new_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class GenerationScheduleQuerySet(models.QuerySet["GenerationSchedule"]):
    def visible_to(self, user: User | AnonymousUser) -> GenerationScheduleQuerySet:
        """Select the person's own schedules, or all schedules for those who may view them."""
        return self if may_view_all(user, "generationschedule") else self.filter(owner_id=user.pk)

    def due(self, now: datetime) -> GenerationScheduleQuerySet:
        return self.filter(enabled=True, next_run_at__lte=now)

    def advance(self, schedule_id: uuid.UUID, *, from_run: datetime, to_run: datetime) -> bool:
        """Move a schedule from one run to the next; False if another process has done so already."""
        return bool(
            self.filter(pk=schedule_id, enabled=True, next_run_at=from_run).update(
                next_run_at=to_run, last_run_at=timezone.now()
            )
        )


class GenerationSchedule(models.Model):
    """Job that is submitted by a crontab in the owner's name.

    Five failures in a row disable the schedule; ``disabled_reason`` explains it until it is enabled again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="schedules")
    universe = models.ForeignKey("universes.Universe", on_delete=models.CASCADE, related_name="schedules")
    agent_type = models.CharField("agent", max_length=32, choices=AgentType)
    input_data = models.JSONField(help_text="Input of every job.")
    crontab = models.CharField(max_length=100, help_text="Minute, hour, day, month, weekday: `0 9 * * 1`.")
    time_zone = models.CharField(max_length=64, default="UTC", help_text="The crontab's zone: `Europe/Rome`.")
    overlap = models.CharField(
        max_length=5,
        choices=OverlapPolicy,
        default=OverlapPolicy.SKIP,
        help_text="What to do if an earlier job has not finished.",
    )
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=500, blank=True)
    next_run_at = models.DateTimeField("next run", null=True, blank=True, help_text="Empty while disabled.")
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_job = models.ForeignKey(
        "agents.AgentJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_skipped_at = models.DateTimeField("last skipped", null=True, blank=True)
    last_skip_reason = models.CharField("reason of the last skip", max_length=500, blank=True)
    consecutive_failures = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("changed", auto_now=True)

    objects = GenerationScheduleQuerySet.as_manager()

    class Meta:
        db_table = "generation_schedules"
        ordering = ["-created_at", "-id"]
        verbose_name = "generation schedule"
        constraints = [
            models.CheckConstraint(
                condition=Q(agent_type__in=AgentType.values), name="generation_schedules_type_known"
            ),
            models.CheckConstraint(
                condition=Q(enabled=True, next_run_at__isnull=False)
                | Q(enabled=False, next_run_at__isnull=True),
                name="generation_schedules_enabled_has_next",
            ),
            models.CheckConstraint(
                condition=Q(overlap__in=OverlapPolicy.values), name="generation_schedules_overlap_known"
            ),
        ]
        indexes = [
            models.Index(fields=["next_run_at"], condition=Q(enabled=True), name="generation_schedules_due"),
            models.Index(F("owner"), F("created_at").desc(), name="generation_schedules_by_owner"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def month_limit_usd(self) -> Decimal | None:
        """Return the limit of its budget for each month; without a query if ``budgets`` are prefetched."""
        limits = (b.limit_usd for b in self.budgets.all() if b.period == BudgetPeriodKind.MONTH)
        return next(limits, None)
