"""Languages of the parts of a text, as when an answer slips into another language halfway."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from functools import partial
from itertools import groupby, pairwise
from typing import Final

from agents.engine.text.languages.detection import are_near, is_english, language_of, weight_of
from agents.engine.text.lazy_pattern import lazy_pattern

# The text is divided into windows: this many at most, of this many bytes at least. Every third is read, and the last; a
# part is longer than two windows or lasts to the end. Only if these differ are the others read too.
_MAX_WINDOWS: Final = 12
_WINDOW_BYTES: Final = 200
_STRIDE: Final = 3
_READ_CHARS: Final = 300

# A part in another language has this many letters, and this share of the text; less is a song, a letter or an oath.
# What lasts to the end need not be as much: it is no quotation that the text returns from.
_MIN_LETTERS: Final = 200
_MIN_SHARE: Final = 0.25
_MIN_LAST_LETTERS: Final = 150
_MIN_LAST_SHARE: Final = 0.15

# Speech and songs may be in any language.
_QUOTED: Final = lazy_pattern(
    r"“[^“”]{1,600}”|\"[^\"\n]{1,600}\"|«[^«»]{1,600}»|„[^„“”]{1,600}[“”]|「[^「」]{1,600}」"
    r"|\*[^*\n]{1,600}\*|\b_[^_\n]{1,600}_\b"
)
_MIN_NARRATED: Final = 30
_SENTENCE_START: Final = lazy_pattern(r"(?:[.!?…][”\"’»)\]*_]*\s|[。！？][」』”]*|\n)\s*(?=\S)")
_PROBE_CHARS: Final = 200


def parts_in(text: str) -> list[tuple[int, int, str]]:
    """Return the parts of ``text`` as (start, end, language), in order and without a gap; none if it is undecided.

    Nearly every text is one part. Quotations, songs and a few sentences in another language are not a part. Costs
    nearly the same for each length.
    """
    windows = _windows(text)
    looked_at = [*windows[::_STRIDE], windows[-1]]
    if (code := _only_language([_language_of_window(text, *window) for window in looked_at])) is not None:
        return [(0, len(text), code)]
    languages = [_language_of_window(text, *window) for window in windows]
    told = Counter(code for code in languages if code is not None)
    if not told:
        code = language_of(text)
        return [(0, len(text), code)] if code else []

    main = told.most_common(1)[0][0]
    narrated = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    runs = [
        (start, end, code if code == main else _language_narrated(narrated[start:end], code, main))
        for start, end, code in _runs(windows, languages, main)
    ]
    return _large_parts(text, _refined(text, _joined(runs)), main)


def _only_language(languages: list[str | None]) -> str | None:
    """Return the language of all, or None if one is undecided or different."""
    first = languages[0]
    return first if first is not None and all(code and are_near(code, first) for code in languages) else None


def _windows(text: str) -> list[tuple[int, int]]:
    count = max(1, min(_MAX_WINDOWS, len(text.encode("utf-8", "replace")) // _WINDOW_BYTES))
    cuts = [len(text) * index // count for index in range(count + 1)]
    return list(pairwise(cuts))


def _language_of_window(text: str, start: int, end: int) -> str | None:
    middle = max(start, (start + end - _READ_CHARS) // 2)
    window = text[middle : min(end, middle + _READ_CHARS)]
    # Few words may have a low share of function words by chance. The text before them helps; it would not help words of
    # another language, because half of each is not English enough.
    if is_english(window) or is_english(text[max(0, middle - _READ_CHARS) : middle + len(window)]):
        return "en"
    return language_of(window)


def _language_narrated(narrated: str, code: str, main: str) -> str:
    """Return ``code``, the language of a run, or ``main`` if only its quotations are in that language."""
    found = language_of(narrated) if sum(map(str.isalpha, narrated)) >= _MIN_NARRATED else None
    return code if found is not None and are_near(found, code) else main


def _runs(
    windows: list[tuple[int, int]], languages: list[str | None], main: str
) -> list[tuple[int, int, str]]:
    """Return neighbours of one language as one run; a window that is undecided goes with the one before it."""
    filled: list[tuple[int, int, str]] = []
    code = main
    for (start, end), told in zip(windows, languages, strict=True):
        code = code if told is None else main if are_near(told, main) else told
        filled.append((start, end, code))
    return _joined(filled)


def _joined(parts: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    groups = [list(group) for _, group in groupby(parts, key=lambda part: part[2])]
    return [(group[0][0], group[-1][1], group[0][2]) for group in groups]


def _refined(text: str, runs: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Move the limits between runs to the sentence in which the language changes."""
    size = runs[-1][1] // _MAX_WINDOWS + _WINDOW_BYTES
    parts: list[tuple[int, int, str]] = []
    start = 0
    for (_, end, code), (_, next_end, following) in pairwise(runs):
        low, high = max(start, end - size), min(next_end, end + size)
        sentences = [low + match.end() for match in _SENTENCE_START.finditer(text[low:high])]
        first = bisect_left(sentences, True, key=partial(_is_in, following, text))
        # What follows outweighs a short last sentence of the language before.
        if first + 1 < len(sentences) and _is_in(code, text[: sentences[first + 1]], sentences[first]):
            first += 1
        cut = sentences[first] if first < len(sentences) else end
        parts.append((start, cut, code))
        start = cut
    return [*parts, (start, len(text), runs[-1][2])]


def _is_in(code: str, text: str, start: int) -> bool:
    found = language_of(text[start : start + _PROBE_CHARS])
    return found is not None and are_near(found, code)


def _large_parts(text: str, parts: list[tuple[int, int, str]], main: str) -> list[tuple[int, int, str]]:
    """Give parts that are too small to the main language."""
    whole = weight_of(text)
    kept: list[tuple[int, int, str]] = []
    for start, end, code in parts:
        weight = weight_of(text[start:end])
        if end == len(text):
            is_large = weight >= max(_MIN_LAST_LETTERS, _MIN_LAST_SHARE * whole)
        else:
            is_large = weight >= max(_MIN_LETTERS, _MIN_SHARE * whole)
        kept.append((start, end, code if is_large else main))
    return _joined(kept)
