"""The word list of a language, read from its file and indexed for one pass over a text."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

from agents.engine.text.folding import INVISIBLE
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.terms import TechLevel

_FOLDER: Final = Path(__file__).parent
LISTED: Final = frozenset(file.stem for file in _FOLDER.glob("*.toml"))

# Languages that are read sign by sign. Korean has spaces, but its particles are part of the word.
BY_SIGN: Final = frozenset({"zh", "ja", "ko"})

Kind: TypeAlias = TechLevel | Literal["magic", "innocent"]
_Value = TypeVar("_Value")

# Marks of decomposed letters and invisible signs are part of a word.
_WORD: Final = lazy_pattern(r"[\w\u0300-\u036f\u00ad\u200b\u2060]+")
_WORD_OR_STEM: Final = lazy_pattern(rf"{_WORD.pattern}\*?")
_INVISIBLE: Final = lazy_pattern(f"[{INVISIBLE}]")
_BUCKET: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A term of one or more words; the pairs are a word and whether it may have any ending."""

    words: tuple[tuple[str, bool], ...]
    is_capital: bool
    kind: Kind


@dataclass(frozen=True, slots=True)
class WordList:
    """Terms of a language by the first word (``by_stem``: by its first letters), the longest first.

    In languages read sign by sign the terms are in ``by_sign``. The other fields are phrases before or after a term
    that deny it, or compare something with it.
    """

    by_word: Mapping[str, tuple[Entry, ...]]
    by_stem: Mapping[str, tuple[Entry, ...]]
    by_sign: Mapping[str, tuple[tuple[str, Kind], ...]]
    negations: frozenset[str]
    comparisons: frozenset[str]
    after: tuple[str, ...]


def fold(word: str) -> str:
    """Return a word without case and invisible signs; the Russian ё is an е."""
    if word.isascii():
        return word.lower()
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", word)).lower().replace("ё", "е")


def words_in(text: str) -> list[tuple[int, int, str]]:
    """Return the start, end and folded form of each word."""
    folded = text.lower().replace("ё", "е")
    if len(folded) == len(text) and unicodedata.is_normalized("NFKC", text) and not _INVISIBLE.search(text):
        return [(*match.span(), match[0]) for match in _WORD.finditer(folded)]
    return [(*match.span(), fold(match[0])) for match in _WORD.finditer(text)]


@cache
def word_list(code: str) -> WordList:
    """Return the list of a language in ``LISTED``."""
    data = tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    terms = list(_terms(data["terms"]))
    before = data.get("before", {})
    beside = (
        frozenset(map(_folded, _split(before.get("not", "")))),
        frozenset(map(_folded, _split(before.get("like", "")))),
        tuple(phrase for phrases in data.get("after", {}).values() for phrase in _split(phrases)),
    )
    if code in BY_SIGN:
        signs = _grouped((term[0], (term, kind)) for term, kind in terms)
        return WordList({}, {}, {first: _longest_first(group) for first, group in signs.items()}, *beside)
    entries = [_entry(term, kind) for term, kind in terms]
    by_word = _grouped((entry.words[0][0], entry) for entry in entries if not entry.words[0][1])
    by_stem = _grouped((stem_key(entry.words[0][0]), entry) for entry in entries if entry.words[0][1])
    return WordList(by_word, by_stem, {}, *beside)


def stem_key(word: str) -> str:
    return word[:_BUCKET]


def _terms(data: Mapping[str, str]) -> Iterator[tuple[str, Kind]]:
    for name, terms in data.items():
        kind: Kind = (
            "magic" if name == "magic" else "innocent" if name == "innocent" else TechLevel[name.upper()]
        )
        yield from ((term, kind) for term in _split(terms))


def _split(terms: str) -> Iterator[str]:
    return (" ".join(term.split()) for term in terms.split(";") if term.strip())


def _entry(term: str, kind: Kind) -> Entry:
    words = tuple((fold(word).rstrip("*"), word.endswith("*")) for word in _WORD_OR_STEM.findall(term))
    return Entry(words, term[0].isupper(), kind)


def _folded(phrase: str) -> str:
    return " ".join(map(fold, _WORD.findall(phrase)))


def _grouped(pairs: Iterable[tuple[str, _Value]]) -> dict[str, tuple[_Value, ...]]:
    groups: dict[str, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(group) for key, group in groups.items()}


def _longest_first(terms: Iterable[tuple[str, Kind]]) -> tuple[tuple[str, Kind], ...]:
    return tuple(sorted(terms, key=lambda pair: -len(pair[0])))
