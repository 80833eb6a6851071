"""Strict JSON parsing with a limit on size and depth; the API's only parser."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class BodyTooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"


class StrictJSONParser(BaseParser):
    """Parse a JSON body that both databases can store.

    A 400 with the position refuses text that is not UTF-8, NaN and infinities, repeated keys, NUL and lone
    surrogates in any string, and nesting over ``MAX_JSON_DEPTH``. A body over ``MAX_BODY_BYTES`` is a 413, with or
    without chunked encoding.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(settings.MAX_BODY_BYTES + 1)
        if len(body) > settings.MAX_BODY_BYTES:
            raise BodyTooLarge(f"The body is over {settings.MAX_BODY_BYTES} bytes.")
        try:
            # Some editors and shells begin a file with a byte order mark.
            text = body.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError(f"The body is not UTF-8: byte {error.start}.") from None
        _refuse_depth(text)
        try:
            data = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except json.JSONDecodeError as error:
            raise ParseError(_unreadable(text, error)) from None
        except NotJSON as error:
            raise ParseError(f"The body is not JSON: {error}.") from None
        except ValueError:
            # Python refuses to read numbers of thousands of digits.
            raise ParseError("The body has a number with too many digits.") from None
        _refuse_unstorable(data)
        return data


class NotJSON(ValueError):
    """Something that Python's parser lets pass."""


def _unreadable(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "The body is empty; send a JSON object."
    return f"The body is not JSON: it cannot be read from line {error.lineno}, column {error.colno}."


def _refuse_depth(text: str) -> None:
    """Count brackets outside strings before the recursive parser reads the text."""
    depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > settings.MAX_JSON_DEPTH:
                raise ParseError(f"The JSON is nested over {settings.MAX_JSON_DEPTH} levels deep.")
        elif character in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotJSON(f"the key “{repeated}” is given twice")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise NotJSON(f"it has the value {name}")


def _refuse_unstorable(data: Any) -> None:
    """Refuse values that PostgreSQL cannot store: NUL, lone surrogates, numbers out of range."""
    stack: list[tuple[str, Any]] = [("", data)]
    while stack:
        pointer, value = stack.pop()
        if isinstance(value, str):
            _refuse_text(pointer, value)
        elif isinstance(value, dict):
            for key, item in value.items():
                _refuse_text(pointer, key)
                stack.append((f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", item))
        elif isinstance(value, list):
            stack.extend((f"{pointer}/{index}", item) for index, item in enumerate(value))
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise Unstorable(pointer, "is a number outside 64 bits")
        elif isinstance(value, float) and not math.isfinite(value):
            # 1e400 is valid JSON, and Python parses it as infinity.
            raise Unstorable(pointer, "is a number too large")


def _refuse_text(pointer: str, text: str) -> None:
    if "\x00" in text:
        raise Unstorable(pointer, "contains a NUL character")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Unstorable(pointer, "contains half of a surrogate pair")


class Unstorable(ParseError):
    """A value that no database column can hold, with the JSON pointer of its field."""

    default_code = "invalid_text"

    def __init__(self, pointer: str, problem: str) -> None:
        self.pointer = pointer.encode("utf-8", "backslashreplace").decode()
        super().__init__(f"{self.pointer or 'The body'} {problem}.")
