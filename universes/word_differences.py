"""Word-by-word differences between two texts, as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple

from rapidfuzz.distance import Indel, Opcode, Postfix, Prefix

# Words of one side times words of the other, without the common beginning and end, summed over all texts of a
# comparison. It bounds time and memory: two unrelated texts of 20,000 words reach it, which takes 0.2 s and 50 MB.
MAX_WORD_PAIRS: Final = 400_000_000
# Up to this many equal words between two changes are shown as changed, too.
MAX_ISLAND_WORDS: Final = 3

# A character of a script without spaces, a line break, or a word; each with the spaces that follow it.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"(?:[{_UNSPACED}]|\n\s*|[^\s{_UNSPACED}]+)[^\S\n]*|[^\S\n]+")


class Run(NamedTuple):
    """A stretch of words that are equal on both sides, or changed."""

    is_equal: bool
    removed: list[str]
    added: list[str]


@dataclass
class WordComparison:
    """A comparison of several texts, which share one budget of word pairs."""

    word_pairs_left: int = MAX_WORD_PAIRS

    def runs(self, old: str, new: str) -> list[Run] | None:
        """Return equal and changed runs by turns, or None if the texts are too long to compare."""
        a, b = _WORD.findall(old.replace("\r\n", "\n")), _WORD.findall(new.replace("\r\n", "\n"))
        a_keys, b_keys = [_key(word) for word in a], [_key(word) for word in b]
        common = Prefix.similarity(a_keys, b_keys) + Postfix.similarity(a_keys, b_keys)
        word_pairs = max(0, len(a) - common) * max(0, len(b) - common)
        if word_pairs > self.word_pairs_left:
            return None
        self.word_pairs_left -= word_pairs
        return _runs(a, b, Indel.opcodes(a_keys, b_keys))


def text_of(value: Any) -> str:
    """Return a value as text, with nested values on lines of their own."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(text_of(part) for part in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{label_of(str(name))}: {text_of(part)}" for name, part in value.items())
    return str(value)


def label_of(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _runs(a: list[str], b: list[str], opcodes: Iterable[Opcode]) -> list[Run]:
    """Return equal and changed runs by turns; a few equal words between two changes count as changed."""
    runs = _joined(
        Run(code.tag == "equal", a[code.src_start : code.src_end], b[code.dest_start : code.dest_end])
        for code in opcodes
    )
    with_neighbours = zip(runs, [None, *runs], [*runs[1:], None], strict=False)
    return _joined(
        run._replace(is_equal=run.is_equal and not _is_island(run.removed, before, after))
        for run, before, after in with_neighbours
    )


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined = []
    for is_equal, group in groupby(runs, key=attrgetter("is_equal")):
        parts = list(group)
        removed = [word for part in parts for word in part.removed]
        joined.append(Run(is_equal, removed, [word for part in parts for word in part.added]))
    return joined


def _is_island(words: list[str], before: Run | None, after: Run | None) -> bool:
    if before is None or after is None or any("\n" in word for word in words):
        return False
    sizes = [max(len(run.removed), len(run.added)) for run in (before, after)]
    return len(words) <= min(MAX_ISLAND_WORDS, *sizes)


def _key(word: str) -> str:
    """Return the part of a word that is compared: no spaces, but whether a line or a paragraph ends."""
    return word.strip() or "\n" * min(2, word.count("\n"))
