"""What an entry of canon may say: texts within their limits, kinds and traits that are known."""

from __future__ import annotations

from typing import Any

from universes import limits
from universes.choices import ElementKind
from universes.errors import FieldError, Invalid
from universes.services.writing import one_line, within
from universes.traits import validate_traits


def given_fields(**fields: Any) -> dict[str, Any]:
    return {field: value for field, value in fields.items() if value is not None}


def scene_content(given: dict[str, Any]) -> dict[str, Any]:
    if "title" in given:
        given["title"] = one_line(given["title"], "/title")
    if "text" in given:
        given["text"] = within(given["text"].strip(), "/text", limit=limits.SCENE_TEXT, required=True)
        given["word_count"] = len(given["text"].split())
    return given


def element_content(kind: ElementKind, given: dict[str, Any]) -> dict[str, Any]:
    if "name" in given:
        given["name"] = one_line(given["name"], "/name")
    if "summary" in given:
        given["summary"] = within(given["summary"].strip(), "/summary", limit=limits.SUMMARY)
    if "traits" in given:
        given["traits"] = validate_traits(kind, given["traits"])
    return given


def known_kind(kind: str) -> ElementKind:
    try:
        return ElementKind(kind)
    except ValueError:
        detail = f"One of {', '.join(ElementKind.values)}."
        raise Invalid("Not valid: kind.", [FieldError("/kind", detail, "invalid_choice")]) from None


def checked_ref(origin_ref: str) -> str:
    return within(origin_ref, "/origin_ref", limit=limits.ORIGIN_REF)
