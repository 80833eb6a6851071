"""Learned confidences: fitted to verdicts, and put in force if they beat the hand-set score on held-out ones."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from agents.choices import JobStatus, Verdict
from agents.engine.confidence.calibration import Example, example_of, learn
from agents.models import LearnedConfidence, ReviewDecision
from agents.quality.promise.population import REVIEWED_KINDS

WINDOW: Final = timedelta(days=90)
# The newest verdicts; more teach little, and take time.
MAX_EXAMPLES: Final = 2_000


def renew(
    agent_type: str, model: str, prompt_version: str, since: datetime | None, now: datetime
) -> datetime | None:
    """Return since when the learned confidence in force applies, after learning one if there is none; or None.

    ``since`` is the begin of the present version, whose verdicts alone count. The caller has locked the agent's terms.
    """
    row = LearnedConfidence.objects.filter(agent_type=agent_type, until__isnull=True).first()
    if row is not None and (row.model, row.prompt_version) == (model, prompt_version):
        return row.at
    if row is not None:
        LearnedConfidence.objects.filter(pk=row.pk).update(until=now)
    learned = learn(_examples(agent_type, model, max(since or now, now - WINDOW))) if since else None
    if learned is None or not learned[1].is_better:
        return None
    calibration, comparison = learned
    LearnedConfidence.objects.create(
        agent_type=agent_type,
        model=model,
        prompt_version=prompt_version,
        at=now,
        bias=calibration.bias,
        weights=dict(calibration.weights),
        evidence=asdict(comparison),
    )
    return now


def _examples(agent_type: str, model: str, since: datetime) -> list[Example]:
    """Return the verdicts on outputs of one version, oldest first."""
    rows = ReviewDecision.objects.effective().filter(
        item__kind__in=REVIEWED_KINDS,
        item__job__agent_type=agent_type,
        item__job__model=model,
        item__job__status=JobStatus.COMPLETED,
        item__job__is_mock=False,
        item__job__reused_from__isnull=True,
        item__job__variants_id__isnull=True,
        item__job__completed_at__gte=since,
    )
    newest = rows.order_by("-item__job__completed_at", "-id").values_list("item__job__signals", "verdict")
    return [
        example_of(signals, is_right=verdict == Verdict.APPROVED)
        for signals, verdict in reversed(newest[:MAX_EXAMPLES])
    ]
