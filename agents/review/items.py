"""Lookup and row lock of review items, limited to those that a person may see."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from agents.common import world_context
from agents.errors import Conflict, NotFound
from agents.models import AgentJob, ReviewItem

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def lock_item(item_id: uuid.UUID, by: User) -> ReviewItem:
    """Lock the item's row until the transaction ends, and return the item."""
    # Lock first, then read: a joined read that waits for the lock returns the related rows as they were before.
    list(ReviewItem.objects.select_for_update(no_key=True).filter(pk=item_id).values_list("pk"))
    return find_item(item_id, by)


def lock_with_universe(item_id: uuid.UUID, by: User) -> ReviewItem:
    """Lock the universe of an item and the item, in the order of the decisions, and return the item."""
    world_context.lock_universe(find_item(item_id, by).job.universe_id)
    return lock_item(item_id, by)


def lock_job(job_id: uuid.UUID) -> None:
    """Lock a job's row until the transaction ends, behind its universe and its item."""
    list(AgentJob.objects.select_for_update(no_key=True).filter(pk=job_id).values_list("pk"))


def refuse_open_review(job_id: uuid.UUID) -> None:
    """Raise ``Conflict`` if a review of the locked job is open."""
    item = ReviewItem.objects.waiting().filter(job=job_id).only("pk").first()
    if item is not None:
        detail = f"Job {job_id} is being reviewed already."
        raise Conflict(detail, code="review_open", details={"review_id": str(item.pk)})


def find_item(item_id: uuid.UUID, by: User) -> ReviewItem:
    """Return an item visible to ``by`` with its job and people; raise ``NotFound`` otherwise."""
    related = ("job__requested_by", "claimed_by", "assigned_to")
    item = ReviewItem.objects.shown_to(by).select_related(*related).filter(pk=item_id).first()
    if item is None:
        raise NotFound(f"There is no review item {item_id}.", code="review_item_not_found")
    return item
