"""Counting tokens: four characters are one token, rounded up for each piece of text.

That is near what English costs, the same for everybody, and can be worked out in a test by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

CHARS_PER_TOKEN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What one call used. The kinds do not overlap; ``thinking`` alone is a part of ``output``."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    thinking: int = 0

    @property
    def cache_write(self) -> int:
        return self.cache_write_5m + self.cache_write_1h

    @property
    def prompt(self) -> int:
        return self.input + self.cache_read + self.cache_write

    @property
    def uncached(self) -> int:
        """What counts against the limit of input tokens: cache reads do not."""
        return self.input + self.cache_write

    @property
    def total(self) -> int:
        return self.prompt + self.output


def count(text: str) -> int:
    return -(-len(text) // CHARS_PER_TOKEN)


def canonical(value: Any) -> str:
    """The one spelling of a JSON value that is hashed and counted."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
