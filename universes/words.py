"""Sentences for pydantic's errors, which are written for programmers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SENTENCES: Final = {
    "missing": "This is missing.",
    "extra_forbidden": "There is no such field.",
    "string_type": "This is a text.",
    "string_too_long": "This has at most {max_length} characters.",
    "int_type": "This is a whole number.",
    "bool_type": "This is true or false.",
    "list_type": "This is a list.",
    "model_type": "This is an object.",
    "too_long": "This has at most {max_length} entries.",
    "greater_than_equal": "This is {ge} or more.",
    "less_than_equal": "This is {le} or less.",
    "enum": "This is one of {expected}.",
}


def validation_words(error: ErrorDetails) -> str:
    """Return what the field should be."""
    sentence = _SENTENCES.get(error["type"], "This is not valid.")
    return sentence.format(**error.get("ctx", {}))
