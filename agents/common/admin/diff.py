"""What is different between two outputs, word by word: an edit, or work that was done again."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from agents.common.admin.display import visible

# How often a word of one side may stand on the other, summed up over two outputs: what comparing them costs.
# Two honest texts of five thousand words stay below it; all of it takes less than a second.
MAX_MATCHES: Final = 1_000_000
# Two rows are the same one, changed, if they have this share of their words in common.
SAME_ROW: Final = 0.3
# More cells than this in the table of two lists are not worth the time: rows are paired as they stand.
MAX_CELLS: Final = 2_500
# Up to this many equal words between two changes are no island worth seeing.
ISLAND: Final = 3

TOO_LONG: Final = "Too long to compare word by word."
SPACES_ONLY: Final = "Only spaces differ."

# What the system counted or was told, which nobody wrote.
_BOOKKEEPING = frozenset({"model", "tokens_used"})
# A sign of a script without spaces, line breaks, or a word; each with the spaces behind it.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"(?:[{_UNSPACED}]|\n\s*|[^\s{_UNSPACED}]+)[^\S\n]*|[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an output, before and after, its differing words marked.

    ``remark`` says what the marks do not: that the texts were too long for them, or that only spaces differ.
    """

    label: str
    before: SafeString
    after: SafeString
    remark: str = ""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The fields that differ, in a time that no text can prolong."""
    comparison = _Comparison()
    names = [*before, *(name for name in after if name not in before)]
    return [
        comparison.change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name) and name not in _BOOKKEEPING
    ]


@dataclass
class _Comparison:
    allowance: int = MAX_MATCHES
    remarks: list[str] = field(default_factory=list)

    def change(self, name: str, old: Any, new: Any) -> Change:
        self.remarks = []
        if _is_table(old) or _is_table(new):
            sides = self.rows(old if isinstance(old, list) else [], new if isinstance(new, list) else [])
        else:
            sides = self.texts(_text(old), _text(new))
            if "<ins>" not in sides[1] and "<del>" not in sides[0] and not self.remarks:
                self.remarks.append(SPACES_ONLY)
        return Change(_label(name), *sides, " ".join(dict.fromkeys(self.remarks)))

    def rows(self, old: Sequence[Any], new: Sequence[Any]) -> tuple[SafeString, SafeString]:
        """Each row beside the one that it came from; a row of one side alone is marked as a whole."""
        left, right = [], []
        for was, now in _paired(old, new):
            was_parts, now_parts = _parts(was), _parts(now)
            names = [*was_parts, *(name for name in now_parts if name not in was_parts)]
            compared = {name: self.texts(was_parts.get(name, ""), now_parts.get(name, "")) for name in names}
            left.append(_lines((name, compared[name][0]) for name in was_parts))
            right.append(_lines((name, compared[name][1]) for name in now_parts))
        # Safe: every part has been escaped.
        return (
            mark_safe("\n\n".join(row for row in left if row)),  # noqa: S308
            mark_safe("\n\n".join(row for row in right if row)),  # noqa: S308
        )

    def texts(self, old: str, new: str) -> tuple[SafeString, SafeString]:
        a, b = _WORD.findall(old.replace("\r\n", "\n")), _WORD.findall(new.replace("\r\n", "\n"))
        matches = self._matches([_key(word) for word in a], [_key(word) for word in b])
        if matches is None:
            self.remarks.append(TOO_LONG)
            return visible(old), visible(new)
        left: list[str] = []
        right: list[str] = []
        for is_equal, gone, come in _runs(a, b, matches):
            left.append(visible(gone) if is_equal else _marked("<del>{}</del>{}", gone))
            right.append(visible(come) if is_equal else _marked("<ins>{}</ins>{}", come))
        # Safe: every part has been escaped.
        return mark_safe("".join(left)), mark_safe("".join(right))  # noqa: S308

    def _matches(self, a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]] | None:
        """A longest common subsequence (Hunt and Szymanski) as pairs of places; None beyond the allowance.

        Its cost is known beforehand, which that of difflib is not.
        """
        start = 0
        while start < min(len(a), len(b)) and a[start] == b[start]:
            start += 1
        end = 0
        while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
            end += 1
        places: dict[str, list[int]] = {}
        for j in range(len(b) - end - 1, start - 1, -1):
            places.setdefault(b[j], []).append(j)
        cost = sum(len(places.get(a[i], ())) for i in range(start, len(a) - end))
        if cost > self.allowance:
            return None
        self.allowance -= cost
        ends: list[int] = []
        chains: list[tuple[int, int, Any]] = []
        for i in range(start, len(a) - end):
            for j in places.get(a[i], ()):
                length = bisect_left(ends, j)
                chain = (i, j, chains[length - 1] if length else None)
                if length == len(ends):
                    ends.append(j)
                    chains.append(chain)
                else:
                    ends[length], chains[length] = j, chain
        middle: list[tuple[int, int]] = []
        last = chains[-1] if chains else None
        while last is not None:
            middle.append((last[0], last[1]))
            last = last[2]
        tail = [(len(a) - k, len(b) - k) for k in range(end, 0, -1)]
        return [(i, i) for i in range(start)] + middle[::-1] + tail


def _runs(
    a: Sequence[str], b: Sequence[str], matches: Sequence[tuple[int, int]]
) -> Iterator[tuple[bool, str, str]]:
    """Equal and changed stretches by turns, as text; few equal words between two changes count as changed."""
    runs: list[tuple[bool, list[str], list[str]]] = []
    i = j = 0
    for at_a, at_b in [*matches, (len(a), len(b))]:
        if at_a > i or at_b > j:
            runs.append((False, list(a[i:at_a]), list(b[j:at_b])))
        if at_a < len(a):
            if not runs or not runs[-1][0]:
                runs.append((True, [], []))
            runs[-1][1].append(a[at_a])
            runs[-1][2].append(b[at_b])
        i, j = at_a + 1, at_b + 1
    merged: list[tuple[bool, list[str], list[str]]] = []
    for index, (is_equal, gone, come) in enumerate(runs):
        is_island = (
            is_equal and 0 < index < len(runs) - 1 and _is_island(gone, runs[index - 1], runs[index + 1])
        )
        if merged and not merged[-1][0] and (is_island or not is_equal):
            merged[-1][1].extend(gone)
            merged[-1][2].extend(come)
        else:
            merged.append((is_equal, gone, come))
    for is_equal, gone, come in merged:
        yield is_equal, "".join(gone), "".join(come)


def _is_island(
    words: Sequence[str],
    before: tuple[bool, list[str], list[str]],
    after: tuple[bool, list[str], list[str]],
) -> bool:
    if len(words) > ISLAND or any("\n" in word for word in words):
        return False
    return all(len(words) <= max(len(gone), len(come)) for _, gone, come in (before, after))


def _marked(template: str, text: str) -> SafeString | str:
    """Without the spaces behind it; a mark around nothing else shows that line breaks are meant."""
    if not text:
        return ""
    words = text.rstrip()
    return format_html(template, visible(words or "¶"), visible(text[len(words) :]))


def _key(word: str) -> str:
    """What makes two words the same: not the spaces, but whether a line ends or a paragraph."""
    return word.strip() or "\n" * min(2, word.count("\n"))


# --- lists of objects


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, Mapping) for row in value)


def _paired(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Rows of both sides in their order, together where most is the same; None beside a row of one side alone."""
    if len(old) * len(new) > MAX_CELLS:
        longest = max(len(old), len(new))
        return [(_at(old, index), _at(new, index)) for index in range(longest)]
    words = {id(row): Counter(" ".join(_parts(row).values()).split()[:100]) for row in (*old, *new)}
    likeness = [[_likeness(words[id(was)], words[id(now)]) for now in new] for was in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(likeness[i][j] + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[Any, Any]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((old[i], None))
            i += 1
        else:
            pairs.append((None, new[j]))
            j += 1
    return pairs + [(row, None) for row in old[i:]] + [(None, row) for row in new[j:]]


def _at(rows: Sequence[Any], index: int) -> Any:
    return rows[index] if index < len(rows) else None


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words in common; 0 where it is too little for the rows to be the same."""
    total = one.total() + other.total()
    share = 2 * (one & other).total() / total if total else 1.0
    return share if share >= SAME_ROW else 0.0


def _parts(row: Any) -> dict[str, str]:
    if row is None:
        return {}
    if isinstance(row, Mapping):
        return {str(name): _text(value) for name, value in row.items()}
    return {"": _text(row)}


def _lines(parts: Iterator[tuple[str, SafeString]]) -> str:
    return "\n".join(
        format_html("{}: {}", visible(_label(name)), shown) if name else shown for name, shown in parts
    )


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    """A value as words: what is below it stands on lines of its own."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(_text(one) for one in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{_label(str(name))}: {_text(one)}" for name, one in value.items())
    return str(value)
