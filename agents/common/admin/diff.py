"""Word-by-word differences between two outputs, for an edit or a revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from rapidfuzz.distance import Indel

from agents.common.admin.display import isolated, visible
from universes.word_differences import WordComparison, label_of, text_of

# Two rows with at least this similarity are one row that was changed.
MIN_ROW_SIMILARITY: Final = 0.3
# Longer lists are paired by position instead of by similarity.
MAX_ROW_PAIRS: Final = 2_500
TOO_LONG: Final = "Too long to compare word by word."
SPACES_ONLY: Final = "Only spaces differ."

# Fields that the system sets.
_BOOKKEEPING = frozenset({"model", "tokens_used"})


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after, with the differing words marked.

    ``remark`` says what the marks cannot: the texts were too long to compare, or only spaces differ.
    """

    label: str
    before: SafeString
    after: SafeString
    remark: str = ""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the fields that differ. The time is bounded, whatever the texts are."""
    comparison = _Comparison()
    names = [*before, *(name for name in after if name not in before)]
    return [
        comparison.change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name) and name not in _BOOKKEEPING
    ]


def side_by_side(found: Iterable[Change]) -> SafeString:
    """Show the fields that differ before and after; empty if none does."""
    return format_html_join(
        "",
        '<h3>{} <span class="quiet">{}</span></h3><div class="diff"><div><h4>Before</h4><div class="lines" '
        'dir="auto">{}</div></div><div><h4>After</h4><div class="lines" dir="auto">{}</div></div></div>',
        ((isolated(each.label), each.remark, each.before, each.after) for each in found),
    )


@dataclass
class _Comparison:
    """The comparison of two outputs, whose fields share one budget of word pairs."""

    words: WordComparison = field(default_factory=WordComparison)
    remarks: list[str] = field(default_factory=list)

    def change(self, name: str, old: Any, new: Any) -> Change:
        self.remarks = []
        if _is_table(old) or _is_table(new):
            sides = self.rows(old if isinstance(old, list) else [], new if isinstance(new, list) else [])
        else:
            sides = self.texts(text_of(old), text_of(new))
            if "<ins>" not in sides[1] and "<del>" not in sides[0] and not self.remarks:
                self.remarks.append(SPACES_ONLY)
        return Change(label_of(name), *sides, " ".join(dict.fromkeys(self.remarks)))

    def rows(self, old: Sequence[Any], new: Sequence[Any]) -> tuple[SafeString, SafeString]:
        """Compare the fields of paired rows; mark a row without a counterpart as a whole."""
        left, right = [], []
        for old_row, new_row in _paired(old, new):
            old_fields, new_fields = _row_fields(old_row), _row_fields(new_row)
            compared = {
                name: self.texts(old_fields.get(name, ""), new_fields.get(name, ""))
                for name in old_fields | new_fields
            }
            left.append(_lines((name, compared[name][0]) for name in old_fields))
            right.append(_lines((name, compared[name][1]) for name in new_fields))
        # Safe: every part has been escaped.
        return (
            mark_safe("\n\n".join(row for row in left if row)),  # noqa: S308
            mark_safe("\n\n".join(row for row in right if row)),  # noqa: S308
        )

    def texts(self, old: str, new: str) -> tuple[SafeString, SafeString]:
        runs = self.words.runs(old, new)
        if runs is None:
            self.remarks.append(TOO_LONG)
            return visible(old), visible(new)
        left, right = [], []
        for run in runs:
            removed, added = "".join(run.removed), "".join(run.added)
            left.append(visible(removed) if run.is_equal else _marked("<del>{}</del>{}", removed))
            right.append(visible(added) if run.is_equal else _marked("<ins>{}</ins>{}", added))
        # Safe: every part has been escaped.
        return mark_safe("".join(left)), mark_safe("".join(right))  # noqa: S308


def _marked(template: str, text: str) -> SafeString | str:
    """Mark the text without the spaces at its end; a mark around line breaks alone shows "¶"."""
    if not text:
        return ""
    stripped = text.rstrip()
    return format_html(template, visible(stripped or "¶"), visible(text[len(stripped) :]))


# --- Lists of objects


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, Mapping) for row in value)


def _paired(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Pair similar rows of both sides in order, with None beside a row of one side alone."""
    if len(old) * len(new) > MAX_ROW_PAIRS:
        return list(zip_longest(old, new))
    old_words, new_words = [_row_words(row) for row in old], [_row_words(row) for row in new]
    similarity = [
        [Indel.normalized_similarity(a, b, score_cutoff=MIN_ROW_SIMILARITY) for b in new_words]
        for a in old_words
    ]
    # The best sum of similarities from row i of the old and row j of the new side on.
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(similarity[i][j] + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[Any, Any]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if similarity[i][j] and best[i][j] == similarity[i][j] + best[i + 1][j + 1]:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((old[i], None))
            i += 1
        else:
            pairs.append((None, new[j]))
            j += 1
    return [*pairs, *((row, None) for row in old[i:]), *((None, row) for row in new[j:])]


def _row_words(row: Any) -> list[str]:
    return " ".join(_row_fields(row).values()).split()[:100]


def _row_fields(row: Any) -> dict[str, str]:
    if row is None:
        return {}
    if isinstance(row, Mapping):
        return {str(name): text_of(value) for name, value in row.items()}
    return {"": text_of(row)}


def _lines(fields: Iterable[tuple[str, SafeString]]) -> str:
    return "\n".join(
        format_html("{}: {}", visible(label_of(name)), text) if name else text for name, text in fields
    )
