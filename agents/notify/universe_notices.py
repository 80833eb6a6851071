"""Notifications to the owner of a universe, in the application alone."""

from __future__ import annotations

from agents.choices import NotificationKind
from agents.models import Notification
from universes.models import Universe


def notify_draft(universe: Universe) -> None:
    """Tell the owner that drafts wait, once until they have read it; the caller has locked the universe."""
    unread = Notification.objects.filter(
        to=universe.owner_id, universe=universe, kind=NotificationKind.DRAFTS, read_at__isnull=True
    )
    if not unread.exists():
        text = "Promote them to canon, or discard them."
        Notification.objects.create(
            to_id=universe.owner_id, universe=universe, kind=NotificationKind.DRAFTS, text=text
        )


def notify_schedule_off(universe: Universe, name: str, reason: str) -> None:
    """Tell the owner that a schedule of the universe has switched itself off, and why."""
    Notification.objects.create(
        to_id=universe.owner_id, universe=universe, kind=NotificationKind.SCHEDULE, text=f"{name}: {reason}"
    )
