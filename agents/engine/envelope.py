"""Delimited data inside a prompt, safe against injection of the delimiter.

Text by users and worlds goes between ``<tag>`` and ``</tag>`` as JSON in which ``<``, ``>`` and ``&`` are always
escaped, so that no text can close its own delimiter.
"""

from __future__ import annotations

import json
from typing import Any

from agents.engine.text.lazy_pattern import lazy_pattern

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
_TAG = lazy_pattern(r"[a-z_]+")


def canonical_json(value: Any) -> str:
    """Serialise with sorted keys and no spaces, so that equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def seal(tag: str, value: Any) -> str:
    """Return ``value`` as delimited data. ``tag`` must not come from a user."""
    if not _TAG.fullmatch(tag):
        raise ValueError(f"{tag!r} is not a tag name.")
    # In JSON these characters occur only inside strings, where escapes are equivalent.
    return f"<{tag}>{canonical_json(value).translate(_ESCAPES)}</{tag}>"


def unseal(tag: str, text: str) -> Any | None:
    """Return the last value that ``seal(tag, …)`` put into ``text``, or None.

    Instructions may mention the tag before the data, but the data cannot contain it.
    """
    _, opened, rest = text.rpartition(f"<{tag}>")
    sealed, closed, _ = rest.partition(f"</{tag}>")
    return json.loads(sealed) if opened and closed else None
