"""The outputs that an error promise is about, and the verdicts on them.

Left out are outputs of the mock model, reused ones, those of other models or earlier style guides, and all that a rule
sends to review whatever its confidence. An output that was in doubt is always reviewed, one that passed is audited with
a known probability: these are the two strata.
"""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from agents.choices import JobStatus, ReviewKind, Verdict
from agents.engine.confidence.promise import CUT_OFFS, Stratum
from agents.models import AgentJob, ReviewDecision, ReviewItem, StyleGuide

# Defects that always lead to review limit the confidence to this; what is above it can pass.
ALWAYS_REVIEWED_UP_TO: Final = 0.5
DOUBT, PASSED = "in doubt", "passed"
_KINDS: Final = {ReviewKind.DOUBT.value: DOUBT, ReviewKind.AUDIT.value: PASSED}
REVIEWED_KINDS: Final = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A population before the present one, whose verdicts count as well."""

    model: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Population:
    """Outputs of one agent and model since a moment, of one universe or of all.

    They are those under the style guides of today, or under any guide.
    """

    agent_type: str
    universe_id: uuid.UUID | None
    model: str
    since: datetime
    earlier: Earlier | None = None
    of_any_guide: bool = False

    def jobs(self) -> QuerySet[AgentJob]:
        return AgentJob.objects.filter(self._conditions()).order_by()

    def in_doubt(self) -> QuerySet[ReviewItem]:
        return ReviewItem.objects.filter(self._conditions("job__"), kind=ReviewKind.DOUBT).order_by()

    def decided(self) -> QuerySet[ReviewDecision]:
        """Return the verdicts in force on these outputs."""
        effective = ReviewDecision.objects.effective()
        return effective.filter(self._conditions("item__job__"), item__kind__in=_KINDS).order_by()

    def labels(self) -> list[Label]:
        """Return the verdicts, in the order in which the outputs were written."""
        rows = self.decided().order_by("item__job__completed_at", "id")
        return [
            # Both are set: the job is completed.
            Label(
                _KINDS[kind], confidence or 0.0, verdict != Verdict.APPROVED, made_at or at, at, universe_id
            )
            for kind, confidence, verdict, made_at, at, universe_id in rows.values_list(
                "item__kind",
                "item__job__confidence_score",
                "verdict",
                "item__job__completed_at",
                "at",
                "item__job__universe",
            )
        ]

    def _conditions(self, job: str = "") -> Q:
        when = Q(**{f"{job}model": self.model, f"{job}completed_at__gte": self.since})
        if not self.of_any_guide and StyleGuide.objects.filter(agent_type=self.agent_type).exists():
            # A universe whose style guide has changed begins anew.
            newer = StyleGuide.objects.filter(
                universe=OuterRef(f"{job}universe"),
                agent_type=self.agent_type,
                version__gt=Coalesce(OuterRef(f"{job}guide_version"), 0),
            )
            when &= ~Q(Exists(newer))
        if self.earlier is not None:
            when |= Q(
                **{
                    f"{job}model": self.earlier.model,
                    f"{job}completed_at__gte": self.earlier.since,
                    f"{job}completed_at__lt": self.since,
                }
            )
        scope = {} if self.universe_id is None else {f"{job}universe": self.universe_id}
        return when & Q(
            **scope,
            **{
                f"{job}agent_type": self.agent_type,
                f"{job}status": JobStatus.COMPLETED,
                f"{job}is_mock": False,
                f"{job}reused_from__isnull": True,
                # Of variants, all but one are rejected, however good.
                f"{job}variants_id__isnull": True,
                f"{job}confidence_score__gt": ALWAYS_REVIEWED_UP_TO,
            },
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A verdict on an output; an error is one that was rejected, edited or asked for again."""

    stratum: str
    confidence: float
    is_error: bool
    made_at: datetime
    decided_at: datetime
    universe_id: uuid.UUID | None = None


def strata(population: Population, labels: Iterable[Label]) -> dict[float, tuple[Stratum, ...]]:
    """Count outputs, verdicts and errors of each stratum at or above each cut-off; runs two queries."""
    all_outputs = _counted(population.jobs(), "confidence_score")
    in_doubt = _counted(population.in_doubt(), "job__confidence_score")
    verdicts = {name: [0] * len(CUT_OFFS) for name in _KINDS.values()}
    errors = {name: [0] * len(CUT_OFFS) for name in _KINDS.values()}
    for label in labels:
        # The cut-offs from the first up to the confidence.
        for index in range(_reached(label.confidence)):
            verdicts[label.stratum][index] += 1
            errors[label.stratum][index] += label.is_error
    outputs = {
        DOUBT: in_doubt,
        PASSED: [total - doubt for total, doubt in zip(all_outputs, in_doubt, strict=True)],
    }
    return {
        cut_off: tuple(
            Stratum(name, outputs[name][index], verdicts[name][index], errors[name][index])
            for name in (DOUBT, PASSED)
        )
        for index, cut_off in enumerate(CUT_OFFS)
    }


def _reached(confidence: float) -> int:
    """Return how many of the cut-offs an output of this confidence reaches."""
    position = bisect_left(CUT_OFFS, confidence)
    return position + (position < len(CUT_OFFS) and CUT_OFFS[position] == confidence)


def _counted(rows: QuerySet[AgentJob] | QuerySet[ReviewItem], column: str) -> list[int]:
    counts: Mapping[str, int] = rows.aggregate(
        **{
            f"from_{index}": Count("pk", filter=Q(**{f"{column}__gte": cut_off}))
            for index, cut_off in enumerate(CUT_OFFS)
        }
    )
    return [counts[f"from_{index}"] for index in range(len(CUT_OFFS))]


def errors_of(labels: Sequence[Label], cut_off: float) -> tuple[int, int]:
    """Return errors and verdicts at or above a cut-off."""
    chosen = [label.is_error for label in labels if label.confidence >= cut_off]
    return sum(chosen), len(chosen)
