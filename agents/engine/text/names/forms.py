"""Forms that a name takes in languages that inflect names, and the folding of each script."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern

# Endings that replace the ending of the nominative, or follow a consonant.
_CYRILLIC: Final = (
    "а я у ю ы и і е є ї о ой ою ей ею ом ем єм ові еві ь ого его ому ему ым им ім ая яя ую юю ин ина ине ину"
)
_GREEK: Final = "οσ ου ο ον ε ησ η ην ασ α αν ευσ εα εασ εωσ ουσ ω ωσ ισ ι ιδοσ υσ υ"
_REPLACING: Final[Mapping[str, str]] = {
    "pl": "a ą ę y i o e ie u owi em iem ego iego emu iemu im ym ii ię ią io",
    "cs": "a y ě e u ou o em ovi i í é ů ém ého ému ým",
    "sk": "a y e u ou o om ovi i í ej ého ému ým",
    "sl": "a e i o u om em",
    "hr": "a e i o u om em",
    "sr": "a e i o u om em",
    "bs": "a e i o u om em",
    "la": "a ae am as is i o um e em us orum arum os",
    "lt": "as is us o ui ą u e ai a ės ei ę ys io iui į",
    "lv": "s is us a u ā am um ī im es ei ē",
}
# Endings that follow the whole name, whose last vowel may become long.
_ADDED: Final[Mapping[str, str]] = {
    "fi": "n a ä an än lle lla llä lta ltä ksi na nä ssa ssä sta stä tta ttä in hin iin en ta tä",
    "et": "t le l lt ga ks s st sse ta na",
    "hu": (
        "t ot et öt at nak nek val vel ban ben ba be ra re ról ről tól től hoz hez höz nál nél ért ig é on en ön n"
    ),
    "tr": "nın nin nun nün ın in un ün yı yi yu yü ı i u ü ya ye a e da de ta te dan den tan ten yla yle la le",
    **dict.fromkeys(("de", "sv", "da", "no", "nl", "en"), "s"),
}
_VOWELS: Final = "аяоеёиыйьуюіїєaeiouyąęäöåáéíóúýěůāēīū"
_NOMINATIVE: Final = {
    "la": ("us", "is", "um", "as", "es", "a", "o"),
    "lt": ("as", "is", "us", "ys", "a", "ė"),
    "lv": ("is", "us", "s", "a", "e"),
}
_ADJECTIVE: Final = lazy_pattern(r"(?:ий|ый|ой|ая|яя|i|y|ý|á)$")
_GREEK_NOMINATIVE: Final = lazy_pattern(r"(?:ευσ|οσ|ησ|ασ|ουσ|ισ|υσ|α|η|ο|ω|ι)$")
# Павел, Павла; Marek, Marka.
_FLEETING: Final = lazy_pattern(
    r"(?<=[^аеиоуыэюяaeiouy])(?:ие|е|о|ё|ie|e)(?=[бвгджзклмнпрстфхцчшщbcdfghjklłmnprstvwz]$)"
)
_MIN_STEM: Final = 3
_MARKS: Final = lazy_pattern(r"[\u0300-\u036f]")
_ARABIC_MARKS: Final = lazy_pattern(r"[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_ARABIC_LETTERS: Final = str.maketrans("أإآٱىة", "اااايه")
_HEBREW_MARKS: Final = lazy_pattern(r"[\u0591-\u05c7]")


def plain(text: str, script: str) -> str:
    """Return ``text`` in composed letters, without the marks that Arabic and Hebrew may leave out."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if script == "arabic":
        return _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS)
    return _HEBREW_MARKS.sub("", text) if script == "hebrew" else text


def folded(text: str, script: str) -> str:
    """Return plain ``text`` without case, Greek accents and the final sigma, letter for letter."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    if script == "greek":
        lower = "".join(
            letter if letter.isascii() else unicodedata.normalize("NFD", letter)[0] for letter in lower
        )
        return lower.replace("ς", "σ")
    return lower.replace("ё", "е") if script == "cyrillic" else lower


def without_marks(text: str) -> str:
    return text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFD", text))


@lru_cache(maxsize=1024)
def forms_of(name: str, script: str, code: str) -> frozenset[str]:
    """Return the forms of a folded name of one word that surely are forms of it.

    ``code`` is the language of the text, on which the endings in Latin letters depend.
    """
    if script == "greek":
        return _with(_GREEK_NOMINATIVE.sub("", name), _GREEK) | {name}
    if script == "cyrillic":
        return _inflected(name, _CYRILLIC)
    if code in _REPLACING:
        endings = _REPLACING[code]
        for ending in _NOMINATIVE.get(code, ()):
            if name.endswith(ending):
                return _with(name.removesuffix(ending), endings) | {name}
        return _inflected(name, endings)
    long = name.translate(str.maketrans("ae", "áé")) if code == "hu" else name
    stems = {name, name[:-1] + long[-1]}
    return frozenset({name}.union(*(_with(stem, _ADDED.get(code, "")) for stem in stems)))


def _inflected(name: str, endings: str) -> frozenset[str]:
    """Return the forms of a name whose last vowel is the ending of the nominative, or that ends in a consonant."""
    adjective = _ADJECTIVE.search(name)
    stems = (
        {name[: adjective.start()]} if adjective else {name.rstrip(_VOWELS) if name[-1] in _VOWELS else name}
    )
    stems.add(name[:-1] if name[-1] in _VOWELS else _FLEETING.sub("", name))
    return frozenset({name}.union(*(_with(stem, endings) for stem in stems)))


def _with(stem: str, endings: str) -> frozenset[str]:
    return frozenset(stem + ending for ending in endings.split()) if len(stem) >= _MIN_STEM else frozenset()
