"""Review items as one person may see them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from agents.errors import NotFound
from agents.models import ReviewItem

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def lock_item(item_id: uuid.UUID, by: User) -> ReviewItem:
    """The item as it is until the transaction ends."""
    # Locked first and read then: a row that changed while the lock was waited for would come with the old people.
    list(ReviewItem.objects.select_for_update(no_key=True).filter(pk=item_id).values_list("pk"))
    return find_item(item_id, by)


def find_item(item_id: uuid.UUID, by: User) -> ReviewItem:
    """An item that this person may see, with its job and people; ``NotFound`` otherwise."""
    related = ("job__requested_by", "claimed_by", "assigned_to")
    item = ReviewItem.objects.shown_to(by).select_related(*related).filter(pk=item_id).first()
    if item is None:
        raise NotFound(f"There is no review item {item_id}.", code="review_item_not_found")
    return item
