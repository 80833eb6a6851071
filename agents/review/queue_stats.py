"""The queue as it stands this moment; cheap enough to be asked for with every page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from agents.models import ReviewDecision, ReviewItem

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# Beyond this one is told "so many or more": nobody needs the exact length of such a queue.
MOST_COUNTED: Final = 10_000
MOST_HOLDERS: Final = 50


def live(viewer: User | AnonymousUser, now: datetime | None = None) -> dict[str, Any]:
    """What waits, what is late, and who holds what. Three queries.

    Open audits are not told apart, and the viewer's own gold is counted as it is listed: what is missing here would
    be recognised.
    """
    now = now or timezone.now()
    # The most urgent ones: cut off by the order of the queue, whose index leads here.
    shown = ReviewItem.objects.open().shown_to(viewer)
    waiting = shown.queue_order()[:MOST_COUNTED]
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
        .order_by("-items", "claimed_by__username")[:MOST_HOLDERS]
    )
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        **counts,
        "is_cut_off": counts["open"] >= MOST_COUNTED,
        "held": [
            {"by": row["claimed_by__username"], "items": row["items"], "until": row["until"]}
            for row in holders
        ],
        "decided_today": ReviewDecision.objects.effective().filter(at__gte=midnight).count(),
    }
