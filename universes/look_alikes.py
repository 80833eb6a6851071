"""Names in letters that look like those of another alphabet; plain Python, for the agents' engine as well."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Cyrillic and Greek letters that look like Latin ones, with these.
LOOK_ALIKES: Final = str.maketrans(
    "АВЕКМНОРСТХУІЈЅԌԚԜаеорсухіјѕһԁԛԝӏɡɑ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοινκρυχϲ",
    "ABEKMHOPCTXYIJSGQWaeopcyxijshdqwlga" + "ABEZHIKMNOPTYXaoivkpuxc",
)
# Alphabets with letters that look like those of another of them.
ALPHABETS: Final = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
_WORD: Final = re.compile(r"[^\W\d_]+")


def as_read(name: str) -> str:
    """Return a name with Latin letters for those that look like them."""
    return unicodedata.normalize("NFKC", name).translate(LOOK_ALIKES)


def mixed_alphabets(name: str) -> tuple[str, ...]:
    """Return the alphabets of the first word that has letters of several, such as Cyrillic and Latin; or nothing."""
    for word in _WORD.findall(name):
        alphabets = {unicodedata.name(letter, "").split(" ")[0] for letter in word}
        found = sorted(alphabet.capitalize() for alphabet in alphabets & ALPHABETS)
        if len(found) > 1:
            return tuple(found)
    return ()
