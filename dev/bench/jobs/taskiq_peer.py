"""Yardstick for the job path: a taskiq worker that does nothing but ask the model and store the answer.

    taskiq worker dev.bench.jobs.taskiq_peer:broker

One event loop, the provider's SDK on aiohttp, and two statements a job.
"""

from __future__ import annotations

import json
import os

import anthropic
import httpx2
import psycopg_pool
from taskiq_redis import ListQueueBroker

from dev.bench.jobs.quick_model import KEY, MODEL

SCHEMA = """
    CREATE TABLE IF NOT EXISTS taskiq_jobs (
        id bigint PRIMARY KEY, status text NOT NULL, input jsonb NOT NULL, output jsonb,
        started_at timestamptz, completed_at timestamptz
    )
"""
QUEUE = "taskiq"
TASK = "taskiq.process"

# Waits for messages as long as it takes; by default, an idle worker ends after some seconds.
broker = ListQueueBroker(
    os.environ.get("REDIS_URL", "redis://"),
    queue_name=QUEUE,
    max_connection_pool_size=20,
    socket_timeout=None,
)


class _Clients:
    """Pool and SDK client of the process, made on first use in its event loop."""

    def __init__(self) -> None:
        self._pool: psycopg_pool.AsyncConnectionPool | None = None
        self._sdk: anthropic.AsyncAnthropic | None = None

    async def pool(self) -> psycopg_pool.AsyncConnectionPool:
        if self._pool is None:
            self._pool = psycopg_pool.AsyncConnectionPool(
                os.environ["BARE_DATABASE"],
                min_size=1,
                max_size=10,
                kwargs={"autocommit": True},
                open=False,
            )
            await self._pool.open()
        return self._pool

    def sdk(self) -> anthropic.AsyncAnthropic:
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
        return self._sdk


clients = _Clients()


@broker.task(task_name=TASK)
async def process(job_id: int) -> None:
    pool = await clients.pool()
    async with pool.connection() as connection:
        claimed = await connection.execute(
            "UPDATE taskiq_jobs SET status = 'processing', started_at = clock_timestamp()"
            " WHERE id = %s AND status = 'pending' RETURNING input",
            (job_id,),
        )
        row = await claimed.fetchone()
    if row is None:
        return
    message = await clients.sdk().messages.create(
        model=MODEL, max_tokens=4000, messages=[{"role": "user", "content": row[0]["prompt"]}]
    )
    text = "".join(block.text for block in message.content if block.type == "text")
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE taskiq_jobs SET status = 'completed', output = %s, completed_at = clock_timestamp()"
            " WHERE id = %s AND status = 'processing'",
            (json.dumps({"text": text}), job_id),
        )
