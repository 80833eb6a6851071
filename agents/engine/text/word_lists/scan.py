"""One pass over a text for the terms of its language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.terms import TechLevel
from agents.engine.text.word_forms import word_set
from agents.engine.text.word_lists.lists import (
    BY_SIGN,
    LISTED,
    Entry,
    Kind,
    WordList,
    stem_key,
    word_list,
    words_in,
)

MAGIC: Final = "magic"

# Between the words of a term: a space, a line break of wrapped text, a hyphen or an apostrophe.
_GAP: Final = lazy_pattern(r"[\s'’ʼ‐‑-]{1,2}")
_CLAUSE_END: Final = lazy_pattern(r"[.,;:!?…“”„«»\"()—–\n。，、；：！？「」『』]")

# "Of" in the languages with lists, and what a real wizard may be one of.
_OF: Final = word_set("de del du des d di della dello dei degli delle dell da do das dos van der des")
_COURTS: Final = word_set(
    "corte roi rey re rei koning hof königs hofes torre tour turms montagne montaña noche nuit notte bosque forêt"
    " foresta"
)

# So many words, or signs, may stand between a negation or comparison and the term that it is about.
_WORDS_AFTER_NEGATION: Final = 3
_WORDS_AFTER_COMPARISON: Final = 1
_SIGNS_BETWEEN: Final = 3
_LONGEST_PHRASE: Final = 5
_LOOK_BEHIND: Final = 16

_KATAKANA: Final = lazy_pattern(r"[\u30a1-\u30fa\u30fc]")
_HANGUL: Final = lazy_pattern(r"[\uac00-\ud7a3]")
_PARTICLES: Final = lazy_pattern(
    r"(?:들|님)?(?:이라는|라는|이라고|라고|에서|에게|까지|부터|처럼|보다|이라도|라도|이나|이랑|랑|마다|조차|마저|밖에|뿐|으로|로|이다|였다|이었다|인|이|가|을|를"
    r"|은|는|에|의|와|과|도|만|나)*(?![\uac00-\ud7a3])"
)


class Term(NamedTuple):
    """A term in a text, as it stands there, and the age that introduced it, or "magic"."""

    start: int
    end: int
    text: str
    kind: TechLevel | Literal["magic"]


def terms_in(text: str, code: str, level: TechLevel | None, *, magic: bool) -> list[Term]:
    """Return the terms in ``text`` that are younger than ``level``, and those of magic if ``magic`` is set.

    ``code`` is the language of the text, one of ``LISTED``; another has no terms. Without a ``level`` no thing is too
    young. Terms that the words beside them deny, or compare something with, are left out. Linear in the text.
    """
    if code not in LISTED:
        return []
    words = word_list(code)
    found = _by_sign(text, code, words) if code in BY_SIGN else _by_word(text, words)
    return [
        Term(start, end, text[start:end], kind)
        for start, end, kind in found
        if kind != "innocent" and (magic if kind == "magic" else level is not None and kind > level)
    ]


def _by_word(text: str, words: WordList) -> Iterator[tuple[int, int, Kind]]:
    tokens = words_in(text)
    by_word, by_stem = words.by_word, words.by_stem
    after_last = 0
    for index, (start, _, word) in enumerate(tokens):
        entries = by_word.get(word, ()) + by_stem.get(stem_key(word), ())
        if not entries or index < after_last:
            continue
        matching = [entry for entry in entries if _matches(entry, text, tokens, index)]
        if matching:
            longest = max(matching, key=lambda entry: len(entry.words))
            after_last = index + len(longest.words)
            is_title = (
                longest.kind == MAGIC and len(longest.words) == 1 and _is_of_something(tokens, after_last)
            )
            if not is_title and not _is_denied_by_words(text, tokens, index, words):
                yield start, tokens[after_last - 1][1], longest.kind


def _is_of_something(tokens: list[tuple[int, int, str]], index: int) -> bool:
    """Return whether a term has its field behind it, as in "the wizard of the kitchen", which is an image."""
    behind = [word for _, _, word in tokens[index : index + 3]]
    return len(behind) > 1 and behind[0] in _OF and _COURTS.isdisjoint(behind)


def _matches(entry: Entry, text: str, tokens: list[tuple[int, int, str]], index: int) -> bool:
    stem, is_open = entry.words[0]
    word = tokens[index][2]
    if not (word.startswith(stem) if is_open else word == stem):
        return False
    if entry.is_capital and not text[tokens[index][0]].isupper():
        return False
    end = tokens[index][1]
    for stem, is_open in entry.words[1:]:
        index += 1
        if index == len(tokens):
            return False
        start, stop, word = tokens[index]
        if not (word.startswith(stem) if is_open else word == stem) or not _GAP.fullmatch(text, end, start):
            return False
        end = stop
    return True


def _is_denied_by_words(text: str, tokens: list[tuple[int, int, str]], index: int, words: WordList) -> bool:
    """Return whether a negation or comparison stands before the term, in the same clause and with few words between."""
    start = tokens[index][0]
    for between, last in enumerate(range(index - 1, max(-1, index - 2 - _WORDS_AFTER_NEGATION), -1)):
        if _CLAUSE_END.search(text, tokens[last][1], start):
            return False
        for first in range(last, max(-1, last - _LONGEST_PHRASE), -1):
            phrase = " ".join(word for _, _, word in tokens[first : last + 1])
            if phrase in words.negations or (
                between <= _WORDS_AFTER_COMPARISON and phrase in words.comparisons
            ):
                return True
    return False


def _by_sign(text: str, code: str, words: WordList) -> Iterator[tuple[int, int, Kind]]:
    position = 0
    while position < len(text):
        for term, kind in words.by_sign.get(text[position], ()):
            end = position + len(term)
            if text.startswith(term, position) and _is_whole(text, position, end, code):
                if not _is_denied_by_signs(text, position, end, words):
                    yield position, end, kind
                position = end
                break
        else:
            position += 1


def _is_whole(text: str, start: int, end: int, code: str) -> bool:
    """Return whether the term is no part of a longer word, as far as the signs beside it tell."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if code == "ko":
        is_long = end - start > 2
        return not _HANGUL.match(before) and (is_long or _PARTICLES.match(text, end) is not None)
    if code == "ja":
        is_long = end - start > 4
        opens = _KATAKANA.match(text[start]) and before and _KATAKANA.match(before)
        goes_on = _KATAKANA.match(text[end - 1]) and after and _KATAKANA.match(after)
        return not opens and (is_long or not goes_on)
    return True


def _is_denied_by_signs(text: str, start: int, end: int, words: WordList) -> bool:
    before = text[max(0, start - _LOOK_BEHIND) : start]
    for phrase in words.negations | words.comparisons:
        at = before.rfind(phrase)
        between = before[at + len(phrase) :] if at >= 0 else ""
        if at >= 0 and len(between) <= _SIGNS_BETWEEN and not _CLAUSE_END.search(between):
            return True
    return text.startswith(words.after, end) or text.startswith(words.after, end + 1)
