"""Feedback of requesters on their own outputs. It is counted apart from verdicts, and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from agents.choices import FeedbackRating
from agents.models import AgentJob, JobFeedback, RejectReason
from agents.review.verdicts import edits

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def record(
    job: AgentJob,
    rating: FeedbackRating,
    *,
    by: User,
    reason: RejectReason | None = None,
    note: str = "",
    edited: Mapping[str, Any] | None = None,
) -> JobFeedback:
    """Store the requester's opinion in place of an earlier one; an edit that changes nothing is none."""
    is_edit = edited is not None and not edits.look_alike(edited, job.output_data)
    feedback, _ = JobFeedback.objects.update_or_create(
        job=job,
        defaults={
            "by": by,
            "rating": rating,
            "reason": reason,
            "note": note,
            "edited_output": edited if is_edit else None,
            "at": timezone.now(),
        },
    )
    return feedback


def feedback_on(job: AgentJob) -> JobFeedback | None:
    return JobFeedback.objects.filter(job=job).select_related("reason", "by").first()
