"""Facts about jobs and review items, read from the database."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from agents.choices import ReviewKind
from agents.models import AgentJob, ReviewItem
from agents.models.review.item import ReviewItemQuerySet
from universes.models import CanonChange


def reload(job: AgentJob) -> AgentJob:
    return AgentJob.objects.get(pk=job.pk)


def event_kinds(job: AgentJob) -> list[str]:
    """Return the kinds of the job's events, oldest first."""
    return list(job.events.values_list("kind", flat=True))


def wait_s(job: AgentJob) -> float:
    """Return the seconds until the job may be claimed."""
    return (job.available_at - timezone.now()).total_seconds()


def canon_steps(job: AgentJob) -> list[tuple[str, str | None]]:
    """Return the changes of canon that came from the job as (action, user name), oldest first."""
    changes = CanonChange.objects.filter(origin_ref=str(job.pk)).order_by("at", "id").select_related("user")
    return [(change.action, change.user and change.user.username) for change in changes]


def holder(item: ReviewItem) -> User | None:
    """Return whose claim is stored on the item, even if its lease has run out."""
    item.refresh_from_db()
    return item.claimed_by


def holder_name(item: ReviewItem) -> str | None:
    user = holder(item)
    return user.get_username() if user else None


def events_of(item: ReviewItem) -> list[tuple[str, User | None, Any]]:
    """Return (kind, user, data) of the events of the item's job, oldest first."""
    return [(event.kind, event.by, event.data) for event in item.job.events.order_by("id")]


def gold_items() -> ReviewItemQuerySet:
    """Return all gold items, decided or not."""
    return ReviewItem.objects.all().filter(kind=ReviewKind.GOLD)
