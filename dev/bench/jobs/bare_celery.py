"""Yardstick for the job path: a Celery worker that does nothing but ask the model and store the answer.

    celery -A dev.bench.jobs.bare_celery worker

Threads around one event loop, the provider's SDK on aiohttp, and two statements a job. ``BARE_DATABASE``,
``BARE_MODEL_URL``, ``REDIS_URL`` and ``WORKER_CONCURRENCY`` configure it.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from typing import Any

import anthropic
import httpx2
import psycopg
from celery import Celery
from psycopg_pool import ConnectionPool

from dev.bench.jobs.quick_model import KEY, MODEL

SCHEMA = """
    CREATE TABLE IF NOT EXISTS bare_jobs (
        id bigint PRIMARY KEY, status text NOT NULL, input jsonb NOT NULL, output jsonb,
        started_at timestamptz, completed_at timestamptz
    )
"""
QUEUE = "bare"
TASK = "bare.process"

app = Celery("bare", broker=os.environ.get("REDIS_URL", "").replace("unix://", "redis+socket://", 1))
app.conf.update(
    worker_pool="threads",
    worker_concurrency=int(os.environ.get("WORKER_CONCURRENCY", "500")),
    worker_prefetch_multiplier=1,
    task_default_queue=QUEUE,
    task_acks_late=True,
    task_ignore_result=True,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
)


class _Clients:
    """Pool and SDK client of the process, made on first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ConnectionPool[psycopg.Connection[Any]] | None = None
        self._sdk: anthropic.AsyncAnthropic | None = None
        self._loop = asyncio.new_event_loop()

    def pool(self) -> ConnectionPool[psycopg.Connection[Any]]:
        with self._lock:
            if self._pool is None:
                self._pool = ConnectionPool(
                    os.environ["BARE_DATABASE"],
                    min_size=1,
                    max_size=10,
                    kwargs={"autocommit": True},
                    open=True,
                )
            return self._pool

    def ask(self, prompt: str) -> anthropic.types.Message:
        with self._lock:
            if self._sdk is None:
                self._sdk = anthropic.AsyncAnthropic(
                    api_key=KEY,
                    base_url=os.environ["BARE_MODEL_URL"],
                    max_retries=0,
                    http_client=anthropic.DefaultAioHttpClient(
                        trust_env=False,
                        limits=httpx2.Limits(max_connections=1000, max_keepalive_connections=1000),
                    ),
                )
                threading.Thread(target=self._loop.run_forever, daemon=True).start()
        return asyncio.run_coroutine_threadsafe(_ask(self._sdk, prompt), self._loop).result()


async def _ask(sdk: anthropic.AsyncAnthropic, prompt: str) -> anthropic.types.Message:
    # Not streamed: the SDK's objects for each event of a stream would cost three times as much as the rest.
    return await sdk.messages.create(
        model=MODEL, max_tokens=4000, messages=[{"role": "user", "content": prompt}]
    )


clients = _Clients()


@app.task(name=TASK)
def process(job_id: int) -> None:
    with clients.pool().connection() as connection:
        row = connection.execute(
            "UPDATE bare_jobs SET status = 'processing', started_at = clock_timestamp()"
            " WHERE id = %s AND status = 'pending' RETURNING input",
            (job_id,),
        ).fetchone()
    if row is None:
        return
    message = clients.ask(row[0]["prompt"])
    text = "".join(block.text for block in message.content if block.type == "text")
    with clients.pool().connection() as connection:
        connection.execute(
            "UPDATE bare_jobs SET status = 'completed', output = %s, completed_at = clock_timestamp()"
            " WHERE id = %s AND status = 'processing'",
            (json.dumps({"text": text}), job_id),
        )
