"""Names in a text, for the scripts and languages whose words do not stand alone or change their endings.

An answer is True, False, or None where the script does not tell: 龙 in 恐龙 is half a word, or somebody called 龙.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.forms import folded, forms_of, plain, without_marks

_SCRIPTS: Final = {
    "latin": lazy_pattern(r"[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]"),
    "cyrillic": lazy_pattern(r"[\u0400-\u052f]"),
    "greek": lazy_pattern(r"[\u0370-\u03ff\u1f00-\u1fff]"),
    "arabic": lazy_pattern(r"[\u0620-\u06ff]"),
    "hebrew": lazy_pattern(r"[\u05d0-\u05ea]"),
    "hangul": lazy_pattern(r"[\uac00-\ud7a3]"),
    "kana": lazy_pattern(r"[\u3041-\u30fa\u30fc]"),
    "han": lazy_pattern(r"[\u3400-\u4dbf\u4e00-\u9fff]"),
}
_SIGNS: Final = frozenset({"kana", "han"})
_READ_CHARS: Final = 2_000

_WORD: Final = lazy_pattern(r"\w+")
_SENTENCE_LIMITS: Final = frozenset('.!?…:;\n“”"„«»—–')
_PARTS: Final = lazy_pattern(r"[\s·・‧]+")

# Parts of a name that identify nobody.
_TITLE_WORDS: Final = (
    "captain doctor lord lady king queen prince princess father mother brother sister frau herr könig königin graf "
    "gräfin don doña señor señora rey reina monsieur madame mademoiselle roi reine comte signor signora conte dom dona "
    "pan pani król князь княгиня граф графиня король королева царь господин госпожа отец "
    "the von van der den de la le el al bin ibn"
)
_TITLES: Final = frozenset(_TITLE_WORDS.split())

# Words that stand before a Hebrew or Arabic name without a space: and, the, in, to, as, from, that.
# The letters, the prefixes, and the length from which a name is no accident within another word.
_PREFIXES: Final = {
    "hebrew": (_SCRIPTS["hebrew"], lazy_pattern(r"[ושהבלכמ]{0,2}"), 3),
    "arabic": (_SCRIPTS["arabic"], lazy_pattern(r"[وف]?(?:ب|ل|ك)?"), 4),
}
_LONGEST_PREFIX: Final = 3
_LONGEST_GAP: Final = 8
_MIN_LETTERS: Final = 2
_KOREAN_FULL_NAME: Final = 3

_KOREAN_PARTICLES: Final = lazy_pattern(
    r"(?:이?씨|님|군|양|아|야|이)?(?:네|들)?(?:이라는|라는|이라고|라고|에게서|에게|한테서|한테|께서|께|에서|에|까지|부터|처럼|보다|이랑|랑|하고|마다"
    r"|조차|마저|밖에|뿐|으로|로|이다|였다|이었다|이며|이고|이나|나|이|가|을|를|은|는|의|와|과|도|만|여|이여)*"
)
_JAPANESE_NEXT: Final = lazy_pattern(
    r"さん|様|さま|くん|君|ちゃん|殿|先生|[はがをにのともへでや、。！？…」』・\s]|から|より|って|まで|だけ|$"
)
_KATAKANA: Final = lazy_pattern(r"[\u30a1-\u30fa\u30fc]")
# Hiragana that is no particle.
_HIRAGANA_INSIDE: Final = lazy_pattern(r"(?![はがをにのともへや])[\u3041-\u3096]")
# A Japanese text has kana so near to a name; a Chinese name of so many signs is no accident.
_NEARBY: Final = 30
_SURE_SIGNS: Final = 3
_CHINESE_NEXT: Final = lazy_pattern(
    r"[，。！？；：、…”」』》\s]|[说道问喊叫笑哭想看听走站坐跑点摇抬低转伸拿把被给对向和与跟同的地得也都就才还又再却便则在是有没不会能要将從从到去来进出回把"
    r"說問喊聽點搖轉對與還會來進將沒]|$"
)
_CHINESE_BEFORE: Final = lazy_pattern(
    r"(?:^|[，。！？；：、…“”「『《（\s\n]|[对向和与跟同把被给让叫是的了着看见對與給讓見])$"
)


class _Word(NamedTuple):
    letters: str
    is_capital: bool
    opens_sentence: bool


def name_is_in(name: str, text: str, code: str | None = None) -> bool | None:
    """Return whether ``text`` names the bearer of ``name``, in full or by a distinctive part; None: cannot be told.

    ``code`` is the language of the text, which decides about endings in Latin letters. Linear in the text.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    parts = [part for part in _PARTS.split(name) if part]
    distinctive = [
        part
        for part in parts
        if part.lower() not in _TITLES and (len(parts) == 1 or part[0] == part[0].upper())
    ]
    answers = [_part_is_in(part, text, code) for part in distinctive or parts]
    if True in answers:
        return True
    return False if answers and None not in answers else None


def _part_is_in(part: str, text: str, code: str | None) -> bool | None:
    script = _script_of(part)
    if script is None:
        return True if part in text and len(part) > 3 else None
    if script in _SIGNS:
        answer = _signs_are_in(part, text, script)
    elif script == "hangul":
        answer = _korean_is_in(part, text)
    elif script in ("arabic", "hebrew"):
        answer = _prefixed_is_in(part, text, script)
    else:
        answer = _inflected_is_in(part, text, script, code or "")
    # A name can be written in the letters of the text: Mira, Мира.
    return None if answer is False and not _is_written_in(script, text) else answer


def _inflected_is_in(name: str, text: str, script: str, code: str) -> bool | None:
    name = folded(plain(name, script), script)
    forms = forms_of(name, script, code)
    start = name[: max(_MIN_LETTERS, min(4, len(name) - 2))]
    found = [word for word in _words_from(start, text, script) if word.letters in forms]
    if any(word.is_capital and not word.opens_sentence for word in found):
        return True
    if found:
        # Hope at the head of a sentence is a name, unless the text has hope as well.
        return True if all(word.is_capital for word in found) else None
    # A form that is not known, or a name whose marks were left out.
    return None if without_marks(start) in _without_marks(text, script) else False


def _prefixed_is_in(name: str, text: str, script: str) -> bool | None:
    name = plain(name, script)
    letters, prefix, min_letters = _PREFIXES[script]
    source, _ = _folded(text, script)
    places = list(_places(name, source))
    if len(name) >= min_letters:
        for place in places:
            first = place
            while first > 0 and place - first <= _LONGEST_PREFIX and letters.match(source[first - 1]):
                first -= 1
            if prefix.fullmatch(source, first, place) and not letters.match(source, place + len(name)):
                return True
    return None if places else False


def _korean_is_in(name: str, text: str) -> bool | None:
    hangul = _SCRIPTS["hangul"]
    # Of 김민수, the given name 민수 is enough.
    for called in (name, name[1:]) if len(name) == _KOREAN_FULL_NAME else (name,):
        if len(called) < _MIN_LETTERS:
            continue
        for place in _places(called, text):
            after = _KOREAN_PARTICLES.match(text, place + len(called))
            if (
                after
                and not hangul.match(text, max(0, place - 1), place)
                and not hangul.match(text, after.end())
            ):
                return True
    return None if (name[1:] or name) in text else False


def _places(name: str, text: str) -> Iterator[int]:
    place = text.find(name)
    while place >= 0:
        yield place
        place = text.find(name, place + 1)


def _words_from(start: str, text: str, script: str) -> Iterator[_Word]:
    """Yield the words that begin with ``start``."""
    source, letters = _folded(text, script)
    for place in _places(start, letters):
        if place > 0 and (letters[place - 1].isalnum() or letters[place - 1] == "_"):
            continue
        end = _WORD.match(letters, place)
        yield _Word(
            letters[place : end.end() if end else place],
            source[place].isupper(),
            _opens_sentence(source, place),
        )


def _opens_sentence(text: str, place: int) -> bool:
    before = place - 1
    while before >= 0 and not text[before].isalnum():
        if text[before] in _SENTENCE_LIMITS or place - before > _LONGEST_GAP:
            return True
        before -= 1
    return before < 0


def _signs_are_in(name: str, text: str, script: str) -> bool | None:
    places = [match.start() for match in re.finditer(re.escape(name), text)]
    if not places:
        return None if any(sign in text for sign in name) or _is_other_variant(name, text) else False
    if script == "han" and len(name) == 1:
        return None
    return True if any(_is_word(text, start, start + len(name)) for start in places) else None


def _is_word(text: str, start: int, end: int) -> bool:
    """Return whether the signs are surely a word of their own."""
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    if _KATAKANA.match(text[start]):
        return not _KATAKANA.match(before) and not _KATAKANA.match(after)
    if _SCRIPTS["kana"].match(text[start]):
        return not _HIRAGANA_INSIDE.match(before) and _JAPANESE_NEXT.match(after) is not None
    if _SCRIPTS["kana"].search(text[max(0, start - _NEARBY) : end + _NEARBY]):
        return not _SCRIPTS["han"].match(before) and _JAPANESE_NEXT.match(after) is not None
    if end - start >= _SURE_SIGNS:
        return True
    return _CHINESE_BEFORE.search(before) is not None and _CHINESE_NEXT.match(after) is not None


def _is_other_variant(name: str, text: str) -> bool:
    """Return whether name and text are in different variants of Chinese, as 龍 and 龙."""
    return not all(
        _fits(text[:_READ_CHARS], charset) for charset in ("gb2312", "big5") if _fits_only(name, charset)
    )


def _fits_only(name: str, charset: str) -> bool:
    other = "big5" if charset == "gb2312" else "gb2312"
    return _fits(name, charset) and not _fits(name, other)


def _fits(text: str, charset: str) -> bool:
    han = "".join(_SCRIPTS["han"].findall(text))
    return len(han.encode(charset, "ignore")) >= 1.9 * len(han)


def _script_of(part: str) -> str | None:
    return next((script for script, letters in _SCRIPTS.items() if letters.match(part)), None)


@lru_cache(maxsize=32)
def _is_written_in(script: str, text: str) -> bool:
    sample = text[:_READ_CHARS]
    letters = sum(map(str.isalpha, sample))
    scripts = _SIGNS if script in _SIGNS else (script,)
    return 2 * sum(len(_SCRIPTS[each].findall(sample)) for each in scripts) >= letters


@lru_cache(maxsize=4)
def _folded(text: str, script: str) -> tuple[str, str]:
    source = plain(text, script)
    return source, folded(source, script)


@lru_cache(maxsize=4)
def _without_marks(text: str, script: str) -> str:
    return without_marks(_folded(text, script)[1])
