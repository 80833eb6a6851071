"""When a failed attempt is tried again."""

from __future__ import annotations

import random
from datetime import timedelta

from django.conf import settings


def delay_before(next_attempt: int, retry_after_s: float | None) -> timedelta:
    """How long the job waits before attempt ``next_attempt`` (2 is the first retry).

    Doubles each time, with full jitter above half, so that jobs that failed together do not come back together.
    What the other side asked for (``retry-after``) is obeyed up to ``RETRY_AFTER_CAP_S``.
    """
    backoff_s = settings.RETRY_BACKOFF_S * 2 ** (next_attempt - 2)
    spread_s = backoff_s * random.uniform(0.5, 1.0)  # noqa: S311  spreads load, guards nothing
    return timedelta(seconds=min(max(spread_s, retry_after_s or 0.0), settings.RETRY_AFTER_CAP_S))
