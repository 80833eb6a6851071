"""What is read of an answer's headers."""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Mapping


def said_in(headers: Mapping[str, str]) -> dict[str, str]:
    """What the headers tell of rate limits."""
    return {
        name.lower(): value
        for name, value in headers.items()
        if name.lower().startswith("anthropic-ratelimit-")
    }


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long the other side asks to wait: ``retry-after-ms``, or ``retry-after`` in seconds or as a date.

    None where it says nothing that can be understood; a date that has passed means 0.
    """
    milliseconds = number_in(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    said = headers.get("retry-after")
    seconds = number_in(said)
    if seconds is not None or said is None:
        return seconds
    when = email.utils.parsedate_tz(said)
    if when is None:
        return None
    try:
        return max(0.0, email.utils.mktime_tz(when) - time.time())
    except (ValueError, OverflowError):
        return None


def number_in(text: str | None) -> float | None:
    """A finite number that is not below 0, or None."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
