"""Primary keys of all apps."""

from __future__ import annotations

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Return a time-ordered UUID (version 7), so that ids break ties by age and fill indexes in order."""
    new: uuid.UUID = uuid7()
    return new


def short_id(value: uuid.UUID) -> str:
    """Return the last eight digits; the first digits are a timestamp, alike for rows of the same time."""
    return f"…{value.hex[-8:]}"
