"""Validation of the texts and numbers that services store.

Every function raises ``Invalid`` with a pointer to the field at fault.
"""

from __future__ import annotations

from typing import Any

from universes import limits
from universes.choices import ElementKind
from universes.errors import FieldError, Invalid
from universes.invisible import is_blank
from universes.mentions import validate_mentions
from universes.traits import validate_traits


def clean_line(text: str, pointer: str, *, limit: int = limits.NAME) -> str:
    """Collapse white space into single spaces; refuse a result that shows nothing or is too long."""
    return clean_text(" ".join(text.split()), pointer, limit=limit, required=True)


def clean_text(text: str, pointer: str, *, limit: int, required: bool = False) -> str:
    if required and is_blank(text):
        raise _field_error(pointer, "This must not be empty.", "blank")
    if len(text) > limit:
        raise _field_error(pointer, f"This has {len(text)} characters; {limit} are allowed.", "max_length")
    if "\x00" in text:
        raise _field_error(pointer, "This contains a NUL character.", "invalid_text")
    return text


def check_range(value: float, pointer: str, *, low: float, high: float) -> None:
    """Refuse a value outside ``low`` to ``high``, both inclusive."""
    if not low <= value <= high:
        raise _field_error(pointer, f"Must be a number from {low} to {high}.", "out_of_range")


def clean_scene(fields: dict[str, Any]) -> dict[str, Any]:
    if "mentions" in fields:
        fields["mentions"] = validate_mentions(fields["mentions"])
    if "title" in fields:
        fields["title"] = clean_line(fields["title"], "/title")
    if "text" in fields:
        fields["text"] = clean_text(fields["text"].strip(), "/text", limit=limits.SCENE_TEXT, required=True)
        fields["word_count"] = len(fields["text"].split())
    return fields


def clean_element(kind: ElementKind, fields: dict[str, Any]) -> dict[str, Any]:
    if "mentions" in fields:
        fields["mentions"] = validate_mentions(fields["mentions"])
    if "name" in fields:
        fields["name"] = clean_line(fields["name"], "/name")
    if "summary" in fields:
        fields["summary"] = clean_text(fields["summary"].strip(), "/summary", limit=limits.SUMMARY)
    if "traits" in fields:
        fields["traits"] = validate_traits(kind, fields["traits"])
    return fields


def parse_kind(kind: str) -> ElementKind:
    try:
        return ElementKind(kind)
    except ValueError:
        detail = f"One of {', '.join(ElementKind.values)}."
        raise Invalid("Not valid: kind.", [FieldError("/kind", detail, "invalid_choice")]) from None


def clean_origin_ref(origin_ref: str) -> str:
    return clean_text(origin_ref, "/origin_ref", limit=limits.ORIGIN_REF)


def without_none(**fields: Any) -> dict[str, Any]:
    return {field: value for field, value in fields.items() if value is not None}


def _field_error(pointer: str, detail: str, code: str) -> Invalid:
    return Invalid(f"Not valid: {pointer.lstrip('/')}.", [FieldError(pointer, detail, code)])
