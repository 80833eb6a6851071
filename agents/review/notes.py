"""Validation of reviewers' free text."""

from __future__ import annotations

from agents.engine.fields import InvalidInput, refuse_unstorable
from agents.errors import FieldError, Invalid

MAX_NOTE_CHARS = 5000


def is_storable(text: str) -> bool:
    """Return whether both databases can store the text and query by it."""
    try:
        refuse_unstorable(text)
    except InvalidInput:
        return False
    return True


def checked_note(note: str, pointer: str) -> str:
    """Return the stripped text; raise ``Invalid`` at ``pointer`` if it is too long or cannot be stored."""
    note = note.strip()
    try:
        refuse_unstorable(note)
    except InvalidInput as error:
        raise Invalid("The note is not valid.", [FieldError(pointer, error.errors[0].message)]) from None
    if len(note) > MAX_NOTE_CHARS:
        detail = f"At most {MAX_NOTE_CHARS} characters."
        raise Invalid("The note is too long.", [FieldError(pointer, detail, "max_length")])
    return note
