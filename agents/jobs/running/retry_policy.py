"""Delays between the retries of a failed attempt."""

from __future__ import annotations

import random
from datetime import timedelta

from django.conf import settings

# Avoids a float overflow; every delay reaches the cap long before.
MAX_DOUBLINGS = 30


def delay_before(retry: int, retry_after_s: float | None) -> timedelta:
    """Return the delay before retry number ``retry``, counted from 1 and anew after a retry by a person.

    Exponential back-off with jitter between half and all of it, so that jobs that failed together do not retry
    together. The ``retry-after`` of the provider is honoured up to ``RETRY_AFTER_CAP_S``.
    """
    backoff_s = settings.RETRY_BACKOFF_S * 2 ** min(max(retry, 1) - 1, MAX_DOUBLINGS)
    jittered_s = backoff_s * random.uniform(0.5, 1.0)  # noqa: S311  spreads load, guards nothing
    return timedelta(seconds=min(max(jittered_s, retry_after_s or 0.0), settings.RETRY_AFTER_CAP_S))
