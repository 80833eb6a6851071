"""Faults that a text has whatever its world: it breaks off, it goes round in circles, the model speaks in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from agents.engine.text.matching import count_words, flatten, paragraphs
from agents.engine.text.prose import Prose

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
# Shorter ones come back in good prose: "He waited."
_REPEATED_WORDS: Final = 8


def prose_faults(text: str) -> Iterator[str]:
    """A sentence for each fault."""
    plain = text.strip()
    if plain and not _ENDED.search(plain):
        yield f"The text breaks off: “… {plain[-60:]}”."
    prose = Prose(plain)
    told = next((found for found in _META.finditer(plain) if not prose.is_speech(found.start())), None)
    if told is not None:
        yield f"The model speaks in it of its own work: “{told.group().strip()[:120]}”."
    twice = _twice(paragraphs(plain)) or _twice([sentence.text for sentence in prose.sentences])
    if twice is not None:
        yield f"The text says the same twice: “{twice[:120]}”."


def _twice(pieces: list[str]) -> str | None:
    counts = Counter(flatten(piece) for piece in pieces)
    return next(
        (piece for piece, count in counts.items() if count > 1 and count_words(piece) >= _REPEATED_WORDS),
        None,
    )
