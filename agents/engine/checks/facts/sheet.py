"""Entries of a character sheet within a description: "Eyes: hazel. Hair: black."."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.engine.checks.facts.restatement import Restatement
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import word_set
from agents.engine.world import Element

_ENTRY: Final = lazy_pattern(
    r"(?:^|[\n.;|,•*–—]|\s-)[ \t*_]*(?P<key>[A-Za-z][A-Za-z ]{1,20}?)[ \t*_]*[:=][ \t*_]*"
    r"(?P<value>[^\n.;|:=]{1,80}?)(?=[ \t*_]*(?:$|[\n.;|]|, [A-Z][a-z]+ ?:))"
)
_KEYS: Final = word_set("""
    age eyes eye hair beard species race occupation role job profession trade rank status gender sex pronouns spouse
    wife husband mother father brother sister siblings children parents height build diet hand handedness home hometown
    residence
""")


def sheet(element: Element) -> Iterator[Restatement]:
    """Yield the entries of the summary that traits could hold, with these as keys."""
    if ":" not in element.summary and "=" not in element.summary:
        return
    for entry in _ENTRY.finditer(element.summary):
        words = entry["key"].casefold().split()
        key = next((word for word in words[:1] if word in _KEYS), None)
        if (
            key is not None
            and key not in element.traits
            and (len(words) == 1 or words[1] in ("color", "colour", "status", "status"))
        ):
            yield Restatement(
                entry["value"].strip(), element.summary[entry.start("key") : entry.end()].strip(), key
            )
