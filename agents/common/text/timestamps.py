"""Formatting of API timestamps."""

from __future__ import annotations

from datetime import UTC, datetime


def isoformat_utc(moment: datetime) -> str:
    """Format a datetime as ISO 8601 in UTC, ending in "Z"."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
