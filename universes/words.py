"""Sentences for pydantic's errors, which are written for programmers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SENTENCES: Final = {
    "missing": "This is missing.",
    "extra_forbidden": "There is no such field.",
    "string_type": "Must be text.",
    "string_too_long": "Must have at most {max_length} characters.",
    "int_type": "Must be a whole number.",
    "bool_type": "Must be true or false.",
    "list_type": "Must be a list.",
    "model_type": "Must be an object.",
    "too_long": "Must have at most {max_length} entries.",
    "greater_than_equal": "Must be {ge} or more.",
    "less_than_equal": "Must be {le} or less.",
    "enum": "Must be one of {expected}.",
}


def validation_words(error: ErrorDetails) -> str:
    """Return what the field should be."""
    sentence = _SENTENCES.get(error["type"], "This is not valid.")
    return sentence.format(**error.get("ctx", {}))
