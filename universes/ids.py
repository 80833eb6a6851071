"""The one place where ids are made."""

from __future__ import annotations

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """A time-ordered UUID (version 7): later rows sort later, so ids break ties and fill indexes in order."""
    made: uuid.UUID = uuid7()
    return made
