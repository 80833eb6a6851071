"""Strict reading of JSON files, whose oddities would otherwise be lost or break a database."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, Final, NoReturn

from universes.transfer.files.refusal import refused

MAX_DEPTH: Final = 64
# More values than any world has; a file of a million entries is refused before they become objects of ours.
MAX_VALUES: Final = 3_000_000
MAX_OBJECTS: Final = 600_000
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")


def decode(data: bytes, where: str) -> str:
    """Decode UTF-8, with or without a byte order mark."""
    if data.startswith(_UTF16) or b"\x00" in data[:4]:
        raise refused("not_utf8", f"{where} is UTF-16 or UTF-32; save it as UTF-8.")
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused("not_utf8", f"{where} is not UTF-8: byte {error.start}.") from None
    if "\x00" in text:
        raise refused("invalid_text", f"{where} contains a NUL character.")
    return text


def loads(data: bytes, where: str) -> Any:
    """Parse JSON; raise ``Invalid`` that names what is wrong with it."""
    text = decode(data, where)
    if text.count(",") > MAX_VALUES:
        raise refused("too_many_entries", f"{where} has more than {MAX_VALUES:,} values.")

    if text.count("{") > MAX_OBJECTS:
        raise refused("too_many_entries", f"{where} has more than {MAX_OBJECTS:,} objects.")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise refused("repeated_key", f"{where} has the key “{twice[:100]}” twice in one object.")
        return result

    def constant(name: str) -> NoReturn:
        raise refused("not_a_number", f"{where} has the value {name}, which JSON does not know.")

    def whole(digits: str) -> int:
        number = int(digits) if len(digits) < 20 else 2**63
        if not -(2**63) <= number < 2**63:
            raise refused("number_too_large", f"{where} has a number outside 64 bits.")
        return number

    def real(digits: str) -> float:
        number = float(digits)
        if number in (float("inf"), float("-inf")):
            raise refused("number_too_large", f"{where} has a number too large to keep.")
        return number

    try:
        value = json.loads(
            text, object_pairs_hook=unique, parse_constant=constant, parse_int=whole, parse_float=real
        )
    except RecursionError:
        raise refused("nested_too_deeply", f"{where} is nested too deeply.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise refused("not_json", f"{where} is not JSON: it cannot be read from {place}.") from None
    _refuse_unstorable(value, where, may_have_halves=_HALF.search(text) is not None or "\\u0000" in text)
    return value


def _refuse_unstorable(value: Any, where: str, *, may_have_halves: bool) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise refused("nested_too_deeply", f"{where} is nested over {MAX_DEPTH} levels deep.")
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
                if may_have_halves:
                    below.extend(item.keys())
            elif isinstance(item, list):
                below.extend(item)
            elif may_have_halves and isinstance(item, str):
                _refuse_text(item, where)
        level = below


def _refuse_text(text: str, where: str) -> None:
    if "\x00" in text:
        raise refused("invalid_text", f"{where} contains a NUL character.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise refused("invalid_text", f"{where} contains half of a surrogate pair.")
