"""Signs that show nothing, which gateways and editors add to texts; plain Python, for the agents' engine as well."""

from __future__ import annotations

import unicodedata
from typing import Final

# Control characters but white space. Soft hyphen, grapheme joiner, marks of direction, zero-width spaces and joiners,
# invisible operators, variation selectors, the byte order mark, fillers, musical brackets, and tags.
_RANGES: Final = (
    ("\x00", "\x08"),
    ("\x0e", "\x1b"),
    ("\x7f", "\x84"),
    ("\x86", "\x9f"),
    ("\u00ad", "\u00ad"),
    ("\u034f", "\u034f"),
    ("\u061c", "\u061c"),
    ("\u115f", "\u1160"),
    ("\u17b4", "\u17b5"),
    ("\u180b", "\u180f"),
    ("\u200b", "\u200f"),
    ("\u202a", "\u202e"),
    ("\u2060", "\u206f"),
    ("\u3164", "\u3164"),
    ("\ufe00", "\ufe0f"),
    ("\ufeff", "\ufeff"),
    ("\uffa0", "\uffa0"),
    ("\ufff0", "\ufff8"),
    ("\U0001d173", "\U0001d17a"),
    ("\U000e0000", "\U000e01ef"),
)

# For a class in a regular expression.
INVISIBLE_CLASS: Final = "".join(f"{first}-{last}" for first, last in _RANGES)

# A Braille cell without a dot: as wide as a letter, and empty.
EMPTY_CELL: Final = "\u2800"

# For ``str.strip``: all that shows nothing, white space included.
BLANK: Final = (
    "".join(chr(code) for first, last in _RANGES for code in range(ord(first), ord(last) + 1))
    + "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
    + EMPTY_CELL
)


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing: it has only blank signs, and accents without a letter to stand on."""
    return all(sign in BLANK or unicodedata.category(sign).startswith("M") for sign in text)
