"""Declarations of a file about the origin of its entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from universes.choices import Disclosure


def declared_in(passport: Any, origin_ref: str = "") -> dict[str, Any]:
    """Return the declaration in the passport of an entry of this site's files; empty if there is none.

    An entry of an older file that a job had made counts as not read by a person.
    """
    document = passport.get("document") if isinstance(passport, Mapping) else None
    disclosure = document.get("disclosure") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or disclosure not in Disclosure.values:
        return {"disclosure": str(Disclosure.AI_AUTONOMOUS)} if origin_ref else {}
    makers = document.get("contributor")
    return {
        "disclosure": disclosure,
        "is_edited": document.get("editedByPerson") is True,
        "made_by": [_maker(maker) for maker in makers if isinstance(maker, Mapping)]
        if isinstance(makers, list)
        else [],
    }


def _maker(maker: Mapping[str, Any]) -> dict[str, Any]:
    is_mock = maker.get("isMock") is True
    provider = maker.get("provider")
    name = provider.get("name") if isinstance(provider, Mapping) else None
    return {
        "model": "" if is_mock else _short(maker.get("name")),
        "provider": _short(name),
        "is_mock": is_mock,
        "prompt_hash": _short(maker.get("promptHash")),
    }


def _short(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""
