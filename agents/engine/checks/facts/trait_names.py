"""Names of traits, however they are written, and traits that other programs call otherwise: "eyeColor", "stature"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from agents.engine.checks.facts.restatement import Restatement
from agents.engine.sources import trait_text
from agents.engine.world import Element

_INNER_CAPITAL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS: Final = re.compile(r"[\s_-]+")
_ITEMS: Final = re.compile(r"\s*(?:[,;/\n•]|\band\b)\s*")
_ALSO_CALLED: Final = {
    **dict.fromkeys(
        ("eyecolor", "eyecolour", "eyes color", "eyes colour", "color of eyes", "colour of eyes", "iris"),
        "eyes",
    ),
    **dict.fromkeys(("haircolor", "haircolour", "color of hair", "colour of hair"), "hair"),
}


@lru_cache(maxsize=4096)
def trait_name(key: str) -> str:
    """Return the name of a trait in lower case with spaces: "eye color" for "eyeColor" and "Eye_color"."""
    return _SEPARATORS.sub(" ", _INNER_CAPITAL.sub(" ", key)).strip().casefold()


def items_of(value: Any) -> tuple[str, ...]:
    """Return the items of a list, or of a text that lists them: "spiders, heights and fire"."""
    parts = value if isinstance(value, list | tuple) else _ITEMS.split(str(value))
    return tuple(text for part in parts if (text := str(part).strip(" .")))


def renamed(element: Element) -> Iterator[Restatement]:
    """Yield the traits under the names that the checks know, unless an element has those as well."""
    names = {trait_name(key) for key in element.traits}
    for key, value in element.traits.items():
        known = _ALSO_CALLED.get(trait_name(key))
        if known is not None and known not in names and isinstance(value, str):
            yield Restatement(value, trait_text(key, value), known)
