"""The sides of the throughput benchmark: our worker, a bare Celery worker, and one of taskiq."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg

from dev.bench.jobs.quick_model import QuickModel
from dev.bench.rig import Site
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, Worker, children, wait_until

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
    """One of the systems: how to start its workers, fill its queue and read its times.

    ``start`` returns the process ids of the workers, whose processor time is measured. With ``beside``, they work
    together with those of the side of that name.
    """

    name: str
    queue: str
    start: Callable[[], list[int]]
    fill: Callable[[int], None]
    times: Callable[[int], list[tuple[float, float]]]
    beside: str | None = None


class _Yardstick:
    """Rows and messages of a yardstick, whose table is named after it."""

    def __init__(self, table: str, schema: str, send: Callable[[range], None]) -> None:
        self._table = table
        self._send = send
        self._first = self._last = 0
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(schema.encode())

    def fill(self, count: int) -> None:
        self._first, self._last = self._last + 1, self._last + count
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(
                f"INSERT INTO {self._table} (id, status, input) SELECT n, 'pending',"
                ' \'{"prompt": "Write a scene."}\' FROM generate_series(%s::bigint, %s::bigint) n'.encode(),
                (self._first, self._last),
            )
        self._send(range(self._first, self._last + 1))

    def times(self, count: int) -> list[tuple[float, float]]:
        return times_of(
            f"SELECT extract(epoch FROM started_at), extract(epoch FROM completed_at) FROM {self._table}"
            " WHERE status = 'completed' AND id >= %s",
            self._first,
        )


def bare(bench_site: Site, model: QuickModel) -> Side:
    from dev.bench.jobs import bare_celery

    os.environ |= {"BARE_DATABASE": os.environ["DATABASE_URL"], "BARE_MODEL_URL": model.url}
    bare_celery.app.conf["broker_url"] = os.environ["REDIS_URL"].replace("unix://", "redis+socket://", 1)

    def send(numbers: range) -> None:
        with bare_celery.app.producer_pool.acquire(block=True) as producer:
            for number in numbers:
                bare_celery.app.send_task(bare_celery.TASK, args=[number], queue=HELD, producer=producer)

    def start() -> list[int]:
        return [start_celery(bench_site, "dev.bench.jobs.bare_celery", bare_celery.QUEUE, "bare@localhost")]

    rows = _Yardstick("bare_jobs", bare_celery.SCHEMA, send)
    return Side("bare", bare_celery.QUEUE, start, rows.fill, rows.times)


def taskiq(bench_site: Site, model: QuickModel, *, concurrency: int) -> Side:
    os.environ |= {"BARE_DATABASE": os.environ["DATABASE_URL"], "BARE_MODEL_URL": model.url}
    from taskiq.kicker import AsyncKicker
    from taskiq_redis import ListQueueBroker

    from dev.bench.jobs import taskiq_peer

    async def send_all(numbers: range) -> None:
        held = ListQueueBroker(os.environ["REDIS_URL"], queue_name=HELD)
        kicker: Any = AsyncKicker(task_name=taskiq_peer.TASK, broker=held, labels={})
        for number in numbers:
            await kicker.kiq(number)
        await held.shutdown()

    def start() -> list[int]:
        log_path = bench_site.directory / "taskiq.log"
        peer = ["dev.bench.jobs.taskiq_peer:broker", "--workers", "1"]
        with log_path.open("wb") as log:
            process = processes.start(
                [sys.executable, "-m", "taskiq", "worker", *peer, "--max-async-tasks", str(concurrency)],
                env=os.environ,
                cwd=ROOT,
                output=log,
                on_orphaned=signal.SIGKILL,
            )
        deadline = time.monotonic() + 60
        while not (workers := children(process.pid)):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(log_path.read_text(errors="replace")[-4000:])
            time.sleep(0.05)
        return [process.pid, *workers]

    rows = _Yardstick("taskiq_jobs", taskiq_peer.SCHEMA, lambda numbers: asyncio.run(send_all(numbers)))
    return Side("taskiq", taskiq_peer.QUEUE, start, rows.fill, rows.times)


def ours(bench_site: Site, *, in_universe: bool = False, is_second: bool = False) -> Side:
    """Return the side of our worker, or that of a second one beside it."""
    from django.contrib.auth.models import User

    from universes.services.rules import RuleInput
    from universes.services.universes import create_universe, update_world_config

    user, _ = User.objects.get_or_create(username="bench")
    universe = None
    if in_universe:
        universe = create_universe(user, name="Bench")
        update_world_config(universe, rules=[RuleInput(text) for text in RULES])
    state: dict[str, Any] = {}

    def start() -> list[int]:
        queues = "jobs,background,crowded,maintenance"
        return [start_celery(bench_site, "mediaassets", queues, f"ours{is_second:d}@localhost")]

    def fill(count: int) -> None:
        state["ids"] = _store_jobs(user, universe, count)

    def times(count: int) -> list[tuple[float, float]]:
        return times_of(
            "SELECT extract(epoch FROM started_at), extract(epoch FROM completed_at) FROM agent_jobs"
            " WHERE status = 'completed' AND id = ANY(%s)",
            state["ids"],
        )

    if is_second:
        return Side("ours × 2", "jobs", start, fill, times, beside="ours")
    return Side("ours", "jobs", start, fill, times)


def _store_jobs(user: Any, universe: Any, count: int) -> list[Any]:
    """Store jobs as a submission does, and put their messages into the held queue."""
    from django.db import connection, transaction
    from django.utils import timezone

    from agents.choices import EventKind
    from agents.common import dispatch
    from agents.jobs import submission
    from agents.models import AgentJob, AgentJobEvent
    from mediaassets.celery import app

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
    # The rows last: an idle worker soon takes a job whose message does not come.
    with app.producer_pool.acquire(block=True) as producer:
        for job in jobs:
            app.send_task(
                dispatch.PROCESS_AGENT_JOB, args=[str(job.pk)], queue=HELD, producer=producer, retry=False
            )
    for job in jobs:
        job.sent_at = timezone.now() + timedelta(minutes=1)
    with transaction.atomic():
        AgentJob.objects.bulk_create(jobs)
        AgentJobEvent.objects.bulk_create(
            AgentJobEvent(job=job, kind=EventKind.SUBMITTED, attempt=0, by=user) for job in jobs
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
        # Which it does beside its first jobs for some seconds.
        what = "patterns are compiled"
        wait_until(lambda: "patterns_compiled" in worker.log(), within_s=60, what=what)
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
