"""The two sides of the throughput benchmark: our worker, and a bare Celery worker."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from dev.bench.quick_model import QuickModel
from dev.bench.rig import Site
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, Worker

HELD = "held"
RULES = [
    "No one can teleport.",
    "Magic costs memories.",
    "The sea is never crossed at night.",
    "Lamps are lit by keepers alone.",
    "Iron does not exist.",
]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two systems: how to start its worker, fill its queue and read its times."""

    name: str
    queue: str
    start: Callable[[], int]
    fill: Callable[[int], None]
    times: Callable[[int], list[tuple[float, float]]]


def bare(bench_site: Site, model: QuickModel) -> Side:
    from dev.bench import bare_celery

    url = os.environ["DATABASE_URL"]
    os.environ |= {"BARE_DATABASE": url, "BARE_MODEL_URL": model.url}
    bare_celery.app.conf["broker_url"] = os.environ["REDIS_URL"].replace("unix://", "redis+socket://", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(bare_celery.SCHEMA.encode())
    state = {"first": 0, "last": 0}

    def start() -> int:
        return start_celery(bench_site, "dev.bench.bare_celery", bare_celery.QUEUE, "bare@localhost")

    def fill(count: int) -> None:
        first, last = state["last"] + 1, state["last"] + count
        state["first"], state["last"] = first, last
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO bare_jobs (id, status, input) SELECT n, 'pending', '{\"prompt\": \"Write a scene.\"}'"
                " FROM generate_series(%s::bigint, %s::bigint) n",
                (first, last),
            )
        with bare_celery.app.producer_pool.acquire(block=True) as producer:
            for number in range(first, last + 1):
                bare_celery.app.send_task(bare_celery.TASK, args=[number], queue=HELD, producer=producer)

    def times(count: int) -> list[tuple[float, float]]:
        return times_of(
            "SELECT extract(epoch FROM started_at), extract(epoch FROM completed_at) FROM bare_jobs"
            " WHERE status = 'completed' AND id >= %s",
            state["first"],
        )

    return Side("bare", bare_celery.QUEUE, start, fill, times)


def ours(bench_site: Site, *, in_universe: bool) -> Side:
    from django.contrib.auth.models import User

    from universes.services.rules import RuleInput
    from universes.services.universes import create_universe, update_world_config

    user = User.objects.create(username="bench")
    universe = None
    if in_universe:
        universe = create_universe(user, name="Bench")
        update_world_config(universe, rules=[RuleInput(text) for text in RULES])
    state: dict[str, Any] = {}

    def start() -> int:
        return start_celery(
            bench_site, "mediaassets", "jobs,background,crowded,maintenance", "ours@localhost"
        )

    def fill(count: int) -> None:
        state["ids"] = _store_jobs(user, universe, count)

    def times(count: int) -> list[tuple[float, float]]:
        return times_of(
            "SELECT extract(epoch FROM started_at), extract(epoch FROM completed_at) FROM agent_jobs"
            " WHERE status = 'completed' AND id = ANY(%s)",
            state["ids"],
        )

    return Side("ours", "jobs", start, fill, times)


def _store_jobs(user: Any, universe: Any, count: int) -> list[Any]:
    """Store jobs as a submission does, and put their messages into the held queue."""
    from celery import current_app
    from django.db import connection, transaction

    from agents.choices import EventKind
    from agents.common import dispatch
    from agents.jobs import submission
    from agents.models import AgentJob, AgentJobEvent

    config = {} if universe else {"world_config": {"rules": RULES}}
    jobs = []
    for number in range(count):
        request = submission.JobRequest(
            by=user,
            agent_type="narrative",
            input_data={"prompt": f"Write about the keeper of the light, evening {number}.", **config},
            universe_id=universe and universe.pk,
        )
        jobs.append(submission._new_job(request, universe))
    with transaction.atomic():
        AgentJob.objects.bulk_create(jobs)
        AgentJobEvent.objects.bulk_create(
            AgentJobEvent(job=job, kind=EventKind.SUBMITTED, attempt=0, by=user) for job in jobs
        )
    with current_app.producer_pool.acquire(block=True) as producer:
        for job in jobs:
            current_app.send_task(
                dispatch.PROCESS_AGENT_JOB, args=[str(job.pk)], queue=HELD, producer=producer, retry=False
            )
    connection.close()
    return [job.pk for job in jobs]


def times_of(query: str, of: object) -> list[tuple[float, float]]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        return [
            (float(started), float(ended))
            for started, ended in connection.execute(query.encode(), (of,)).fetchall()
        ]


def start_celery(bench_site: Site, app: str, queues: str, name: str) -> int:
    if app == "mediaassets":
        worker = Worker(name, bench_site.directory / f"{name}.log", os.environ, queues=queues)
        worker.wait_until_ready()
        return worker.pid
    log_path = bench_site.directory / f"{name}.log"
    command = [sys.executable, "-m", "celery", "-A", app, "worker", "-Q", queues, "-n", name]
    with log_path.open("wb") as log:
        process = processes.start(
            [*command, "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
            # With Django's settings, Celery would load the product, and with it our transport.
            env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            cwd=ROOT,
            output=log,
            on_orphaned=signal.SIGKILL,
        )
    deadline = time.monotonic() + 60
    while f"{name} ready." not in log_path.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(log_path.read_text(errors="replace")[-4000:])
        time.sleep(0.05)
    return process.pid
