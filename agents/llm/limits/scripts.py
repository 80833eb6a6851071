"""The Lua scripts, put together from the files in lua/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import redis

_DIRECTORY: Final = Path(__file__).parent / "lua"

# Which parts a script stands on, in this order, after the clock and the head.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "reserve": ("line", "queue", "breakers"),
    "settle": ("line", "breakers"),
    "release": ("line", "breakers"),
    "correct": ("line",),
    "forget": ("line", "queue"),
    "turns": ("line", "queue", "breakers"),
    "snapshot": ("line", "queue", "breakers"),
    "lead": (),
    "warmed": (),
    "abandon": (),
}


class Scripts:
    """Runs a script by its name; each is atomic and sent to the server once.

    ``clock`` is the Lua text that defines ``clock()``, the server's own time by default.
    """

    def __init__(self, client: redis.Redis, *, clock: str | None = None) -> None:
        first = clock or _text("clock")
        self._scripts = {
            name: client.register_script("\n".join([first, *map(_text, ("head", *parts, name))]))
            for name, parts in _PARTS.items()
        }

    def run(self, name: str, prefix: str, settings: str, asked: Mapping[str, Any]) -> Any:
        """What the script returns. ``prefix`` is how all its keys begin, ``settings`` is JSON."""
        return self._scripts[name](keys=[prefix], args=[settings, json.dumps(asked)])


def _text(name: str) -> str:
    return (_DIRECTORY / f"{name}.lua").read_text()
