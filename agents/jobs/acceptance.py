"""Acceptance of outputs by what they were written with: verdicts of reviewers, and apart from them the feedback."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypedDict

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from agents.choices import ACCEPTED_VERDICTS, FeedbackRating, Verdict
from agents.models import JobFeedback, ReviewDecision
from agents.models.access import may_view_all

if TYPE_CHECKING:
    from django.contrib.auth.models import User

WINDOW: Final = timedelta(days=90)
# Each is looked up with its job. As many of the newest tell a share to a few percent.
MAX_COUNTED: Final = 2_000

# Agent, model, version of the prompt, version of the style guide.
Key = tuple[str, str, str, int]


class Acceptance(TypedDict):
    """Verdicts and feedback of the last 90 days on the outputs of one agent, model, prompt and style guide.

    Of all verdicts the newest ``MAX_COUNTED`` are counted, of the feedback as well. ``accepted_share`` is that of the
    verdicts: approved or edited.
    """

    agent_type: str
    model: str
    prompt_version: str
    guide_version: int
    verdicts: dict[str, int]
    accepted_share: float | None
    feedback: dict[str, int]


def acceptance(user: User, *, own: bool = False) -> list[Acceptance]:
    """Return the acceptance of the outputs whose jobs the person may view, the most verdicts first.

    ``own``: only of those that were written for them.
    """
    since = timezone.now() - WINDOW
    # Of variants, all but one are rejected, however good.
    verdicts: QuerySet[Any] = ReviewDecision.objects.effective().filter(
        at__gte=since, item__job__variants_id__isnull=True
    )
    feedback: QuerySet[Any] = JobFeedback.objects.filter(at__gte=since, job__variants_id__isnull=True)
    if own or not may_view_all(user, "agentjob"):
        verdicts = verdicts.filter(item__job__requested_by=user)
        feedback = feedback.filter(job__requested_by=user)
    given = _counted(verdicts, "item__job__", "verdict")
    heard = _counted(feedback, "job__", "rating")
    rows = [_row(key, given[key], heard[key]) for key in sorted({*given, *heard})]
    return sorted(rows, key=lambda row: -sum(row["verdicts"].values()))


def _counted(rows: QuerySet[Any], job: str, value: str) -> defaultdict[Key, Counter[str]]:
    found = (
        rows.order_by("-at")
        .annotate(prompt=KeyTextTransform("prompt_version", f"{job}guidance"))
        .values_list(f"{job}agent_type", f"{job}model", "prompt", f"{job}guide_version", value)
    )
    counts: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for agent_type, model, prompt_version, guide_version, name in found[:MAX_COUNTED]:
        counts[agent_type, model, prompt_version or "", guide_version or 0][name] += 1
    return counts


def _row(key: Key, verdicts: Counter[str], feedback: Counter[str]) -> Acceptance:
    agent_type, model, prompt_version, guide_version = key
    total = verdicts.total()
    accepted = sum(verdicts[verdict] for verdict in ACCEPTED_VERDICTS)
    return {
        "agent_type": agent_type,
        "model": model,
        "prompt_version": prompt_version,
        "guide_version": guide_version,
        "verdicts": {verdict: verdicts[verdict] for verdict in Verdict.values},
        "accepted_share": round(accepted / total, 4) if total else None,
        "feedback": {rating: feedback[rating] for rating in FeedbackRating.values},
    }
