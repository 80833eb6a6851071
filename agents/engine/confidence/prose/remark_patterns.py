"""Compiled wordings of ``remarks.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from agents.engine.text.lazy_pattern import lazy_pattern

_WORDINGS: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("remarks.toml").read_text(encoding="utf-8")
)
_PREFACE: Final = (
    r"(?:(?:{yes})\b[^\n„“”«»\"]{{0,30}}?[!,.:–—-]+\s*¡?)?(?:{here})@words@ (?:{nouns})\b"
    r"(?=[:.!：。！]?@line_end@|\s?[:：]|[^\n.。]{{0,80}}[:：]@line_end@)"
)


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    source = "|".join(patterns)
    # A part may contain parts that come before it.
    for name, part in reversed(_WORDINGS["parts"].items()):
        source = source.replace(f"@{name}@", part)
    return lazy_pattern(source)


PREFACE: Final = _compiled(
    [*_WORDINGS["preface"]["patterns"], *(_PREFACE.format(**entry) for entry in _WORDINGS["prefaces"])]
)
OFFER: Final = _compiled(_WORDINGS["offer"]["patterns"])
COUNT: Final = _compiled(_WORDINGS["count"]["patterns"])
REFUSAL: Final = _compiled(_WORDINGS["refusal"]["patterns"])
# With keys of which one has to be in the text.
ANYWHERE: Final[tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]] = tuple(
    (tuple(entry["keys"]), _compiled(entry["patterns"])) for entry in _WORDINGS["anywhere"]
)
