"""Paragraphs and sentences that a text has twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from agents.engine.confidence.prose.quotations import Quotations
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.matching import count_words

# Shorter sentences recur in good prose: "He waited."
_MIN_WORDS: Final = 8
# In any script a sentence of so many words has a part of so many characters.
_MIN_CHARS: Final = 12
_MAX_REFRAIN_WORDS: Final = 40
_MAX_VERSES: Final = 4
_VERSE_CHARS: Final = 70

# The first lookbehind keeps a row of full stops from being read again from each of them. A lower-case word goes on with
# the sentence: “Is that all?” asked Tobin.
_SENTENCE_END: Final = lazy_pattern(
    r"(?<![.!?…])(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)[.!?…]++[”\"’'»)\]*_]*+"
    r"(?=\s++[^a-zß-öø-ÿα-ωа-яё])|[。！？]++[」』”’）]*+|\n"
)
_MARKS: Final = " \t\"“”‘’'«»)]*_-–—"


def first_repeated(text: str, quotations: Quotations) -> str:
    """Return the first paragraph, else the first sentence, of some length that occurs twice, or nothing."""
    paragraphs = [part.strip() for part in text.split("\n\n")]
    repeated = _first_repeated(paragraphs, text, quotations)
    if repeated or not _may_repeat(text):
        return repeated
    sentences = [part.strip() for part in _SENTENCE_END.sub("\\g<0>\0", text).split("\0")]
    return _first_repeated(sentences, text, quotations)


def _may_repeat(text: str) -> bool:
    """Return whether any piece between full stops occurs twice: a quick test that is true of few texts."""
    for sign in "!?…。！？\n":
        text = text.replace(sign, ".")
    pieces = [piece for part in text.split(".") if len(piece := part.strip(_MARKS)) >= _MIN_CHARS]
    return len(set(pieces)) < len(pieces)


def _first_repeated(pieces: Sequence[str], text: str, quotations: Quotations) -> str:
    if len(set(pieces)) == len(pieces):
        return ""
    for piece, count in Counter(pieces).items():
        if count == 1 or len(piece) < _MIN_CHARS or (words := count_words(piece)) < _MIN_WORDS:
            continue
        if words > _MAX_REFRAIN_WORDS or count > _may_occur(piece, text, quotations):
            return piece
    return ""


def _may_occur(piece: str, text: str, quotations: Quotations) -> int:
    """Return how often a short piece may occur: verses and speech may come back for effect."""
    start = text.find(piece)
    end = start + len(piece)
    before, after = text[max(0, start - 20) : start].rstrip(" \t"), text[end : end + 20].lstrip(" \t")
    is_line = before[-1:] in {"", "\n"} and after[:1] in {"", "\n"}
    is_alone = before[-2:] in {"", "\n\n"} and after[:2] in {"", "\n\n"}
    is_short = all(len(line) <= _VERSE_CHARS for line in piece.split("\n"))
    if is_line and is_short and ("\n" in piece or not is_alone):
        return _MAX_VERSES
    return 2 if quotations.around(start + 1) and quotations.around(end - 1) else 1
