"""Jobs as lists show them: a title, what was asked for, and how it stands in a word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform

from agents.choices import COUNTING_OUTCOMES, JobOutcome, JobStatus, ReviewKind, ReviewState, Verdict
from agents.common import visibility
from agents.common.admin.display import first_words
from agents.common.asking.works import KIND, work_named
from agents.common.text.job_text import listed_request_text, request_text
from agents.models import AgentJob, ReviewItem
from agents.models.jobs.job import AgentJobQuerySet
from agents.models.jobs.states import UNFINISHED
from agents.models.review.item import reviews_of_jobs
from agents.providers import factory

TITLE_WORDS: Final = 14
# Words to the mock model, which are no part of a title.
_DIRECTIVE: Final = re.compile(r"\s*\[mock:[^\]]*\]")


@dataclass(frozen=True, slots=True)
class State:
    label: str
    tone: str


STATES: Final = {
    JobStatus.PENDING: State("Queued", "quiet"),
    JobStatus.PROCESSING: State("Being written", "info"),
    JobStatus.COMPLETED: State("Done", "good"),
    JobStatus.FAILED: State("Failed", "bad"),
    JobStatus.CANCELLED: State("Cancelled", "quiet"),
}
VERDICTS: Final = {
    Verdict.APPROVED: State(Verdict.APPROVED.label, "good"),
    Verdict.EDITED: State(Verdict.EDITED.label, "good"),
    Verdict.REJECTED: State(Verdict.REJECTED.label, "bad"),
    Verdict.ASKED_AGAIN: State(Verdict.ASKED_AGAIN.label, "warn"),
}
IN_REVIEW: Final = State("In review", "warn")

# Groups of the list, by the word in its address.
GROUPS: Final[dict[str, tuple[str, Q]]] = {
    "running": ("In progress", Q(status__in=UNFINISHED)),
    "review": ("In review", Q(outcome=JobOutcome.AWAITING_REVIEW)),
    "done": ("Done", Q(outcome__in=COUNTING_OUTCOMES)),
    "refused": ("Not accepted", Q(outcome__in=(JobOutcome.REJECTED, JobOutcome.ASKED_AGAIN))),
    "failed": ("Failed", Q(status=JobStatus.FAILED)),
    "cancelled": ("Cancelled", Q(status=JobStatus.CANCELLED)),
}

# Long columns that no row shows.
_NOT_LISTED: Final = (
    "input_data",
    "output_data",
    "signals",
    "world_choice",
    "guidance",
    "error_message",
    "revision_note",
    "universe__description",
)
_NOT_LISTED_OF_VERDICTS: Final = ("verdict__before", "verdict__after")


@dataclass(frozen=True, slots=True)
class JobRow:
    job: AgentJob
    title: str
    what: str
    state: State


def own_jobs(user: User) -> AgentJobQuerySet:
    """Select the person's own jobs, newest first."""
    return for_list(AgentJob.objects.filter(requested_by=user), user).order_by("-created_at", "-id")


def for_list(jobs: AgentJobQuerySet, user: User) -> AgentJobQuerySet:
    """Load with jobs what a row shows, in two queries: of their texts only the beginning of the request."""
    return (
        visibility.mark_withheld(jobs, user)
        .annotate(listed_text=listed_request_text(), listed_kind=KeyTextTransform(KIND, "input_data"))
        .select_related("universe")
        .defer(*_NOT_LISTED)
        .prefetch_related(reviews_of_jobs("reasons", *_NOT_LISTED_OF_VERDICTS))
    )


def rows_of(jobs: Iterable[AgentJob]) -> list[JobRow]:
    return [
        JobRow(
            job=job,
            title=title_of(job),
            what=what_of(job),
            state=state_of(job, latest_review(job), is_withheld=getattr(job, "is_withheld", False)),
        )
        for job in jobs
    ]


def title_of(job: AgentJob) -> str:
    listed: str | None = job.__dict__.get("listed_text")
    text = request_text(job) if listed is None else listed
    if job.is_mock or (not job.model and factory.uses_mock()):
        text = _DIRECTIVE.sub("", text)
    return first_words(text, TITLE_WORDS) or what_of(job)


def what_of(job: AgentJob) -> str:
    if "listed_text" in job.__dict__:
        kind = job.__dict__["listed_kind"] or ""
    else:
        kind = job.input_data.get(KIND, "") if isinstance(job.input_data, dict) else ""
    what = work_named(job.agent_type, str(kind)).label
    return f"{what}, written again" if job.follows_id else what


def latest_review(job: AgentJob) -> ReviewItem | None:
    """Return the newest review of a job whose reviews were loaded."""
    return job.reviews[-1] if job.reviews else None


def state_of(job: AgentJob, item: ReviewItem | None, *, is_withheld: bool) -> State:
    if job.status != JobStatus.COMPLETED or is_withheld or item is None:
        return STATES[JobStatus(job.status)]
    if item.state == ReviewState.OPEN:
        # An audit is nothing that the creator waits for.
        return STATES[JobStatus.COMPLETED] if item.kind == ReviewKind.AUDIT else IN_REVIEW
    decision = item.decision
    return STATES[JobStatus.COMPLETED] if decision is None else VERDICTS[Verdict(decision.verdict)]
