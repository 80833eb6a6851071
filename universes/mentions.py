"""Mentions: characters of whom a text only speaks, who are therefore not present in it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from universes import limits
from universes.choices import MentionKind
from universes.errors import FieldError, Invalid
from universes.fields import fold
from universes.invisible import is_blank
from universes.words import validation_words


class Mention(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, Field(max_length=limits.NAME)]
    # Strict mode would refuse the value of a choice.
    how: Annotated[MentionKind, Field(strict=False)]


# Of a partial update the API does not check what is missing.
_CODES = {"missing": "required"}
_MENTIONS = TypeAdapter(Annotated[list[Mention], Field(max_length=limits.MENTIONS)])


def validate_mentions(mentions: Any) -> list[dict[str, str]]:
    """Return the mentions with trimmed names; raise ``Invalid`` with pointers below ``/mentions``.

    A character is mentioned once; names are compared as those of elements are.
    """
    try:
        checked = _MENTIONS.validate_python(mentions)
    except ValidationError as error:
        raise _invalid(
            [
                _field_error(item["loc"], validation_words(item), _CODES.get(item["type"], item["type"]))
                for item in error.errors(include_url=False)
            ]
        ) from None
    cleaned = [{"name": " ".join(mention.name.split()), "how": mention.how.value} for mention in checked]
    problems: list[FieldError] = []
    known: set[str] = set()
    for index, mention in enumerate(cleaned):
        name = mention["name"]
        if is_blank(name):
            problems.append(_field_error((index, "name"), "This must not be empty.", "blank"))
        elif "\x00" in name:
            problems.append(_field_error((index, "name"), "This contains a NUL character.", "invalid_text"))
        elif fold(name) in known:
            problems.append(_field_error((index, "name"), f"“{name}” is mentioned already.", "duplicate"))
        known.add(fold(name))
    if problems:
        raise _invalid(problems)
    return cleaned


def _invalid(problems: list[FieldError]) -> Invalid:
    return Invalid("Not valid: mentions.", problems)


def _field_error(path: tuple[int | str, ...], detail: str, code: str) -> FieldError:
    return FieldError("/".join(["/mentions", *(str(part) for part in path)]), detail, code)
