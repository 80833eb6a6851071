"""Put the demo's review items into states that a working day produces."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.utils import timezone

from agents.choices import Verdict
from agents.models import AgentJob, AgentJobEvent, ModelCall, ReviewItem
from agents.review import claims, comments
from agents.review.verdicts import decisions

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def item_of(job: AgentJob) -> ReviewItem:
    return ReviewItem.objects.open().select_related("job").get(job=job)


def make_open(jobs: list[AgentJob]) -> None:
    """Undo the random choice of blind items, so that the demo always shows the same ones."""
    ReviewItem.objects.filter(job__in=jobs).update(is_blind=False)


def make_blind(job: AgentJob) -> None:
    ReviewItem.objects.filter(job=job).update(is_blind=True)


def backdate(job: AgentJob, *, hours: int) -> None:
    """Move a job into the past, with its history, its calls and its review."""
    _move(
        AgentJob.objects.filter(pk=job.pk), hours, "created_at", "available_at", "started_at", "completed_at"
    )
    _move(AgentJobEvent.objects.filter(job=job), hours, "at")
    _move(ModelCall.objects.filter(job=job), hours, "at")
    _move(ReviewItem.objects.filter(job=job), hours, "opened_at", "due_at")


def _move(rows: QuerySet[Any], hours: int, *columns: str) -> None:
    rows.update(**{column: F(column) - timedelta(hours=hours) for column in columns})


def comment_on(job: AgentJob, by: User, to: User) -> None:
    body = f"@{to.get_username()} is the causeway nine miles long, or did we make it longer in the spring?"
    comments.add_comment(item_of(job).pk, body, by=by)


def hand_over(job: AgentJob, by: User, to: User) -> None:
    claims.hand_to(item_of(job).pk, to, by=by, note="You know the market better than I do.")


def edit_and_approve(job: AgentJob, by: User, **changes: Any) -> None:
    """Decide as a reviewer who claimed the item three minutes ago."""
    item = claims.claim(item_of(job).pk, by)
    assert item.claimed_at is not None
    ReviewItem.objects.filter(pk=item.pk).update(claimed_at=timezone.now() - timedelta(minutes=3))
    decisions.decide(item.pk, Verdict.EDITED, by=by, edited={**job_output(job), **changes})


def job_output(job: AgentJob) -> dict[str, Any]:
    return AgentJob.objects.values_list("output_data", flat=True).get(pk=job.pk) or {}


def disagree(job: AgentJob, first: User, second: User) -> None:
    """Give two opinions that differ, which makes the item disputed and notifies the lead reviewers."""
    item, output = item_of(job), job_output(job)
    shorter = str(output["description"]).split("\n\n")[0]
    decisions.decide(item.pk, Verdict.EDITED, by=first, edited={**output, "description": shorter})
    decisions.decide(
        item.pk, Verdict.REJECTED, by=second, reason="not_what_was_asked", note="The bell arch is missing."
    )
