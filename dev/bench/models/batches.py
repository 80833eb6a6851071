"""Results and costs of batch jobs under every fault that a batch can have.

    python -m dev.bench.models.batches [--jobs 300] [--seed 1]

A third of the items expires, is cancelled or refused, or gets an unusable answer; direct calls fail at random as
well. The jobs run in threads of this process, against the stand-in for the Messages API and a private PostgreSQL; this
process sends and polls as beat would. The exit status is 1 if a job does not finish, or if the ledger differs from the
price that the stand-in computes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

from dev.bench.rig import site
from dev.standin import KEY, StandIn

if TYPE_CHECKING:
    import uuid

THREADS = 16
BATCH_S = 3600.0

ITEM_FAULTS = {
    "expired": 0.08,
    "canceled": 0.05,
    "server_error": 0.05,
    "truncated": 0.05,
    "wrong_json": 0.05,
    "refused": 0.02,
    "empty": 0.03,
}
_FINAL = {"completed", "failed"}
CALL_FAULTS = {"overloaded": 0.05, "reset": 0.03, "cut": 0.05, "not_json": 0.05}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        StandIn(seed=options.seed) as standin,
        site(
            ANTHROPIC_API_KEY=KEY,
            ANTHROPIC_BASE_URL=standin.url,
            BATCH_GATHER_S="0",
            WORKER_CONCURRENCY=str(THREADS),
            DB_POOL_SIZE=str(THREADS + 4),
        ),
    ):
        standin.latency(batch_s=BATCH_S)
        standin.rates(ITEM_FAULTS, seed=options.seed, on="batch_item")
        standin.rates(CALL_FAULTS, seed=options.seed)
        job_ids = _submit(options.jobs)
        _work(job_ids, standin)
        problems = _report(job_ids, standin)
    for problem in problems:
        print("WRONG:", problem)
    sys.exit(1 if problems else 0)


def _submit(count: int) -> list[uuid.UUID]:
    from django.contrib.auth.models import User

    from agents.choices import JobPriority
    from agents.jobs import submission
    from agents.jobs.submission import JobRequest

    user = User.objects.create(username="bench")
    return [
        submission.submit_job(
            JobRequest(
                by=user,
                agent_type="spatial",
                input_data={"location_name": f"Place {number}"},
                priority=JobPriority.BATCH,
            )
        ).pk
        for number in range(count)
    ]


def _work(job_ids: list[uuid.UUID], standin: StandIn) -> None:
    from django.db import connection
    from django.utils import timezone

    from agents.batches import polling, sending
    from agents.batches.answer_source import process_job
    from agents.models import AgentJob

    def run(pk: uuid.UUID) -> None:
        try:
            process_job(pk)
        finally:
            connection.close()

    unfinished = AgentJob.objects.filter(pk__in=job_ids, status__in=["pending", "processing"])
    deadline = time.monotonic() + 600
    with ThreadPoolExecutor(THREADS) as pool:
        while unfinished.exists():
            if time.monotonic() > deadline:
                return
            sending.send_batches()
            # Two pollers at once, as when beat is late.
            list(pool.map(lambda _: polling.poll_batches(), range(2)))
            standin.advance(BATCH_S)
            # Skip the pauses between attempts, but not the wait for a batch.
            unfinished.filter(status="pending", batch_until=None).update(available_at=timezone.now())
            ids = list(unfinished.values_list("pk", flat=True))
            # Deliver each message twice, as a broker may.
            list(pool.map(run, [pk for pk in ids for _ in range(2)]))
    # Record the cost of results that arrived too late for their jobs.
    polling.poll_batches()


def _report(job_ids: list[uuid.UUID], standin: StandIn) -> list[str]:
    from agents.models import AgentJob, AgentJobEvent, MessageBatch, ModelCall

    jobs = Counter(AgentJob.objects.filter(pk__in=job_ids).values_list("status", "error_code"))
    calls = list(ModelCall.objects.filter(job__in=job_ids))
    known = sum((call.cost_usd for call in calls if call.cost_usd is not None), Decimal(0))
    batched = [call for call in calls if call.is_batch]
    finished = AgentJobEvent.objects.filter(job__in=job_ids, kind__in=["completed", "failed"])
    print(f"{len(job_ids)} jobs in {MessageBatch.objects.count()} batches")
    for (status, code), count in sorted(jobs.items()):
        print(f"  {status} {code or 'without an error'}: {count}")
    print(f"  {len(batched)} answers from batches, {len(calls) - len(batched)} direct calls")
    print(f"  in the ledger ${known}, billed and delivered ${standin.log.delivered_price_usd}")
    problems = [f"{count} jobs are {status}" for (status, _), count in jobs.items() if status not in _FINAL]
    if known != standin.log.delivered_price_usd:
        problems.append("the ledger differs from the bill")
    if finished.count() != len(job_ids):
        problems.append(f"{finished.count()} final events of {len(job_ids)} jobs")
    return problems


if __name__ == "__main__":
    main()
