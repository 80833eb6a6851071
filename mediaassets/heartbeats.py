"""Heartbeats of workers and beat on the broker's server, by which others see that they live."""

from __future__ import annotations

import os
import socket
import threading
import time
from typing import Any

import redis
import structlog
from celery import bootsteps
from django.conf import settings
from django_celery_beat.schedulers import DatabaseScheduler
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

WORKERS = "heartbeats:workers"
BEAT = "heartbeats:beat"
INTERVAL_S = 5.0
# Three beats may be missed, as in a pause of the server or of the machine.
MAX_AGE_S = 20.0
TIMEOUT_S = 0.4


def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


def record(kind: str, name: str) -> None:
    """Note that a process lives. An unreachable broker is logged: without it the process counts as dead anyway."""
    try:
        with _client() as client, client.pipeline() as commands:
            now = time.time()
            commands.zadd(kind, {name: now})
            commands.zremrangebyscore(kind, 0, now - 10 * MAX_AGE_S)
            commands.execute()
    except (redis.RedisError, OSError) as error:
        log.debug("heartbeat_failed", error=type(error).__name__)


def alive(kind: str) -> dict[str, float]:
    """Return the age in seconds of the last heartbeat by name; empty while the broker is unreachable."""
    now = time.time()
    try:
        with _client() as client:
            found = client.zrangebyscore(kind, now - MAX_AGE_S, "+inf", withscores=True)
    except (redis.RedisError, OSError):
        return {}
    return {name.decode(): max(0.0, now - at) for name, at in found}


def own_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Worker component with a thread that records heartbeats."""

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self, worker: Any) -> None:
        self._thread.start()

    def stop(self, worker: Any) -> None:
        self._is_stopping.set()

    def _run(self) -> None:
        record(WORKERS, own_name())
        while not self._is_stopping.wait(INTERVAL_S):
            record(WORKERS, own_name())


class Scheduler(DatabaseScheduler):  # type: ignore[misc]
    """Beat's scheduler, which records a heartbeat with each look at its timetable, at least every five seconds."""

    _recorded_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() - self._recorded_at >= INTERVAL_S - 1:
            record(BEAT, own_name())
            self._recorded_at = time.monotonic()
        return super().tick(*args, **kwargs)
