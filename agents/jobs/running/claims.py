"""Claims of due jobs by this process."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from agents.choices import EventKind
from agents.common import events
from agents.common.database import connections, versions
from agents.common.database.versions import Versions
from agents.common.in_flight import in_flight
from agents.jobs.running.grouping import Grouped
from agents.models import AgentJob
from agents.models.jobs import statements as job_statements

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed job, and the versions of the tables in memory at that moment."""

    job: AgentJob
    versions: Versions


def claim(job_id: uuid.UUID) -> Claim | None:
    """Move a due job from pending to processing; None if it is not due or another worker has it."""
    return _claims.ask(job_id)


def _claim_group(job_ids: Sequence[uuid.UUID]) -> list[Claim | None]:
    try:
        claims = _claim_again_if_broken(job_ids)
    except Exception:
        # The claims may be committed although their answer was lost.
        in_flight.suspect_loss()
        raise
    for claimed in claims:
        if claimed is not None:
            in_flight.add(claimed.job.pk)
    return claims


def _claim_again_if_broken(job_ids: Sequence[uuid.UUID]) -> list[Claim | None]:
    try:
        return _claim_all(job_ids)
    except connections.GONE as error:
        if connection.in_atomic_block:
            raise
        # The connection was kept, and may have died with a restart of the server. If the first try was committed all
        # the same, the second one finds nothing to claim, and the rescue takes the jobs back.
        in_flight.suspect_loss()
        log.warning("claim_tried_again", jobs=len(job_ids), error=str(error))
        connections.drop_dead()
        return _claim_all(job_ids)


def _claim_all(job_ids: Sequence[uuid.UUID]) -> list[Claim | None]:
    claim_s = settings.LLM_TIMEOUT_S + settings.CLAIM_MARGIN_S
    if connection.vendor != "postgresql":
        return [_claim_one(job_id, claim_s) for job_id in job_ids]
    now = timezone.now()
    jobs, current = job_statements.claim_all(
        AgentJob, job_ids, now=now, until=now + timedelta(seconds=claim_s), worker=in_flight.worker
    )
    claimed = {job.pk: Claim(job, current) for job in jobs}
    # Of two messages for the same job, one gets it.
    return [claimed.pop(job_id, None) for job_id in job_ids]


def _claim_one(job_id: uuid.UUID, claim_s: float) -> Claim | None:
    with transaction.atomic():
        job = AgentJob.objects.claim(job_id, claim_s=claim_s, worker=in_flight.worker)
        if job is None:
            return None
        events.record(job.pk, EventKind.CLAIMED, attempt=job.attempts)
        return Claim(job, versions.read())


_claims: Grouped[uuid.UUID, Claim | None] = Grouped("claims", _claim_group, max_items=100)
