"""Live counts of the review queue, cheap enough for every page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, TypedDict

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from agents.models import ReviewDecision, ReviewItem

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# Longer queues are shown as "10,000 or more".
MAX_COUNTED: Final = 10_000
MAX_HOLDERS: Final = 50


class Holder(TypedDict):
    """Claims of one reviewer; the last of them ends at ``until``."""

    by: str
    items: int
    until: datetime


class QueueCounts(TypedDict):
    """The state of the queue; if ``is_cut_off``, the counts of items are lower bounds."""

    open: int
    overdue: int
    disputed: int
    oldest_opened_at: datetime | None
    is_cut_off: bool
    held: list[Holder]
    decided_today: int


def live(viewer: User | AnonymousUser, now: datetime | None = None) -> QueueCounts:
    """Count open, overdue and disputed items, and the claims of each reviewer, in three queries.

    Open audits and the viewer's own gold items are counted like any other, because a difference between this count
    and the list would reveal them.
    """
    now = now or timezone.now()
    # Limit in queue order, which has an index.
    shown = ReviewItem.objects.open().shown_to(viewer)
    waiting = shown.queue_order()[:MAX_COUNTED]
    counts = waiting.aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        disputed=Count("pk", filter=Q(disputed_at__isnull=False)),
        oldest_opened_at=Min("opened_at"),
    )
    holders = (
        shown.claimed(now)
        .order_by()
        .values("claimed_by__username")
        .annotate(items=Count("pk"), until=Max("claimed_until"))
        .order_by("-items", "claimed_by__username")[:MAX_HOLDERS]
    )
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "open": counts["open"],
        "overdue": counts["overdue"],
        "disputed": counts["disputed"],
        "oldest_opened_at": counts["oldest_opened_at"],
        "is_cut_off": counts["open"] >= MAX_COUNTED,
        "held": [
            {"by": row["claimed_by__username"], "items": row["items"], "until": row["until"]}
            for row in holders
        ],
        "decided_today": ReviewDecision.objects.effective().filter(at__gte=midnight).count(),
    }
