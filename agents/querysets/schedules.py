"""Generation schedules: whose they are, which are due, and the step to the next run."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from agents.models import GenerationSchedule  # noqa: F401  named in a base class


class GenerationScheduleQuerySet(models.QuerySet["GenerationSchedule"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> GenerationScheduleQuerySet:
        """A person's own schedules; everybody's for staff."""
        return self if getattr(user, "is_staff", False) else self.filter(owner_id=user.pk)

    def due(self, now: datetime) -> GenerationScheduleQuerySet:
        return self.filter(enabled=True, next_run_at__lte=now)

    def advance(self, schedule_id: uuid.UUID, *, from_run: datetime, to_run: datetime) -> bool:
        """Move on from one run to the next; of several that saw the same due run, one wins."""
        return bool(
            self.filter(pk=schedule_id, enabled=True, next_run_at=from_run).update(
                next_run_at=to_run, last_run_at=timezone.now()
            )
        )
