"""Data inside a prompt: one JSON value between tags that no text can close.

A model reads one string. What users and worlds contribute to it is put between ``<tag>`` and ``</tag>`` as
JSON in which ``<``, ``>`` and ``&`` exist only as escapes, so that data can never look like the end of the
data.
"""

from __future__ import annotations

import json
import re
from typing import Any

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
_TAG = re.compile(r"[a-z_]+")


def canonical_json(value: Any) -> str:
    """``value`` as JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def seal(tag: str, value: Any) -> str:
    """``value`` as delimited data. ``tag`` is ours, never a user's."""
    if not _TAG.fullmatch(tag):
        raise ValueError(f"{tag!r} is not a tag name.")
    # In JSON these characters occur inside strings only, so the escapes change nothing for a JSON reader.
    return f"<{tag}>{canonical_json(value).translate(_ESCAPES)}</{tag}>"


def unseal(tag: str, text: str) -> Any | None:
    """The last value that ``seal(tag, …)`` put into ``text``; None where there is none.

    The last, because instructions may speak of the tag before the data comes, and data cannot contain it.
    """
    _, opened, rest = text.rpartition(f"<{tag}>")
    sealed, closed, _ = rest.partition(f"</{tag}>")
    return json.loads(sealed) if opened and closed else None
