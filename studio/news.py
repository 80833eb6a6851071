"""News of a person: notifications, and their jobs that ended since they last looked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from agents.choices import JobStatus
from agents.models import AgentJob
from agents.models.jobs.job import AgentJobQuerySet
from agents.notify import notifications

SEEN: Final = "news_seen_at"
# Jobs that ended earlier are no news.
DAYS: Final = 7
# More are not counted one by one.
MOST: Final = 100


def count(user: User, session: SessionBase) -> int:
    """Count what is new, up to ``MOST`` jobs."""
    ended = ended_since(user, seen_at(session)).values_list("pk", flat=True)[:MOST]
    return len(ended) + notifications.unread_count(user)


def seen_at(session: SessionBase) -> datetime:
    earliest = timezone.now() - timedelta(days=DAYS)
    seen = parse_datetime(str(session.get(SEEN, ""))) or earliest
    return max(seen, earliest)


def note_seen(session: SessionBase) -> None:
    session[SEEN] = timezone.now().isoformat()


def ended_since(user: User, moment: datetime) -> AgentJobQuerySet:
    """Select the person's jobs that completed or failed after a moment, the last first; cancelled ones are no news."""
    ended = AgentJob.objects.filter(
        requested_by=user, completed_at__gt=moment, status__in=(JobStatus.COMPLETED, JobStatus.FAILED)
    )
    return ended.order_by("-completed_at", "-id")
