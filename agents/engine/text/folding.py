"""One spelling for comparisons of text: compatibility forms, apostrophes, hyphens, invisible signs and look-alikes."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from universes.look_alikes import LOOK_ALIKES

# One character for another; the positions stay. The ellipsis and the quotation marks keep their own characters.
_SAME: Final = tuple(
    zip(
        "‘’‚‛ʼʹ′＇`´‐‑‒−﹘﹣－\u00a0\u202f\u2007\u2009\u2002\u2003İı",
        "'" * 10 + "-" * 7 + " " * 6 + "Ii",
        strict=True,
    )
)
# Signs without a width of their own, variation selectors, and marks of direction.
INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef"
)
_INVISIBLE: Final = lazy_pattern(f"[{INVISIBLE}]")
# A text of these alone has one spelling, and is told by the quickest kind of pattern.
_ORDINARY: Final = lazy_pattern("[\x00-\x7fÀ-ÖØ-öø-ÿ“”«»–—…]*")
# Characters without a meaning of their own, which readers of a text may therefore use as marks.
_PRIVATE: Final = lazy_pattern("[\ue000-\uf8ff]")
_ASCII: Final = lazy_pattern("[\x00-\x7f]+")
_JOINED: Final = lazy_pattern("[\u1160-\u11ff]")
_FOREIGN: Final = lazy_pattern("[\u0370-\u03ff\u0400-\u052fɡɑ]")
_LATIN: Final = lazy_pattern("[A-Za-z]")
_WORD: Final = lazy_pattern(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in folded spelling, with case kept. ``origins`` are the positions in the source, None if all are equal."""

    text: str
    source: str
    origins: list[int] | None = None

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the source that a span of the folded text was made from."""
        if self.origins is None:
            return start, end
        if end <= start:
            return self.origins[start], self.origins[start]
        first, behind = self.origins[start], self.origins[end - 1]
        # The last character may be made from several: a letter, its accents, and signs without a width.
        while end < len(self.text) and self.origins[end] == behind:
            end += 1
        limit = self.origins[end] if end < len(self.text) else len(self.source)
        return first, behind + len(self.source[behind:limit].rstrip() or self.source[behind : behind + 1])

    def position(self, source_position: int) -> int:
        """Return the position in the folded text for a position in the source."""
        return source_position if self.origins is None else bisect_left(self.origins, source_position)


def fold(text: str) -> Folded:
    """Return ``text`` in one spelling; case, quotation marks and line breaks are kept."""
    same = _same(text)
    if _ORDINARY.fullmatch(same):
        return Folded(same, text)
    same = _PRIVATE.sub("\ufffd", same)
    if _INVISIBLE.search(same) is None and unicodedata.is_normalized("NFKC", same.replace("…", ".")):
        return Folded(_without_look_alikes(same), text)
    pieces: list[str] = []
    origins: list[int] = []
    position = 0
    while position < len(same):
        run = _ASCII.match(same, position)
        if run is not None and run.end() - position > 1:
            # An accent may follow the last letter.
            end = run.end() if run.end() == len(same) else run.end() - 1
            pieces.append(same[position:end])
            origins.extend(range(position, end))
            position = end
            continue
        end = position + 1
        while end < len(same) and (unicodedata.combining(same[end]) or _JOINED.match(same[end])):
            end += 1
        cluster = same[position:end]
        kept = cluster if cluster == "…" else unicodedata.normalize("NFKC", _INVISIBLE.sub("", cluster))
        pieces.append(_same(kept))
        origins.extend([position] * len(kept))
        position = end
    return Folded(_without_look_alikes("".join(pieces)), text, origins)


def without_accents(word: str) -> str:
    """Return a word with plain letters for those with accents: "Siobhan" for "Siobhán"."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def _same(text: str) -> str:
    # Several times as fast as str.translate on a long text.
    for sign, plain in _SAME:
        if sign in text:
            text = text.replace(sign, plain)
    return text


def _without_look_alikes(text: str) -> str:
    """Write words that mix Latin letters with Cyrillic or Greek ones in Latin letters."""
    if _FOREIGN.search(text) is None or _LATIN.search(text) is None:
        return text
    return _WORD.sub(_as_latin, text)


def _as_latin(match: re.Match[str]) -> str:
    word = match.group()
    return word.translate(LOOK_ALIKES) if _LATIN.search(word) and _FOREIGN.search(word) else word
