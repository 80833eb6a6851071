"""What the database has on an item in the queue."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from agents.choices import ReviewKind
from agents.models import ReviewItem
from agents.models.review import ReviewItemQuerySet


def holder(item: ReviewItem) -> User | None:
    item.refresh_from_db()
    return item.claimed_by


def events_of(item: ReviewItem) -> list[tuple[str, User | None, Any]]:
    """The kind, person and data of what happened to its job, the first first."""
    return [(event.kind, event.by, event.data) for event in item.job.events.order_by("id")]


def planted() -> ReviewItemQuerySet:
    """All gold items, decided or not."""
    return ReviewItem.objects.all().filter(kind=ReviewKind.GOLD)
