"""Parsing of a provider's response headers."""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Mapping


def rate_limit_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name.lower(): value
        for name, value in headers.items()
        if name.lower().startswith("anthropic-ratelimit-")
    }


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the wait in ``retry-after-ms``, or in ``retry-after`` as seconds or a date.

    None for absent or invalid values; 0 for a date in the past.
    """
    milliseconds = parse_number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    retry_after = headers.get("retry-after")
    seconds = parse_number(retry_after)
    if seconds is not None or retry_after is None:
        return seconds
    date = email.utils.parsedate_tz(retry_after)
    if date is None:
        return None
    try:
        return max(0.0, email.utils.mktime_tz(date) - time.time())
    except (ValueError, OverflowError):
        return None


def parse_number(text: str | None) -> float | None:
    """Return a finite, non-negative number, or None."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
