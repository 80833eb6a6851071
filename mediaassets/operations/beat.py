"""Heartbeat of beat on the broker's server, by which others see that it lives.

`python -m mediaassets.operations.beat` is the health check of beat's container: exit code 0 after a recent heartbeat.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import redis
import structlog
from django.conf import settings

from mediaassets.operations.broker_client import impatient_client

log = structlog.get_logger(__name__)

KEY = "heartbeat:beat"
# Heartbeats are five seconds apart; three may be missed, as in a pause of the server or of the machine.
MAX_AGE_S = 20.0
TIMEOUT_S = 0.4


def record_heartbeat() -> None:
    """Note that beat lives. An unreachable broker is logged: without it beat can send no task anyway."""
    try:
        with _client() as client:
            client.set(KEY, time.time(), ex=int(10 * MAX_AGE_S))
    except (redis.RedisError, OSError) as error:
        log.debug("heartbeat_failed", error=type(error).__name__)


def age_s() -> float | None:
    """Return the age of the last heartbeat; None without a recent one, or while the broker is unreachable."""
    try:
        with _client() as client:
            recorded_at: Any = client.get(KEY)
    except (redis.RedisError, OSError):
        return None
    if recorded_at is None:
        return None
    age = max(0.0, time.time() - float(recorded_at))
    return age if age < MAX_AGE_S else None


def _client() -> redis.Redis:
    return impatient_client(settings.REDIS_URL, timeout_s=TIMEOUT_S)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaassets.settings")
    if age_s() is not None:
        return 0
    sys.stderr.write(f"Beat had no heartbeat within the last {MAX_AGE_S:g} seconds.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
