"""Counting of finished jobs, verdicts and calls into the totals that statistics and usage reports read.

Rows are counted after they are committed, in small transactions that also mark them as counted. Each row therefore is
in the totals exactly once, whatever runs at the same time or is killed; until then the reports read the row itself.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from django.db import connection, models, transaction
from django.db.models import Case, Count, F, Q, Sum, Value, When

from agents.billing.budgets import to_pico
from agents.billing.usage_rows import TOKENS
from agents.choices import ACCEPTED_VERDICTS, COMPLETED_OUTCOMES, JobOutcome, ReviewKind
from agents.models import AgentJob, JobTotal, ModelCall, ReviewDecision, UsageDay
from agents.models.jobs.states import FINISHED

# Rows of one transaction: small, so that no statement takes long.
BATCH: Final = 1000

T = TypeVar("T", JobTotal, UsageDay)
Key = tuple[Any, ...]
# ``JobTotal.outcome`` of the verdicts, which are counted beside the jobs: a job may have several reviews.
VERDICT: Final = "verdict "

# What to add to each row of a table, by the row's key and the column.
Additions = defaultdict[Key, defaultdict[str, float]]

JOB_KEY: Final = ("requested_by_id", "agent_type", "outcome")
USAGE_KEY: Final = ("day", "is_of_all", "requested_by_id", "universe_id", "agent_type", "model")


def count_new_rows() -> dict[str, int]:
    """Count all rows that are not in the totals yet; return their number."""
    return {
        "jobs": _repeat(lambda: _count_jobs(AgentJob.objects.uncounted())),
        "decisions": _repeat(lambda: _count_decisions(ReviewDecision.objects.uncounted())),
        "calls": _repeat(_count_calls),
    }


def leave_out(job_ids: Collection[uuid.UUID]) -> None:
    """Take jobs out of the statistics, and leave them in the usage, before they are deleted in this transaction."""
    _count_jobs(AgentJob.objects.uncounted().filter(pk__in=job_ids))
    _count_decisions(ReviewDecision.objects.uncounted().filter(item__job__in=job_ids))
    totals = _additions()
    jobs = AgentJob.objects.filter(pk__in=job_ids).exclude(counted_as="").order_by()
    for person, agent, outcome, number, confidence in jobs.values_list(
        "requested_by", "agent_type", "counted_as"
    ).annotate(Count("pk"), Sum("confidence_score", default=0.0)):
        _add_job(totals, person, agent, outcome, -number)
        if outcome in COMPLETED_OUTCOMES:
            _add_confidence(totals, person, agent, outcome, -confidence)
    verdicts = ReviewDecision.objects.filter(item__job__in=job_ids, is_counted=True).order_by()
    for person, agent, verdict, number in (
        verdicts.exclude(item__kind=ReviewKind.GOLD)
        .values_list("item__job__requested_by", "item__job__agent_type", "verdict")
        .annotate(Count("pk"))
    ):
        _add_job(totals, person, agent, VERDICT + verdict, -number)
    _add(JobTotal, JOB_KEY, totals)


def _repeat(step: Callable[[], int]) -> int:
    counted = 0
    while batch := step():
        counted += batch
    return counted


def _count_jobs(jobs: models.QuerySet[AgentJob]) -> int:
    totals, usage = _additions(), _additions()
    with transaction.atomic():
        # Locked, so that their status stays what is counted; rows that another process counts are skipped.
        rows = list(
            jobs.select_for_update(of=("self",), no_key=True, skip_locked=True)
            .order_by()
            .values_list(
                "pk",
                "requested_by",
                "agent_type",
                "counted_as",
                "outcome",
                "confidence_score",
                "completed_at",
                "universe",
                "model",
            )[:BATCH]
        )
        for _, person, agent, old, new, confidence, at, universe, model in rows:
            if old:
                _add_job(totals, person, agent, old, -1)
                if old in COMPLETED_OUTCOMES:
                    _add_confidence(totals, person, agent, old, -(confidence or 0.0))
            if new:
                _add_job(totals, person, agent, new, 1)
                if new in COMPLETED_OUTCOMES:
                    _add_confidence(totals, person, agent, new, confidence or 0.0)
            if new in COMPLETED_OUTCOMES and at is not None:
                done = {
                    # Once: a review changes what became of it, but it stays completed.
                    "jobs_completed": old not in COMPLETED_OUTCOMES,
                    "jobs_trusted": (new == JobOutcome.TRUSTED) - (old == JobOutcome.TRUSTED),
                    "jobs_accepted": (new in ACCEPTED_VERDICTS) - (old in ACCEPTED_VERDICTS),
                }
                _add_usage(usage, at, person, universe, agent, model, done)
        is_finished = When(status__in=FINISHED, then=Value(True))
        AgentJob.objects.filter(pk__in=[row[0] for row in rows]).update(
            counted_as=F("outcome"), is_counted=Case(is_finished, default=Value(False))
        )
        _add(JobTotal, JOB_KEY, totals)
        _add(UsageDay, USAGE_KEY, usage)
    return len(rows)


def _count_decisions(decisions: models.QuerySet[ReviewDecision]) -> int:
    totals = _additions()
    with transaction.atomic():
        rows = list(
            decisions.select_for_update(of=("self",), no_key=True, skip_locked=True)
            .order_by()
            .values_list(
                "pk",
                "is_counted",
                "verdict",
                "item__kind",
                "item__job__requested_by",
                "item__job__agent_type",
            )[:BATCH]
        )
        for _, was_counted, verdict, kind, person, agent in rows:
            # Gold measures the reviewer and counts nowhere.
            if kind != ReviewKind.GOLD:
                _add_job(totals, person, agent, VERDICT + verdict, -1 if was_counted else 1)
        is_in_force = Case(When(undone_at__isnull=True, then=Value(True)), default=Value(False))
        ReviewDecision.objects.filter(pk__in=[row[0] for row in rows]).update(is_counted=is_in_force)
        _add(JobTotal, JOB_KEY, totals)
    return len(rows)


def _count_calls() -> int:
    usage = _additions()
    with transaction.atomic():
        rows = list(
            ModelCall.objects.filter(is_counted=False)
            .select_for_update(no_key=True, skip_locked=True)
            .order_by()
            .values_list(
                "pk",
                "at",
                "requested_by",
                "universe",
                "agent_type",
                "model",
                "cost_usd",
                "is_mock",
                "is_batch",
                *TOKENS,
            )[:BATCH]
        )
        for _, at, person, universe, agent, model, cost, is_mock, is_batch, *tokens in rows:
            sums = {
                "calls": 1,
                "unknown_calls": cost is None,
                "pico_usd": 0 if cost is None else to_pico(cost),
                "mock_calls": is_mock,
                "batch_calls": is_batch,
                **dict(zip(TOKENS, tokens, strict=True)),
            }
            _add_usage(usage, at, person, universe, agent, model, sums)
        ModelCall.objects.filter(pk__in=[row[0] for row in rows]).update(is_counted=True)
        _add(UsageDay, USAGE_KEY, usage)
    return len(rows)


# --- Addition


def _additions() -> Additions:
    return defaultdict(lambda: defaultdict(int))


def _add_job(totals: Additions, person: int, agent: str, outcome: str, number: int) -> None:
    for whose in (person, None):
        totals[whose, agent, outcome]["number"] += number


def _add_confidence(totals: Additions, person: int, agent: str, outcome: str, confidence: float) -> None:
    for whose in (person, None):
        totals[whose, agent, outcome]["confidence_sum"] += confidence


def _add_usage(
    usage: Additions,
    at: datetime,
    person: int | None,
    universe: uuid.UUID | None,
    agent: str,
    model: str,
    sums: dict[str, int],
) -> None:
    day = at.astimezone(UTC).date()
    for is_of_all, whose in ((False, person), (True, None)):
        row = usage[day, is_of_all, whose, universe, agent, model]
        for column, value in sums.items():
            row[column] += value


def _add(table: type[T], key: tuple[str, ...], additions: Additions) -> None:
    """Replace each row by its sum with the addition; nobody else can write the table until the transaction ends."""
    if not additions:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"LOCK TABLE {connection.ops.quote_name(table._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE"
            )
    replaced = []
    for row in _rows_like(table, key[0], {values[0] for values in additions}):
        addition = additions.get(tuple(getattr(row, name) for name in key))
        if addition is not None:
            replaced.append(row.pk)
            for column in _sums_of(table, key):
                addition[column] += getattr(row, column)
    table._default_manager.filter(pk__in=replaced).delete()
    table._default_manager.bulk_create(
        table(**dict(zip(key, values, strict=True)), **sums) for values, sums in additions.items()
    )


def _rows_like(table: type[T], column: str, values: set[Any]) -> Iterable[T]:
    where = Q(**{f"{column}__in": values - {None}})
    if None in values:
        where |= Q(**{f"{column}__isnull": True})
    return table._default_manager.filter(where)


def _sums_of(table: type[models.Model], key: tuple[str, ...]) -> list[str]:
    return [field.attname for field in table._meta.concrete_fields if field.attname not in {*key, "id"}]
