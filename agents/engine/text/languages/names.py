"""Names of languages, as people write them in a preference or a request."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern

_FILE: Final = Path(__file__).with_name("languages.toml")
_TAG: Final = lazy_pattern(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")
# Not \w, which has no vowel signs of Indic scripts.
_WORD: Final = lazy_pattern(r"[^\s\d.,;:!?()\[\]{}<>\"“”„«»/|*_…。、，（）–—-]+")
_WORDS_IN_NAME: Final = 2

# Other forms of the code than ISO 639-1 has.
_OTHER_CODES: Final = {
    "nb": "no",
    "nn": "no",
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "fil": "tl",
    "cmn": "zh",
    "yue": "zh",
}
# Before a name, these make another language of it: Old English, Ancient Greek, Swiss German.
_OTHER_LANGUAGE: Final = frozenset(
    {
        "old",
        "middle",
        "ancient",
        "proto",
        "archaic",
        "classical",
        "swiss",
        "pennsylvania",
        "pidgin",
        "creole",
        "sign",
    }
    | {
        "broken",
        "biblical",
        "medieval",
        "low",
        "pig",
        "dog",
        "not",
        "no",
        "non",
        "without",
        "except",
        "never",
        "kein",
    }
)
# Words beside a name that are names themselves.
_REGIONS: Final = lazy_pattern(
    r"\blatin[- ]american?\b|\blatin[oa]\b(?=\s+\w)|\blatam\b|\blatinoamerican[oa]\b", re.IGNORECASE
)
_LATIN_MARKS: Final = lazy_pattern(r"[\u0300-\u036f]")


def language_name(code: str) -> str:
    """Return the English name of the language, or ``code`` itself if it is unknown."""
    names = _names().get(code)
    return names[0] if names else code


def is_known(code: str) -> bool:
    return code in _names()


def code_of(name: str) -> str | None:
    """Return the code of the language that ``name`` means, as "German", "de", "deutsch", "zh-CN", "in German please".

    Returns None if it names no known language, more than one, or another stage or variety such as "Old English".
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    tag = _TAG.fullmatch(plain.lower())
    if tag is not None:
        code = _OTHER_CODES.get(tag[1], tag[1])
        if is_known(code):
            return code
    codes = {code for _, _, code in names_in(plain)}
    return codes.pop() if len(codes) == 1 else None


def names_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start, end and code of the languages that ``text`` names, in linear time.

    A name with "old", "ancient", "not" and the like before it means another language, or is not meant, and is left out.
    """
    by_name, first_words = _codes_by_name(), _first_words()
    if not text.isascii():
        yield from ((*match.span(), by_name[match[0]]) for match in _unspaced_names().finditer(text))
    text = _REGIONS.sub(lambda match: "-" * len(match[0]), text)
    words = [(*match.span(), _key(match[0])) for match in _WORD.finditer(text)]
    skipped = 0
    for index, (start, _, first) in enumerate(words):
        if first not in first_words or index < skipped:
            continue
        for count in range(_WORDS_IN_NAME, 0, -1):
            code = by_name.get(" ".join(word for _, _, word in words[index : index + count]))
            if code is not None:
                skipped = min(index + count, len(words))
                if index == 0 or words[index - 1][2] not in _OTHER_LANGUAGE:
                    yield start, words[skipped - 1][1], code
                break


@cache
def _names() -> dict[str, list[str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _codes_by_name() -> dict[str, str]:
    by_name: dict[str, str] = {}
    for code, names in _names().items():
        by_name |= {_key(name): code for name in names}
    return by_name


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.split()[0] for name in _codes_by_name())


@cache
def _unspaced_names() -> re.Pattern[str]:
    """Return the pattern of the names in Chinese, Japanese and Korean, which stand without spaces around them."""
    names = [
        name
        for name in _codes_by_name()
        if "\u3040" <= name[0] <= "\u9fff" or "\uac00" <= name[0] <= "\ud7a3"
    ]
    return re.compile("|".join(sorted(names, key=len, reverse=True)))


def _key(name: str) -> str:
    """Return ``name`` without case, and without the marks of Latin letters: people write "francais" and "espanol"."""
    if name.isascii():
        return name.casefold()
    folded = unicodedata.normalize("NFC", name).casefold()
    if "a" <= unicodedata.normalize("NFD", folded)[0] <= "z":
        folded = _LATIN_MARKS.sub("", unicodedata.normalize("NFD", folded))
    return folded
