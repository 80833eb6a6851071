"""Response times of the review pages with 1,000 jobs and with 200,000.

    python -m dev.bench.reading.review_queue [--jobs 200000] [--open 5000]

Fills a private PostgreSQL twice; each time one signed-in reviewer requests the next item, the queue page and the
overview repeatedly, through the real views and templates. Compare figures of one run only.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dev.bench.rig import site

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ROUNDS = 21
SMALL_JOBS, SMALL_OPEN = 1000, 100
BATCH = 5000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=200_000)
    parser.add_argument("--open", type=int, default=5_000)
    options = parser.parse_args()
    with site():
        _compare(options)


def _compare(options: argparse.Namespace) -> None:
    people = _people()
    _fill(SMALL_JOBS, SMALL_OPEN, people)
    small = _measure(people[0])
    _fill(options.jobs - SMALL_JOBS, options.open - SMALL_OPEN, people)
    large = _measure(people[0])
    print(f"median of {ROUNDS}, milliseconds (queries)")
    print(f"{'':16}{SMALL_JOBS:>9,} jobs {options.jobs:>12,} jobs   ratio")
    for name, (small_ms, small_queries) in small.items():
        large_ms, large_queries = large[name]
        print(
            f"{name:16}{small_ms:9.1f} ({small_queries:2}) {large_ms:12.1f} ({large_queries:2})"
            f"   {large_ms / small_ms:5.2f}"
        )


def _people() -> list[User]:
    from django.contrib.auth.models import Group, User

    people = [User.objects.create(username=f"reviewer{number}", is_staff=True) for number in range(20)]
    for person in people:
        person.groups.add(Group.objects.get(name="Reviewers"))
    return people


def _fill(jobs: int, open_items: int, people: list[User]) -> None:
    """Create jobs of the last year; three of ten were reviewed, and the last ``open_items`` wait for review."""
    from django.db import connection
    from django.utils import timezone

    from agents.models import AgentJob, ModelCall, ReviewDecision, ReviewItem

    rng, now = random.Random(jobs), timezone.now()
    text = "The tide came in and took the lamp with it. " * 40
    remaining = jobs
    while remaining:
        size = min(BATCH, remaining)
        rows = []
        for number in range(size):
            is_open = remaining - number <= open_items
            at = now - timedelta(hours=rng.random() * (24 if is_open else 24 * 365))
            rows.append(
                AgentJob(
                    agent_type=rng.choice(["narrative", "spatial", "consistency"]),
                    status="completed",
                    outcome="awaiting_review" if is_open else "approved",
                    requested_by=rng.choice(people),
                    input_data={"prompt": "The tide.", "location_name": "A pier", "content": "The tide."},
                    output_data={"title": "Tide", "content": text},
                    confidence_score=round(rng.random(), 3),
                    attempts=1,
                    attempt_limit=4,
                    created_at=at,
                    available_at=at,
                    started_at=at,
                    completed_at=at,
                )
            )
        created = AgentJob.objects.bulk_create(rows)
        ModelCall.objects.bulk_create(
            ModelCall(
                job=job,
                requested_by=job.requested_by,
                agent_type=job.agent_type,
                attempt=1,
                at=job.created_at,
                model="claude-haiku-5-5",
                prompt_name=job.agent_type,
                prompt_version="1",
                input_tokens=4000,
                output_tokens=900,
                cost_usd="0.00085",
            )
            for job in created
        )
        items, closed = [], []
        for number, job in enumerate(created):
            is_open = remaining - number <= open_items
            if not is_open and rng.random() > 0.3:
                continue
            item = ReviewItem(
                job=job,
                agent_type=job.agent_type,
                confidence=job.confidence_score or 0.0,
                reasons=["Confidence 0.50 is below 0.75.", "It names nobody."],
                reason_codes="|names|",
                opened_at=job.created_at,
                due_at=job.created_at + timedelta(hours=24),
                state="open" if is_open else "closed",
                closed_at=None if is_open else job.created_at + timedelta(hours=3),
            )
            items.append(item)
            if not is_open:
                closed.append(item)
        ReviewItem.objects.bulk_create(items)
        ReviewDecision.objects.bulk_create(
            ReviewDecision(
                item=item,
                verdict=(verdict := rng.choice(["approved", "approved", "edited", "rejected"])),
                by=rng.choice(people),
                at=item.closed_at or now,
                note="Too short." if verdict == "rejected" else "",
                before={},
                after={} if verdict == "edited" else None,
                work_s=rng.uniform(20, 400),
            )
            for item in closed
        )
        remaining -= size
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measure(reviewer: User) -> dict[str, tuple[float, int]]:
    from django.test import Client
    from django.urls import reverse

    from agents.quality import reports
    from agents.review import claims

    reports.refresh_all()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(reviewer)

    def next_item() -> None:
        item = claims.claim_next(reviewer)
        assert item is not None
        claims.release(item.pk, reviewer)

    def page(name: str) -> Callable[[], Any]:
        url = reverse(name)

        def get_page() -> None:
            assert client.get(url).status_code == 200

        return get_page

    return {
        "next item": _median(next_item),
        "queue": _median(page("admin:agents_reviewitem_changelist")),
        "overview": _median(page("admin:index")),
    }


def _median(act: Callable[[], Any]) -> tuple[float, int]:
    """Return the median in milliseconds, and the number of queries of one call."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    act()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - started))
    with CaptureQueriesContext(connection) as queries:
        act()
    return statistics.median(times), len(queries)


if __name__ == "__main__":
    main()
