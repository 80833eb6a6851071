"""Signal of words that mix alphabets, hide signs or are spelled with styled letters: other checks cannot read them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from agents.engine.confidence.signals import Signal, bad
from agents.engine.text.lazy_pattern import lazy_pattern
from universes.invisible import INVISIBLE_CLASS

_MAX_SHOWN: Final = 5
_MAX_WORD_CHARS: Final = 40

# Alphabets with letters that look like those of another of them.
_ALIKE: Final = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
# Scripts whose words stand next to Latin ones without a space, as in "Tシャツ".
_JOINED: Final = frozenset(
    {
        "CJK",
        "HIRAGANA",
        "KATAKANA",
        "KATAKANA-HIRAGANA",
        "HALFWIDTH",
        "IDEOGRAPHIC",
        "BOPOMOFO",
        "HANGUL",
        "YI",
    }
    | {"THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "JAVANESE"}
)
# First words of the names of letters in a style, such as "MATHEMATICAL BOLD SMALL A".
_STYLES: Final = frozenset(
    {
        "MATHEMATICAL",
        "DOUBLE-STRUCK",
        "SCRIPT",
        "BLACK-LETTER",
        "CIRCLED",
        "PARENTHESIZED",
        "SQUARED",
        "NEGATIVE",
    }
    | {"MODIFIER", "SUPERSCRIPT", "SUBSCRIPT"}
)
# Signs that the spelling of no script needs, and scripts that do not need the others either.
_NEVER_NEEDED: Final = lazy_pattern("[\u00ad\u200b\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]")
_NEEDS_NONE: Final = _ALIKE | {"GEORGIAN"}
_NEEDS_FEW: Final = _NEEDS_NONE | {"ARABIC", "HEBREW", "HANGUL"}

# Without characters beyond U+FFFF, with which the search takes ten times as long.
_SUSPECT: Final = lazy_pattern(
    "[\u00aa\u00ad\u00ba\u0251\u0261\u0262\u0299\u029c\u029f\u180b-\u180e\u2160-\u217f\u0300-\u10ff\u1100-\u11ff\u13a0-\u13ff\u16a0-\u16ff\u1d00-\u1dbf\u1f00-\u1fff\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2070-\u209c\u20d0-\u20ef\u2102-\u2138\u24b6-\u24e9\u2c80-\u2cff\u3164\ua4d0-\ua4ff"
    "\ua730\ua731\uab70-\uabbf\ufe00-\ufe0f\ufeff\uff21-\uff3a\uff41-\uff5a]"
)
# Most words of most texts.
_PLAIN: Final = lazy_pattern(
    "[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+|[\u0400-\u052f]+|[\u0370-\u03ff\u1f00-\u1fff]+|[\u0531-\u0587]+"
    "|[\u05d0-\u05ea]+|[\u0600-\u06ff]+|[\u0900-\u10ff]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_ENCLOSED: Final = "\u24b6-\u24e9\U0001f110-\U0001f189"
_WORD: Final = lazy_pattern(
    rf"(?:[^\W\d_]|[{_ENCLOSED}])(?:[^\W\d_]|[{_ENCLOSED}{INVISIBLE_CLASS}\u0300-\u036f\u20d0-\u20ef])+"
)
_INVISIBLE: Final = lazy_pattern(f"[{INVISIBLE_CLASS}]")
_OVERLAY: Final = lazy_pattern("[\u0334-\u0338\u20d0-\u20eb]")
_MARK: Final = lazy_pattern("[\u0300-\u036f\u20d0-\u20ef]")
# Letters of phonetics, numerals and ordinals that pass for a letter of the word around them.
_PHONETIC: Final = lazy_pattern("[ɑɡɢʙʜʟ]")
_TRANSCRIBED: Final = lazy_pattern(r"/[^/\s]+/|\[[^\[\]\s]+\]")
_IN_WORD: Final = lazy_pattern(
    "(?<=[A-Za-z])[\u2160-\u217f\u00aa\u00ba\u210a-\u2134](?=[a-z])|^[\u2170-\u217f](?=[a-z]{3})"
)
_IN_EASTERN_TEXT: Final = lazy_pattern("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_GREEK_LIKE_LATIN: Final = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ")
_CYRILLIC_LIKE_LATIN: Final = frozenset("АВЕКМНОРСТХУІЈЅаеорсухіјѕ")
_LATIN_LIKE_CYRILLIC: Final = frozenset("ABCEHKMOPTXYaceopxy")


def scripts(*texts: str) -> tuple[Signal, ...]:
    """Return the signal of the words in ``texts`` that no check can read; no signal if there are none."""
    found = {word: why for text in texts for word, why in mixed_words(text)}
    if not found:
        return ()
    shown = "; ".join(f"“{word}” ({why})" for word, why in list(found.items())[:_MAX_SHOWN])
    more = " And others." if len(found) > _MAX_SHOWN else ""
    return (bad("scripts", 0.0, f"Words with look-alike characters: {shown}.{more}"),)


def mixed_words(text: str) -> list[tuple[str, str]]:
    """Return the first words that mix alphabets, hide signs or have styled letters, each with the reason.

    Units and symbols such as "μm", words of East Asian texts, and signs that a script needs are innocent.
    """
    if text.isascii() or not (_SUSPECT.search(text) or _has_rare_characters(text)):
        return []
    found: list[tuple[str, str]] = []
    is_eastern = _IN_EASTERN_TEXT.search(text) is not None
    pieces = dict.fromkeys(piece for piece in text.split() if not piece.isascii())
    for word in (word for piece in pieces for word in _WORD.findall(_TRANSCRIBED.sub(" ", piece))):
        if not word.isascii() and not _PLAIN.fullmatch(word) and (why := _why(word, is_eastern)):
            found.append((_INVISIBLE.sub("", word)[:_MAX_WORD_CHARS], why))
            if len(found) > _MAX_SHOWN:
                break
    return found


def _has_rare_characters(text: str) -> bool:
    """Return whether ``text`` has characters beyond U+FFFF, which take four bytes."""
    return len(text.encode("utf-16-le", "replace")) > 2 * len(text)


def _why(word: str, is_eastern: bool) -> str:
    signs = _INVISIBLE.sub("", word)
    if len(signs) < len(word) and (hidden := _hidden(word)):
        return f"hidden sign U+{ord(hidden):04X}"
    marks = len(_MARK.findall(signs))
    if marks and (len(_OVERLAY.findall(signs)) > 1 or marks >= max(4, 2 * (len(signs) - marks))):
        return "marks over the letters"
    if _IN_WORD.search(signs) or _is_phonetic(signs):
        return "letters that only look alike"
    letters = [(script, letter) for letter in signs if (script := _script(letter))]
    runs = [
        (script, "".join(letter for _, letter in run))
        for script, run in groupby(letters, lambda pair: pair[0])
    ]
    return _style(runs, is_eastern) or _mixture(runs)


def _is_phonetic(word: str) -> bool:
    """Return whether a plain word of some length has single letters of phonetics, and is no transcription."""
    rest = _PHONETIC.sub("", word)
    return len(rest) < len(word) and len(rest) > 2 and rest.isascii()


def _hidden(word: str) -> str:
    """Return the first invisible sign between two letters whose scripts do not need it, or nothing."""
    letters = [
        character for character in word if not _INVISIBLE.match(character) and not _MARK.match(character)
    ]
    scripts_around = {_script(letter) for letter in letters}
    inner = word[: word.rindex(letters[-1])] if letters else ""
    for match in _INVISIBLE.finditer(inner):
        allowed = _NEEDS_FEW if _NEVER_NEEDED.match(match.group()) else _NEEDS_NONE
        if scripts_around <= allowed:
            return match.group()
    return ""


def _style(runs: Sequence[tuple[str, str]], is_eastern: bool) -> str:
    styled = sum(len(letters) for script, letters in runs if script in _STYLES)
    latin = sum(len(letters) for script, letters in runs if script == "LATIN")
    wide = sum(len(letters) for script, letters in runs if script == "FULLWIDTH")
    small = sum(len(letters) for script, letters in runs if script == "SMALL CAPITAL")
    if (
        styled > 2
        or small > 1
        or (small and latin > 1)
        or (latin > 1 and any(script == "MATHEMATICAL" for script, _ in runs))
    ):
        return "styled letters"
    return "full-width letters" if wide and (latin or (wide > 1 and not is_eastern)) else ""


def _mixture(runs: Sequence[tuple[str, str]]) -> str:
    present = list(dict.fromkeys(script for script, _ in runs))
    alike = [script for script in present if script in _ALIKE]
    if len(alike) > 1 and not _is_symbol(runs) and not _is_abbreviation(runs):
        return " and ".join(script.capitalize() for script in alike)
    for (before, _), (script, _), (after, _) in zip(runs, runs[1:], runs[2:], strict=False):
        if before == after == "LATIN" and script not in _ALIKE | _JOINED | _STYLES:
            return f"Latin and {script.capitalize()}"
    return ""


def _is_symbol(runs: Sequence[tuple[str, str]]) -> bool:
    """Return whether one or two Greek letters are a symbol before or after Latin ones: "μSv", "kΩ", "Ωmega"."""
    if len(runs) != 2 or {script for script, _ in runs} != {"GREEK", "LATIN"}:
        return False
    (first, start), (_, end) = runs
    greek, latin = (start, end) if first == "GREEK" else (end, start)
    if len(greek) > 2:
        return False
    is_short = len(greek) + len(latin) <= 3
    is_prefix = first == "GREEK" and greek.islower() and latin[0].isupper()
    return is_short or is_prefix or _GREEK_LIKE_LATIN.isdisjoint(greek)


def _is_abbreviation(runs: Sequence[tuple[str, str]]) -> bool:
    """Return whether a Latin abbreviation has a Cyrillic ending, as in "SMSка"."""
    if [script for script, _ in runs] != ["LATIN", "CYRILLIC"]:
        return False
    (_, latin), (_, ending) = runs
    return (
        len(latin) > 1
        and latin.isupper()
        and ending.islower()
        and not _LATIN_LIKE_CYRILLIC.issuperset(latin)
        and not _CYRILLIC_LIKE_LATIN.issuperset(ending)
    )


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """Return the first word of a letter's name, which is its script or style; nothing for marks and symbols."""
    name = unicodedata.name(letter, "")
    if name.startswith("LATIN LETTER SMALL CAPITAL") and letter > "\u1cff":
        return "SMALL CAPITAL"
    # Numbers, the micro sign, ordinals, and the signs of units are symbols.
    if (
        letter.isnumeric()
        or unicodedata.category(letter) == "Mn"
        or name.endswith((" SIGN", "ORDINAL INDICATOR"))
    ):
        return ""
    return name.split(" ")[0]
