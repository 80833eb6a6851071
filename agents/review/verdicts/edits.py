"""Comparison of an edit with the output that it changes, as readers see both."""

from __future__ import annotations

import re
from typing import Any

from universes.invisible import INVISIBLE_CLASS

_INVISIBLE = re.compile(f"[{INVISIBLE_CLASS}]")


def look_alike(one: Any, other: Any) -> bool:
    """Return whether two outputs differ at most in line ends, white space around lines and invisible signs.

    Browsers and editors change those by themselves.
    """
    return bool(_visible(one) == _visible(other))


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        lines = _INVISIBLE.sub("", value).splitlines()
        return "\n".join(line.rstrip() for line in lines).strip()
    if isinstance(value, dict):
        return {key: _visible(part) for key, part in value.items()}
    return [_visible(part) for part in value] if isinstance(value, list) else value
