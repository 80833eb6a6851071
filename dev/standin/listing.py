"""Pages of a list, in the API's manner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dev.standin.errors import invalid

_DEFAULT: Final = 20
_MOST: Final = 1000


def page(entries: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """The part of ``entries`` that ``limit``, ``after_id`` and ``before_id`` ask for."""
    try:
        limit = int(query.get("limit", _DEFAULT))
    except ValueError:
        limit = 0
    if not 1 <= limit <= _MOST:
        raise invalid(f"limit: Input should be a whole number from 1 to {_MOST}")
    ids = [entry["id"] for entry in entries]
    if "before_id" in query:
        end = _position(query["before_id"], ids, "before_id")
        start = max(0, end - limit)
        has_more = start > 0
    else:
        start = _position(query["after_id"], ids, "after_id") + 1 if "after_id" in query else 0
        end = start + limit
        has_more = end < len(entries)
    shown = entries[start:end]
    return {
        "data": shown,
        "has_more": has_more,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
    }


def _position(wanted: str, ids: list[str], name: str) -> int:
    if wanted not in ids:
        raise invalid(f"{name}: {wanted} is not in this list")
    return ids.index(wanted)
