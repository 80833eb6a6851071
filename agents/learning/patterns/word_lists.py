"""Words that patterns in English texts are told by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERSONS: Final[Mapping[str, frozenset[str]]] = {
    "first": _words("i me my mine myself we us our ours ourselves i'm i’m i'd i’d i've i’ve i'll i’ll"),
    "second": _words(
        "you your yours yourself yourselves you're you’re you'd you’d you've you’ve you'll you’ll"
    ),
    "third": _words("he him his himself she her hers herself they them their theirs themselves"),
}

# Too common to be what an editor objects to.
COMMON_WORDS: Final = _words("""
a about above across after again against all almost alone along already also although always among an and
another any anyone anything are around as asked at away back be became because been before began behind being
below beneath beside between beyond both but by came can come could did do does done down each either else
enough even ever every everything few first for from gave get go goes going gone good got had has have he her
here hers herself him himself his how i if in inside into is it its itself just keep kept knew know last left
less let like little long look looked made make many may me might more most much must my near never new next no
nobody none nor not nothing now of off often old on once one only onto or other others our out outside over own
part past put quite rather really right said same saw say says see seem seemed shall she should since so some
someone something still stood such take than that the their them themselves then there these they thing things
this those though three through to told too took toward towards turned two under until up upon us very was way
we well went were what when where which while who whole whom whose why will with within without would yes yet
you your yours yourself
""")

# Of notes: what is said of any text.
NOTE_WORDS: Final = COMMON_WORDS | _words("""
avoid bad better change chapter doesn't doesnt doesn’t don't dont don’t feel feels isn't isn’t it's it’s line
lines need needs paragraph paragraphs passage piece please prefer prefers read reader reads reviewer rewrite
scene scenes sentence sentences sound sounds story style text texts that's that’s title use used using want
wanted wants word words write writes writing written wrong wrote
""")

_OUR = "armor behavior color favor favorite flavor glamor harbor honor humor labor neighbor odor parlor rumor savior"
_OUR_MORE = "savor splendor valor vapor vigor ardor clamor endeavor fervor rancor candor tumor"
_ER = "caliber center fiber liter luster meager meter saber scepter sepulcher somber specter theater"
_IZE = (
    "apologize authorize civilize criticize emphasize harmonize memorize organize realize recognize symbolize"
)
_OTHERS: Final = {
    "gray": "grey",
    "grayer": "greyer",
    "grayish": "greyish",
    "defense": "defence",
    "offense": "offence",
    "pretense": "pretence",
    "traveled": "travelled",
    "traveler": "traveller",
    "travelers": "travellers",
    "traveling": "travelling",
    "leveled": "levelled",
    "marveled": "marvelled",
    "signaled": "signalled",
    "jewelry": "jewellery",
    "plow": "plough",
    "mold": "mould",
    "moldy": "mouldy",
    "skeptical": "sceptical",
    "aging": "ageing",
    "woolen": "woollen",
    "fulfill": "fulfil",
    "skillful": "skilful",
    "cozy": "cosy",
}


def _inflected(american: str, british: str, endings: str) -> dict[str, str]:
    return {american + ending: british + ending for ending in ("", *endings.split())}


def _forms() -> dict[str, str]:
    forms = dict(_OTHERS)
    for word in f"{_OUR} {_OUR_MORE}".split():
        forms |= _inflected(word, word.replace("or", "our", 1), "s ed ing less ful able")
    for word in _ER.split():
        forms |= {word: f"{word[:-2]}re", f"{word}s": f"{word[:-2]}res", f"{word}ed": f"{word[:-2]}red"}
    for word in _IZE.split():
        stem, british = word[:-1], f"{word[:-2]}s"
        forms |= {stem + ending: british + ending for ending in ("e", "es", "ed", "ing")}
    return forms


# American spellings with the British ones.
AMERICAN: Final[Mapping[str, str]] = _forms()
BRITISH: Final = frozenset(AMERICAN.values())
