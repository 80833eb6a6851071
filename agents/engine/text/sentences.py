"""Sentences of a text, and the paragraphs that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from agents.engine.text.lazy_pattern import lazy_pattern

# Longer sentences are cut, so that patterns within a sentence take a bounded time.
MAX_SENTENCE_CHARS: Final = 600
# A shorter line without a full stop is a heading or a verse.
_MAX_HEADING_CHARS: Final = 60

_ABBREVIATIONS: Final = ("Mr", "Mrs", "Ms", "Dr", "St", "Prof", "Capt", "Lt", "Sgt", "Col", "[A-Z]")
_NO_ABBREVIATION: Final = "".join(rf"(?<!\b{abbreviation}\.)" for abbreviation in _ABBREVIATIONS)
# It begins with one set of characters, which the engine of regular expressions seeks quickly.
_END: Final = lazy_pattern(
    r"[.!?…。！？\n](?:"
    rf"(?<=[.!?…])(?:(?=[.!?…”\"’')\]*_])|{_NO_ABBREVIATION})"
    r"[.!?…]*[”\"’')\]*_]{0,4}(?=\s{1,8}[“\"‘'(\[*_—–-]{0,3}[^\W_a-z]|\s{0,8}$)"
    r"|(?<=[。！？])[。！？]*[”」』）]?|(?<=\n))"
)


class Sentence(NamedTuple):
    """A sentence of the folded text, from ``start`` to ``end``; paragraphs are counted from 0."""

    text: str
    start: int
    paragraph: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def sentences_of(plain: str) -> Iterator[Sentence]:
    """Yield the sentences of a folded text."""
    start = paragraph = 0
    for match in _END.finditer(plain):
        end, sign = match.end(), match.group()
        if sign == "\n":
            line = plain[start : end - 1].strip()
            if plain.startswith("\n", end) or not plain[end : end + 40].strip(" \t\r\n") or not line:
                yield from _cut(plain, start, end, paragraph)
                start, paragraph = end, paragraph + bool(line)
            elif _is_heading(line, plain[end : end + 3].lstrip()):
                yield from _cut(plain, start, end, paragraph)
                start = end
        else:
            yield from _cut(plain, start, end, paragraph)
            start = end
    yield from _cut(plain, start, len(plain), paragraph)


def _is_heading(line: str, following: str) -> bool:
    return len(line) <= _MAX_HEADING_CHARS and not (following[:1].islower() or line.endswith((",", "-")))


def _cut(plain: str, start: int, end: int, paragraph: int) -> list[Sentence]:
    """Return the sentence between two positions, without the space around it and in parts if it is too long."""
    text = plain[start:end]
    if text[:1].isspace():
        start += len(text) - len(text.lstrip())
    text = text.strip()
    if len(text) <= MAX_SENTENCE_CHARS:
        return [Sentence(text, start, paragraph)] if text else []
    parts = []
    while len(text) > MAX_SENTENCE_CHARS:
        cut = (
            max(text.rfind(sign, 0, MAX_SENTENCE_CHARS) for sign in (", ", "; ", " ")) + 1
            or MAX_SENTENCE_CHARS
        )
        parts.append(Sentence(text[:cut].rstrip(), start, paragraph))
        start += cut
        text = text[cut:]
    return [*parts, Sentence(text, start, paragraph)] if text.strip() else parts
