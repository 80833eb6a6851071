"""When a failed attempt is tried again."""

from __future__ import annotations

import random
from datetime import timedelta

from django.conf import settings

# Past it every pause has long been the cap, and the number would grow out of a float.
MAX_DOUBLINGS = 30


def delay_before(retry: int, retry_after_s: float | None) -> timedelta:
    """How long the job waits before its ``retry``-th retry, counted from 1 anew after a person's.

    Doubles each time, with full jitter above half, so that jobs that failed together do not come back together.
    What the other side asked for (``retry-after``) is obeyed up to ``RETRY_AFTER_CAP_S``.
    """
    backoff_s = settings.RETRY_BACKOFF_S * 2 ** min(max(retry, 1) - 1, MAX_DOUBLINGS)
    spread_s = backoff_s * random.uniform(0.5, 1.0)  # noqa: S311  spreads load, guards nothing
    return timedelta(seconds=min(max(spread_s, retry_after_s or 0.0), settings.RETRY_AFTER_CAP_S))
