"""Moments as JSON has them everywhere in the API."""

from __future__ import annotations

from datetime import UTC, datetime


def isoformat_utc(moment: datetime) -> str:
    """ISO 8601, in UTC, ending in "Z"."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
