"""Notifications to the owner of a universe, in the application alone."""

from __future__ import annotations

from collections.abc import Collection

from agents.choices import NotificationKind
from agents.models import Notification
from universes.models import Universe


def notify_drafts(universes: Collection[Universe]) -> None:
    """Tell the owners that drafts wait, once until they have read it; the caller has locked the universes."""
    if not universes:
        return
    of_drafts = Notification.objects.filter(kind=NotificationKind.DRAFTS, universe__in=universes)
    unread = set(of_drafts.filter(read_at__isnull=True).values_list("to_id", "universe_id"))
    text = "Promote them to canon, or discard them."
    notices = [
        Notification(to_id=universe.owner_id, universe=universe, kind=NotificationKind.DRAFTS, text=text)
        for universe in universes
        if (universe.owner_id, universe.pk) not in unread
    ]
    if notices:
        Notification.objects.bulk_create(notices)


def notify_schedule_off(universe: Universe, name: str, reason: str) -> None:
    """Tell the owner that a schedule of the universe has switched itself off, and why."""
    Notification.objects.create(
        to_id=universe.owner_id, universe=universe, kind=NotificationKind.SCHEDULE, text=f"{name}: {reason}"
    )
