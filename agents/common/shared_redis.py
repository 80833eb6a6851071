"""Connections to the Redis that all processes share, for what is not the broker's."""

from __future__ import annotations

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry


def connect(*, connections: int, turn_s: float, timeout_s: float, retries: int = 0) -> redis.Redis:
    """Return a client for many threads, which wait for one of its ``connections`` for ``turn_s`` at most.

    A question fails after ``timeout_s``; a retry helps where a connection died while it was idle.
    """
    pool = redis.BlockingConnectionPool.from_url(
        settings.REDIS_URL,
        max_connections=connections,
        timeout=turn_s,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        retry=Retry(NoBackoff(), retries),
    )
    return redis.Redis(connection_pool=pool)
