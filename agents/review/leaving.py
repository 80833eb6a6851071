"""Items of a person who no longer reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from agents.choices import EventKind, NotificationKind
from agents.common import permissions
from agents.models import AgentJobEvent, ReviewItem
from agents.notify import notifications

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def give_back(person: User) -> int:
    """Return the items claimed by, or handed to, a person who may no longer decide; everybody is offered them again.

    Whoever handed one over is notified. Returns how many were handed; 0 for somebody who still reviews.
    """
    if permissions.is_reviewer(person):
        return 0
    with transaction.atomic():
        items = ReviewItem.objects.open()
        for item_id in items.filter(claimed_by=person).values_list("pk", flat=True):
            ReviewItem.objects.release(item_id, person)
        handed = list(items.filter(assigned_to=person).select_related("job"))
        items.filter(pk__in=[item.pk for item in handed]).update(assigned_to=None)
        for item in handed:
            _notify_giver(item, person)
    return len(handed)


def _notify_giver(item: ReviewItem, person: User) -> None:
    handed = AgentJobEvent.objects.filter(
        job=item.job_id, kind=EventKind.REVIEW_HANDED, data__to=person.get_username()
    )
    latest = handed.select_related("by").order_by("-id").first()
    if latest is not None and latest.by is not None:
        text = f"{person.get_username()} no longer reviews, so the item you handed over is open to everybody again."
        notifications.notify([latest.by], NotificationKind.MENTION, item, by=None, text=text)
