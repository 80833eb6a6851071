"""Reading of an answer that is JSON but for slips that leave one meaning only.

Read as if they were not there: a model's thoughts before the object, words, invisible signs and code fences around it,
raw line breaks and tabs in strings, trailing commas, escaped apostrophes, a list of one element around the object, a
string that holds it, and a key that is written twice with the same value. Everything else is refused, so that no
meaning is guessed. Linear in the text.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any, Final

from agents.engine.fields import storable
from agents.engine.text.lazy_pattern import lazy_pattern
from universes.invisible import BLANK

# A string in a list in a string: deeper wrappings are no slip.
_MAX_WRAPPINGS: Final = 3

_OBJECT_START: Final = lazy_pattern(r'\{\s*+"')
# Matches an unclosed string as well, so that no part of the text is read twice.
_STRING: Final = r'"(?:[^"\\]++|\\.)*+"?'
_STRING_OR_BRACE: Final = lazy_pattern(rf"{_STRING}|[{{}}]", re.DOTALL)
_STRING_OR_TRAILING_COMMA: Final = lazy_pattern(rf"({_STRING})|,(?=\s*+[\]}}])", re.DOTALL)
# A reasoning model may write its thoughts before the answer.
_THOUGHTS: Final = lazy_pattern(
    r"\s*+<(think|thinking|thought|reasoning|scratchpad)>.*?</\1>", re.DOTALL | re.IGNORECASE
)
_ESCAPE: Final = lazy_pattern(r"\\(.)", re.DOTALL)
_WHOLE_STRING: Final = lazy_pattern(_STRING, re.DOTALL)
_BRACE: Final = lazy_pattern("[{}]")
_FURTHER_ENTRY: Final = lazy_pattern(r",\s*+(?!\])")
_FENCE: Final = lazy_pattern(r"(?:`+|~{3,})[\w-]*")


class NotReadable(ValueError):
    """A text without one readable object; the message completes "The answer is not what was agreed:"."""


def read_object(text: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the object in ``text`` and a sentence for each slip. Raises ``NotReadable``."""
    # A dictionary, because a second parse finds a slip again.
    slips: dict[str, None] = {}
    try:
        value = _unwrapped(text, slips)
    except RecursionError:
        raise NotReadable("it is nested too deeply.") from None
    if not isinstance(value, dict):
        raise NotReadable("it is not an object.")
    return value, tuple(slips)


def _unwrapped(text: str, slips: dict[str, None]) -> Any:
    value = _read(text, slips)
    for _ in range(_MAX_WRAPPINGS):
        if isinstance(value, str):
            slips["The answer had to be taken out of a string."] = None
            value = _read(value, slips)
        elif isinstance(value, list) and len(value) == 1:
            slips["The answer had to be taken out of a list."] = None
            value = value[0]
    if isinstance(value, list) and sum(isinstance(entry, dict) for entry in value) > 1:
        raise NotReadable("it has more than one object.")
    return value


def _read(text: str, slips: dict[str, None]) -> Any:
    plain = text.strip(BLANK)
    if plain != text.strip():
        slips["Invisible signs around the answer had to be dropped."] = None
    if (thoughts := _THOUGHTS.match(plain)) is not None:
        slips["The answer had the model's thoughts before it."] = None
        plain = plain[thoughts.end() :].strip(BLANK)
    try:
        return _parsed(plain, slips)
    except json.JSONDecodeError as error:
        start, end = _only_object(plain) or (0, len(plain))
        if end - start == len(plain):
            raise NotReadable(_not_json(plain, error.pos)) from None
    _explain_rest(plain[:start], plain[end:], slips)
    try:
        return _parsed(plain[start:end], slips)
    except json.JSONDecodeError as error:
        raise NotReadable(_not_json(plain, start + error.pos)) from None


def _parsed(text: str, slips: dict[str, None]) -> Any:
    """Return the value of a text that is JSON but for raw line breaks, tabs and trailing commas.

    Raises the ``JSONDecodeError`` of the text as it stands.
    """
    try:
        return _loaded(text, slips)
    except json.JSONDecodeError as error:
        first_error = error
    if "\\'" in text:
        # The escape does not exist in JSON, and can mean an apostrophe only.
        plain = _WHOLE_STRING.sub(lambda string: _ESCAPE.sub(_unescaped, string.group()), text)
        if plain != text:
            value = _parsed(plain, slips)
            slips["The answer had escaped apostrophes."] = None
            return value
    without_commas = _STRING_OR_TRAILING_COMMA.sub(r"\1", text)
    for source, strict in ((text, False), (without_commas, True), (without_commas, False)):
        try:
            value = _loaded(source, slips, strict=strict)
        except json.JSONDecodeError:
            continue
        if not strict:
            slips["Line breaks or tabs inside the answer's strings were not escaped."] = None
        if source is without_commas:
            slips["The answer had a comma too many at the end of a list or an object."] = None
        return value
    raise first_error


def _unescaped(escape: re.Match[str]) -> str:
    return "'" if escape[1] == "'" else escape.group()


def _constant(name: str) -> Any:
    raise NotReadable(f"it has a value that JSON does not know ({name}).")


def _loaded(text: str, slips: dict[str, None], *, strict: bool = True) -> Any:
    try:
        return json.loads(
            text, strict=strict, object_pairs_hook=partial(_as_object, slips), parse_constant=_constant
        )
    except (json.JSONDecodeError, NotReadable):
        raise
    except ValueError:
        # Python refuses to convert whole numbers of more than 4,300 digits.
        raise NotReadable("it has a number that is too long.") from None


def _as_object(slips: dict[str, None], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    for key, value in pairs:
        # The representations differ for 1 and true, which are equal to Python.
        if value != found[key] or repr(value) != repr(found[key]):
            raise NotReadable(f"it has the field “{storable(key)[:80]}” twice, with different values.")
    slips["The answer had a field twice, with the same value."] = None
    return found


def _only_object(text: str) -> tuple[int, int] | None:
    """Return the span of the only object in ``text``; None without one, or if it is never closed.

    Raises ``NotReadable`` if more than one object, or a part of one, is in the text.
    """
    first = _OBJECT_START.search(text)
    if first is None:
        return None
    start, depth, end = first.start(), 0, -1
    for match in _STRING_OR_BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            end = match.end()
            break
    if end < 0:
        return None
    if _OBJECT_START.search(text, end):
        raise NotReadable("it has more than one object.")
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if before.endswith(",") or _FURTHER_ENTRY.match(after) or _BRACE.search(before) or _BRACE.search(after):
        raise NotReadable("it is not a single object.")
    return start, end


def _explain_rest(before: str, after: str, slips: dict[str, None]) -> None:
    """Record the slips that the text around the object stands for."""
    rest = (_FENCE.sub("", before).strip(BLANK), _FENCE.sub("", after).strip(f"{BLANK},"))
    if "`" in before or "~~~" in before:
        slips["The answer had to be unwrapped from a code block."] = None
    if rest == ("[", "]"):
        slips["The answer had to be taken out of a list."] = None
    elif any(rest):
        slips["The answer had words around it."] = None


def _not_json(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"it is not JSON (line {line}, column {position - text.rfind(chr(10), 0, position)})."
