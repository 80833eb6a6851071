"""Word counts, normalisation, and matching of names and quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agents.engine.text.folding import fold
from agents.engine.text.lazy_pattern import lazy_pattern

# Scripts written without spaces; two of their characters weigh about as much as one English word. In order: Thai, Lao,
# Tibetan, Burmese, Khmer, Tai and Javanese scripts; iteration marks, kana, bopomofo, Han and Yi; half-width kana.
_UNSPACED_RANGES = (
    r"\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a00-\u1aaf\u1b00-\u1bbf\ua980-\uaadf"
    r"\u3005-\u3007\u3031-\u3035\u3040-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\uf900-\ufaff"
    r"\uff66-\uff9f"
)
_UNSPACED = lazy_pattern(f"[{_UNSPACED_RANGES}]")
_UNSPACED_RUN = lazy_pattern(f"[{_UNSPACED_RANGES}]+")
# Kept apart, because a class with characters beyond U+FFFF is searched ten times as slowly.
_RARE_HAN = lazy_pattern("[\U00020000-\U0003ffff]")
# Accents and vowel signs, which are no letters to Python and would cut a word in two.
_MARKS = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0711\u0730-\u074a"
    r"\u0900-\u0963\u0966-\u0df3\u200c\u200d"
)
_WORD = lazy_pattern(rf"\w[\w{_MARKS}]*")
_WORD_OR_CHARACTER = lazy_pattern(
    rf"[{_UNSPACED_RANGES}]|[^\W{_UNSPACED_RANGES}](?:[^\W{_UNSPACED_RANGES}]|[{_MARKS}])*"
)
_ASCII_WORDS = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or chr(code) == "_" else ord(" ") for code in range(128)
).ljust(256)

# Signs between two words without a space; a slash or an en dash between two digits joins them to one number.
_SEPARATORS = "—–―‒⸺⸻…|/•፡"
_JOINED_NUMBER = lazy_pattern(r"(?<=\d)[/–‒](?=\d)")
_KEYCAP = lazy_pattern("[0-9#*]\ufe0f?\u20e3")
_ASCII_SPACES = bytes(ord(" ") if chr(code).isspace() or chr(code) in "/|" else code for code in range(256))
_ASCII_PUNCTUATION = bytes(
    code for code in range(128) if not chr(code).isalnum() and _ASCII_SPACES[code] != ord(" ")
)

_QUOTE_MARKS = str.maketrans(dict(zip("“”„«»–—", '"""""--', strict=True)) | {"…": "..."})
_ELLIPSIS = lazy_pattern(r"\s*(?:\.\.\.|…|\[\.\.\.\]|\[…\])\s*")

# Words of a name that identify nobody.
_COMMON_IN_NAMES = frozenset(
    {"the", "of", "a", "an", "and", "de", "da", "du", "van", "von", "der", "la", "le", "el", "al", "st"}
    | {"captain", "commander", "doctor", "dr", "professor", "sergeant", "saint", "master", "madam", "miss"}
    | {"mister", "mr", "mrs", "ms", "sir", "lady", "lord", "king", "queen", "prince", "princess", "duke"}
    | {"duchess", "father", "mother", "brother", "sister", "old", "young"}
)


def count_words(text: str) -> int:
    """Count words; in scripts without spaces two letters count as one word.

    Hyphens, apostrophes, and points and commas in numbers join words; dashes, slashes and ellipses separate them. Signs
    without a letter or digit, such as emoji, are no words.
    """
    if "--" in text or ".." in text:
        text = text.replace("--", " ").replace("..", " ")
    if "/" in text or "–" in text or "‒" in text:
        text = _JOINED_NUMBER.sub("", text)
    if text.isascii():
        return len(text.encode().translate(_ASCII_SPACES, _ASCII_PUNCTUATION).split())
    for separator in _SEPARATORS:
        text = text.replace(separator, " ")
    if "\u20e3" in text:
        text = _KEYCAP.sub(" ", text)
    unspaced = 0
    if _UNSPACED.search(text):
        text = _RARE_HAN.sub("一", text)
        letters = "".join(_UNSPACED_RUN.findall(text))
        # Half-width voicing marks are letters to Python.
        unspaced = sum(map(str.isalnum, letters)) - letters.count("ﾞ") - letters.count("ﾟ")
        text = _UNSPACED_RUN.sub(" ", text)
    spaced = [word for word in text.split() if word[0].isalnum() or any(map(str.isalnum, word))]
    return len(spaced) + (unspaced + 1) // 2


def words_of(text: str) -> list[str]:
    """Return the words in lower case, without punctuation; in scripts without spaces each character is a word."""
    if text.isascii():
        # Same result as the pattern and ten times as fast, which matters for large worlds.
        return text.encode().translate(_ASCII_WORDS).decode().split()
    folded = text.casefold()
    return (_WORD_OR_CHARACTER if _UNSPACED.search(folded) else _WORD).findall(folded)


def texts_in(data: Any) -> Iterator[str]:
    """Yield all strings in plain data except the keys of objects."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from texts_in(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from texts_in(value)


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def flatten(text: str) -> str:
    """Return ``text`` in one spelling, case, quote mark, dash and space, so that quotations can be compared."""
    plain = fold(text).text.translate(_QUOTE_MARKS)
    return " ".join(plain.casefold().split())


def shortened(text: str, max_chars: int = 160) -> str:
    """Put ``text`` on one line and cut it to ``max_chars``."""
    plain = " ".join(text.split())
    return plain if len(plain) <= max_chars else f"{plain[: max_chars - 1]}…"


def without_article(name: str) -> str:
    return re.sub(r"^the ", "", name.strip(), flags=re.IGNORECASE)


def is_quoted_from(quote: str, text: str) -> bool:
    """Return whether ``quote`` occurs in ``text``.

    Case, white space, the style of quote marks, marks around the quote and a final full stop are ignored. Around an
    ellipsis each piece must occur, in order.
    """
    source = flatten(text)
    position = 0
    pieces = [piece.strip(" \"'").rstrip(".,;") for piece in _ELLIPSIS.split(flatten(quote))]
    pieces = [piece for piece in pieces if piece]
    for piece in pieces:
        found = source.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return bool(pieces)


def mentions(name: str, text: str) -> bool:
    """Return whether ``name`` occurs in ``text`` in full, ignoring case."""
    return _has_words(flatten(name), flatten(text))


def distinctive_parts(name: str) -> list[str]:
    """Return the words that identify the bearer of a longer name: "Mira" and "Voss" of "Captain Mira Voss"."""
    parts = [part.strip(".,'\"") for part in name.split()]
    distinctive = [
        p for p in parts if len(p) >= 3 and p[0].isupper() and p.casefold() not in _COMMON_IN_NAMES
    ]
    return distinctive if len(parts) > 1 else []


def _has_words(words: str, text: str) -> bool:
    if not words:
        return False
    if _UNSPACED.search(words):
        return words in text
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None
