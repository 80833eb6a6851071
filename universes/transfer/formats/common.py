"""Helpers shared by the readers."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from typing import Any, Final

from universes.choices import ElementKind
from universes.fields import fold
from universes.transfer.fitting import as_text
from universes.transfer.world import Report

# Words by which the formats name kinds: modules, templates, folders, tags.
_WORDS: Final[Mapping[str, str]] = {
    "character": "character characters person people npc npcs pc pcs hero heroes cast",
    "location": "location locations place places settlement settlements city cities town towns region regions building"
    " buildings geography landmark landmarks zone zones country countries plane planes",
    "item": "item items object objects artifact artifacts artefact weapon weapons armor vehicle vehicles ship ships",
    "faction": "faction factions organisation organisations organization organizations institution institutions family"
    " families guild guilds group groups collective collectives formation militaryformation",
    "event": "event events conflict conflicts battle battles war wars militaryconflict session sessions",
    "species": "species race races creature creatures ethnicity monster monsters",
    "technology": "technology technologies tech",
}
_KINDS: Final = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_ATTRIBUTE: Final = re.compile(r"\[? ?([A-Za-z][A-Za-z_/-]{0,30}(?: [A-Za-z_/-]{1,20})?) ?: ?([^\[\]]+)\]?")
_MAX_LINE_CHARS: Final = 1_000
_AGE: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_PERSON: Final = re.compile(
    rf"\b(?:eyes|hair|beard|years? old|year-old|is (?:{_AGE})(?:-\w+)?\.|was born|is (?:deaf|blind|mute)|perished|died"
    r"|(?:wife|husband|sister|brother|mother|father|daughter|son) of|is an? (?:\w+ ){0,2}\w*(?:woman|man|girl|boy))\b",
    re.IGNORECASE,
)
MAX_ATTRIBUTES: Final = 30


def kind_of(*words: object) -> str | None:
    """Return the kind that the first known word names."""
    for word in words:
        key = fold(str(word or "")).replace(" ", "").replace("-", "")
        if key in _KINDS:
            return _KINDS[key]
    return None


def kind_or_concept(*words: object) -> str:
    return kind_of(*words) or ElementKind.CONCEPT


def attributes_in(text: str) -> dict[str, str]:
    """Return the lines "Eyes: grey" and "[Eyes: grey]" of a text, by their name in lower case."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if len(found) >= MAX_ATTRIBUTES:
            break
        match = _ATTRIBUTE.fullmatch(line.strip()) if ":" in line and len(line) <= _MAX_LINE_CHARS else None
        if match and (value := match[2].strip().strip('"“”').strip()):
            found.setdefault(match[1].strip().lower(), value)
    return found


def is_described_as_person(name: str, text: str) -> bool:
    """Return whether a capitalised name has a body, an age or a life in its first sentences."""
    words = name.split()
    is_name = 0 < len(words) <= 4 and all(
        word[:1].upper() == word[:1] and word[:1].isalpha() for word in words
    )
    return is_name and words[0] != "The" and _PERSON.search(text[:600]) is not None


def is_true(value: Any) -> bool:
    """Read the booleans of exports: true, 1, "1", "on", "yes"."""
    return (
        value is True
        or (isinstance(value, int | float) and value == 1)
        or str(value).lower()
        in {
            "1",
            "on",
            "true",
            "yes",
        }
    )


def listed(value: Any) -> list[Any]:
    """Return a list of what may be a list, one value, or nothing."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def objects(value: Any, where: str, report: Report) -> list[Mapping[str, Any]]:
    """Return the objects of a list, and report the rest."""
    found = [item for item in listed(value) if isinstance(item, Mapping)]
    if rest := len(listed(value)) - len(found):
        report.add("left out", where, f"{rest} of its entries are no objects.")
    return found


def texts(value: Any) -> list[str]:
    """Return the texts of a list, or of one text with commas, without blanks and repetitions."""
    parts = value.split(",") if isinstance(value, str) else listed(value)
    found: dict[str, str] = {}
    for part in parts:
        if isinstance(part, str | int | float) and (text := str(part).strip()):
            found.setdefault(fold(text) or text, text)
    return list(found.values())


def text_at(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, str | int | float) else ""


def report_odd_texts(data: Mapping[str, Any], fields: Iterable[str], where: str, report: Report) -> None:
    """Report the fields that should be a text and are a list or an object, which ``text_at`` reads as none."""
    for field in fields:
        value = data.get(field)
        if isinstance(value, list | Mapping) and value:
            why = f"It is no text: {as_text(value)}"
            report.add("left out", f"{where}: {field}" if where else field, why)


def report_unread(data: Mapping[str, Any], known: Container[str], where: str, report: Report) -> None:
    """Report each field that has a value and that no reader knows, with the value."""
    for field, value in data.items():
        if field not in known and value not in (None, "", [], {}, False):
            place = f"{where}: {field}" if where else field
            report.add("left out", place, f"The field is not known here: {as_text(value)}")
