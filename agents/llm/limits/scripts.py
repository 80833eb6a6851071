"""Lua scripts, assembled from the files in lua/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import redis

_DIRECTORY: Final = Path(__file__).parent / "lua"

# Files that each script includes, in this order, after the clock and the head.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "reserve": ("quota", "queue", "breakers"),
    "settle": ("quota", "breakers"),
    "release": ("quota", "breakers"),
    "ready_jobs": ("quota", "queue", "breakers"),
    "snapshot": ("quota", "queue", "breakers"),
    "claim_prefix": (),
    "mark_warm": (),
    "abandon_prefix": (),
}


class Scripts:
    """Registry of the scripts; each one is atomic and sent to the server once.

    ``clock`` is the Lua text that defines ``clock()``, the server's own time by default.
    """

    def __init__(self, client: redis.Redis, *, clock: str | None = None) -> None:
        first = clock or _text("clock")
        self._scripts = {
            name: client.register_script("\n".join([first, *map(_text, ("head", *parts, name))]))
            for name, parts in _PARTS.items()
        }

    def run(self, name: str, prefix: str, settings: str, arguments: Mapping[str, Any]) -> Any:
        """Run a script on the keys that begin with ``prefix``; ``settings`` is JSON."""
        return self._scripts[name](keys=[prefix], args=[settings, json.dumps(arguments)])


def _text(name: str) -> str:
    return (_DIRECTORY / f"{name}.lua").read_text()
