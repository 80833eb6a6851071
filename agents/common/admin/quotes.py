"""Marks around the quotations in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from agents.common.admin.display import visible, without_hidden

# Each quotation is a search through the whole text.
MAX_QUOTES: Final = 100

_ELLIPSIS = re.compile(r"\.\.\.|…|\[…\]")
_WORD_AT_START = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words to mark, with what they contradict and the id of their finding, if they have one."""

    words: str
    against: str = ""
    finding_id: str = ""


class QuoteMarks:
    """Marks of quotations in the texts of one page.

    ``quotations`` are the first of each words. ``anchors`` maps the words found so far to the id of their first mark,
    so that a link can lead there; ``anchors_of`` tells apart the texts of a page with several.
    """

    def __init__(self, quotations: Iterable[Quotation], *, anchors_of: str = "") -> None:
        first: dict[str, Quotation] = {}
        for quotation in quotations:
            first.setdefault(quotation.words, quotation)
        self._known = dict(list(first.items())[:MAX_QUOTES])
        self.quotations = list(self._known.values())
        self.anchors: dict[str, str] = {}
        self._prefix = f"quote-{anchors_of}-" if anchors_of else "quote-"
        self._patterns = [
            (quote, re.compile(pattern, re.IGNORECASE))
            for quote in self._known
            for piece in _ELLIPSIS.split(quote)
            if (pattern := _pattern(piece))
        ]

    def marked(self, text: str) -> SafeString:
        """Escape ``text`` and mark the quotations found in it; overlapping marks are merged."""
        text = text.replace("\r\n", "\n")
        pieces: list[SafeString] = []
        position = 0
        for start, end, quotes in self._spans(text):
            pieces.append(visible(text[position:start]))
            pieces.append(self._mark(text[start:end], quotes))
            position = end
        pieces.append(visible(text[position:]))
        # Safe: every part has been escaped.
        return mark_safe("".join(pieces))  # noqa: S308

    def _mark(self, words: str, quotes: set[str]) -> SafeString:
        cited = [self._known[quote] for quote in sorted(quotes)]
        against = without_hidden(" ".join(quotation.against for quotation in cited if quotation.against))
        finding_ids = " ".join(quotation.finding_id for quotation in cited if quotation.finding_id)
        new = quotes - self.anchors.keys()
        anchor = f"{self._prefix}{len(self.anchors) + 1}" if new else ""
        self.anchors |= dict.fromkeys(new, anchor)
        attributes = {"id": anchor, "title": against, "data-finding": finding_ids}
        return format_html(
            '<mark tabindex="-1"{}>{}</mark>',
            format_html_join("", ' {}="{}"', ((name, text) for name, text in attributes.items() if text)),
            visible(words),
        )

    def _spans(self, text: str) -> list[tuple[int, int, set[str]]]:
        found = sorted(
            (*match.span(), quote) for quote, pattern in self._patterns for match in pattern.finditer(text)
        )
        merged: list[tuple[int, int, set[str]]] = []
        for start, end, quote in found:
            if merged and start <= merged[-1][1]:
                before, last_end, quotes = merged[-1]
                merged[-1] = (before, max(end, last_end), quotes | {quote})
            else:
                merged.append((start, end, {quote}))
        return merged


def _pattern(piece: str) -> str:
    """Build a pattern for whole words that ignores white space and the style of quote marks and dashes.

    Returns "" if there are no words.
    """
    words = piece.strip(" \t\n\"'“”‘’.,;").split()
    if not words:
        return ""
    pattern = r"\s+".join(re.escape(word) for word in words)
    pattern = re.sub("['‘’]", "['‘’]", pattern)
    pattern = re.sub('["“”]', '["“”]', pattern)
    pattern = re.sub(r"\\-|[–—]", "[-–—]", pattern)
    # Scripts without spaces have no such boundaries.
    before = r"(?<!\w)" if _WORD_AT_START.match(words[0]) else ""
    after = r"(?!\w)" if _WORD_AT_START.match(words[-1][-1]) else ""
    return f"{before}{pattern}{after}"
