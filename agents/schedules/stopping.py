"""Schedules whose owner has left: they stop, and say why."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agents.common import permissions
from agents.models import GenerationSchedule
from agents.notify import universe_notices
from universes.choices import Role
from universes.models import Membership

log = structlog.get_logger(__name__)


def stop_orphaned() -> list[GenerationSchedule]:
    """Stop the schedules whose owner is switched off, has left the universe or may only read it; return them.

    They do not count as failed, because no further try would succeed. Whoever comes back resumes them by hand.
    """
    may_write = Membership.objects.filter(universe=OuterRef("universe"), user=OuterRef("owner")).exclude(
        role=Role.VIEWER
    )
    orphaned = (
        GenerationSchedule.objects.filter(enabled=True)
        .filter(Q(owner__is_active=False) | ~Exists(may_write) & ~Q(owner__in=permissions.may_ask_anywhere()))
        .select_related("owner", "universe__owner")
    )
    return [schedule for schedule in orphaned if _stop(schedule, _reason(schedule))]


def _reason(schedule: GenerationSchedule) -> str:
    name, universe = schedule.owner.get_username(), schedule.universe.name
    if not schedule.owner.is_active:
        return f"Switched off: the account {name} is deactivated."
    if Membership.objects.filter(universe=schedule.universe, user=schedule.owner).exists():
        return f"Switched off: {name} may only read “{universe}”."
    return f"Switched off: {name} is no longer a member of “{universe}”."


def _stop(schedule: GenerationSchedule, reason: str) -> bool:
    """Switch a schedule off and tell the universe's owner; False if another process has done so already."""
    with transaction.atomic():
        stopped = GenerationSchedule.objects.filter(pk=schedule.pk, enabled=True).update(
            enabled=False, next_run_at=None, disabled_reason=reason[:500], updated_at=timezone.now()
        )
        if stopped:
            universe_notices.notify_schedule_off(schedule.universe, schedule.name, reason)
    if stopped:
        log.warning("schedule_stopped", schedule_id=str(schedule.pk), reason=reason)
    return bool(stopped)
