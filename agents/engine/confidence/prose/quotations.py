"""Quoted speech and code in a text, found without reading any part of it twice."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern

# Each mark opens a quotation that goes on to its counterpart or the end of the line, so that every opening mark matches
# at once. An apostrophe inside a word closes nothing.
_QUOTATION: Final = lazy_pattern(
    r"“[^”\n]*”?|„[^“”\n]*[“”]?|\"[^\"\n]*\"?|«[^»\n]*»?|»[^«\n]*«?|「[^」\n]*」?|『[^』\n]*』?|`[^`\n]*`?"
    r"|(?<!\w)‘(?:[^’\n]|’(?=\w))*+’?|(?<!\w)'(?:[^'\n]|'(?=\w))*+'?"
)
# The narrator of such a line speaks of code, so that code in its quotations is no accident.
_ABOUT_CODE: Final = lazy_pattern(
    r"\b(?:html|xml|json|markup|source code|code|regex|ampersand|backslash|unicode|syntax|parser?|compiler|debug\w*"
    r"|programm\w+|hack\w*|terminal|console|cursor|keyboard|typed|browser|server|script|screen|monitor|bytes?|tokens?"
    r"|tags?|newlines?|escape sequences?|logs?|chatbots?|quelltext|bildschirm|tastatur"
    r"|écran|clavier|pantalla|teclado)\b",
    re.IGNORECASE,
)


class Quotations:
    """Quoted parts of a text, by position."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _spans(self) -> tuple[list[int], list[int]]:
        spans = [match.span() for match in _QUOTATION.finditer(self._text)]
        return [start for start, _ in spans], [end for _, end in spans]

    def around(self, position: int) -> str:
        """Return the quotation around ``position`` with its marks, or nothing; an opening mark is not in it."""
        starts, ends = self._spans
        index = bisect_right(starts, position - 1) - 1
        return self._text[starts[index] : ends[index]] if index >= 0 and position < ends[index] else ""

    @cached_property
    def _lines_about_code(self) -> tuple[list[int], list[bool]]:
        starts, flags, start = [], [], 0
        for line in self._text.splitlines(keepends=True):
            starts.append(start)
            flags.append(_ABOUT_CODE.search(line) is not None)
            start += len(line)
        return starts, flags

    def is_about_code(self, position: int) -> bool:
        """Return whether the line at ``position`` speaks of code."""
        starts, flags = self._lines_about_code
        return flags[bisect_right(starts, position) - 1]
