"""Defects of a text that need no world: it breaks off, repeats itself, or contains remarks by the model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from agents.engine.text.matching import count_words, flatten, paragraphs
from agents.engine.text.reading import read

_ENDED: Final = re.compile(r"[.!?…。！？](?:[”\"’'»)\]*_]|\s)*$")
_META: Final = re.compile(
    r"\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b|\blanguage model\b"
    r"|^(?:sure|certainly|of course|absolutely)[!,.] (?:here|i|below)\b|\bhere(?:'s| is| are) (?:the|a|your) (?:\w+ )?"
    r"(?:scene|story|text|description|draft|passage|version|continuation|location)\b[^.\n]*[:.]"
    r"|\bi hope (?:this|you|that helps)\b|\blet me know if\b|\bwould you like me to\b|[\[(]?\bword count\b"
    r"|\[(?:insert|continue|to be continued|your|name|placeholder)[^\]]*\]|\blorem ipsum\b"
    r"|\bi(?: am|'m) (?:sorry|unable)[^.\n]{0,40}\b(?:write|create|generate|continue)\b|^```|\bthe (?:user"
    r"|prompt) asked\b",
    re.IGNORECASE | re.MULTILINE,
)
# Shorter sentences recur in good prose: "He waited."
_MIN_REPEATED_WORDS: Final = 8


def prose_defects(text: str) -> Iterator[str]:
    """Yield a sentence for each defect."""
    plain = text.strip()
    if plain and not _ENDED.search(plain):
        yield f"The text breaks off: “… {plain[-60:]}”."
    reading = read(plain)
    remark = next(
        (match for match in _META.finditer(reading.plain) if not reading.is_speech(match.start())), None
    )
    if remark is not None:
        yield f"The model speaks in it of its own work: “{remark.group().strip()[:120]}”."
    repeated = _repeated(paragraphs(plain)) or _repeated([sentence.text for sentence in reading.sentences])
    if repeated is not None:
        yield f"The text says the same twice: “{repeated[:120]}”."


def _repeated(pieces: list[str]) -> str | None:
    counts = Counter(flatten(piece) for piece in pieces)
    return next(
        (piece for piece, count in counts.items() if count > 1 and count_words(piece) >= _MIN_REPEATED_WORDS),
        None,
    )
