"""Connection to the broker for those who only look whether it answers."""

from __future__ import annotations

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def impatient_client(url: str, *, timeout_s: float) -> redis.Redis:
    """Return a client that fails after ``timeout_s``, without a second try."""
    return redis.Redis.from_url(
        url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s, retry=Retry(NoBackoff(), 0)
    )
