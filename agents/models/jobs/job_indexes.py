"""Indexes of the jobs, each for the lists or the steps that its comment names."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from agents.choices import JobPriority, JobStatus
from agents.models.jobs.states import RARE_OUTCOMES, UNCOUNTED, UNFINISHED, UNSUCCESSFUL

INDEXES: Final = [
    # The sweeper and the age of the oldest due job.
    models.Index(fields=["available_at"], condition=Q(status=JobStatus.PENDING), name="agent_jobs_due"),
    # The number of waiting jobs of a person.
    models.Index(
        fields=["requested_by"], condition=Q(status=JobStatus.PENDING), name="agent_jobs_waiting_of"
    ),
    # The rescue of claims that ran out.
    models.Index(
        fields=["claimed_until"], condition=Q(status=JobStatus.PROCESSING), name="agent_jobs_claims"
    ),
    # The job list of a person, of a universe and of everybody (staff, admin), newest first. The columns behind
    # the order are those that lists filter by, so that counting reads only the index.
    models.Index(
        F("requested_by"),
        F("created_at").desc(),
        F("id").desc(),
        F("status"),
        F("agent_type"),
        F("outcome"),
        name="agent_jobs_by_person",
    ),
    models.Index(
        F("universe"),
        F("created_at").desc(),
        F("id").desc(),
        F("status"),
        F("agent_type"),
        F("requested_by"),
        name="agent_jobs_by_universe",
    ),
    models.Index(
        F("created_at").desc(),
        F("id").desc(),
        F("status"),
        F("agent_type"),
        F("outcome"),
        name="agent_jobs_newest",
    ),
    # Lists of the statuses that few jobs have, and statistics of unfinished jobs.
    models.Index(
        F("status"),
        F("created_at").desc(),
        F("id").desc(),
        F("requested_by"),
        F("agent_type"),
        condition=Q(status__in=UNSUCCESSFUL),
        name="agent_jobs_unsuccessful",
    ),
    models.Index(
        F("status"),
        F("created_at").desc(),
        F("id").desc(),
        F("requested_by"),
        F("agent_type"),
        condition=Q(status__in=UNFINISHED),
        name="agent_jobs_unfinished",
    ),
    # Lists of the outcomes that few jobs have: most are trusted.
    models.Index(
        F("outcome"),
        F("created_at").desc(),
        F("id").desc(),
        F("requested_by"),
        F("agent_type"),
        condition=Q(outcome__in=RARE_OUTCOMES),
        name="agent_jobs_rare_outcomes",
    ),
    # Filters of the admin: where nearly all jobs are one or the other, only the rare ones are listed by it.
    models.Index(F("created_at").desc(), F("id").desc(), condition=Q(is_mock=True), name="agent_jobs_mock"),
    models.Index(
        F("created_at").desc(),
        F("id").desc(),
        condition=Q(priority=JobPriority.BATCH),
        name="agent_jobs_batch",
    ),
    models.Index(
        fields=["variants_id"],
        condition=Q(variants_id__isnull=False),
        name="agent_jobs_variants",
    ),
    # Jobs of a schedule, follow-ups and copies: most jobs are none of these.
    *[
        models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"agent_jobs_{name}"[:30])
        for name in ("schedule", "follows", "reused_from")
    ],
    # The clean-up.
    models.Index(
        fields=["completed_at", "id"],
        condition=Q(completed_at__isnull=False),
        name="agent_jobs_completed",
    ),
    # Jobs that wait for the next batch.
    models.Index(
        fields=["batch_until"],
        condition=Q(status=JobStatus.PENDING, batch_until__isnull=False),
        name="agent_jobs_for_batch",
    ),
    # Statistics: jobs that are not in the totals.
    models.Index(fields=["requested_by", "completed_at"], condition=UNCOUNTED, name="agent_jobs_uncounted"),
    # Reuse of an earlier output.
    models.Index(
        fields=["question_hash"],
        condition=Q(status=JobStatus.COMPLETED) & ~Q(question_hash=""),
        name="agent_jobs_same_question",
    ),
]
