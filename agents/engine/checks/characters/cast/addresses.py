"""Words of kinship by which speakers address somebody: "“Aunt Agnes,” said Lucy"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, NamedTuple

from agents.engine.checks.characters.cast.own_words import hearer_behind, speaker_of
from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.mentions import Mention


class Address(NamedTuple):
    """The person ``meant``, what they are to the ``speaker`` (a class of KIN), and the span of the word."""

    meant: Person
    speaker: Person
    kin: str
    span: tuple[int, int]


_ADDRESSES: Final = {
    "aunt": "aunt", "auntie": "aunt", "uncle": "aunt", "cousin": "cousin", "grandmother": "grandparent",
    "grandfather": "grandparent", "granny": "grandparent", "grandma": "grandparent", "grandpa": "grandparent",
    "grandson": "grandchild", "granddaughter": "grandchild", "nephew": "niece", "niece": "niece",
}  # fmt: skip
# "Aunt Agnes, …", "Yes, Uncle.": set off by a comma or the end of the speech.
_ADDRESS: Final = lazy_pattern(rf"(?:^|, )(?P<kin>{'|'.join(_ADDRESSES)})(?= [A-Z]|[,.!?…]|$)", re.IGNORECASE)


def _hearer(cast: Cast, behind: int, end: int) -> Mention | None:
    """Return whom the word of kinship before ``behind`` calls: the name next to it, or that in "said Ruth to Gavin"."""
    plain, mentions = cast.reading.plain, cast.mentions
    if plain[behind : behind + 1] == " ":
        at = bisect_left(mentions, behind + 1, key=lambda mention: mention.start)
        named = mentions[at] if at < len(mentions) else None
        is_called = named is not None and named.start == behind + 1 and plain[named.end] in ',.!?…”"'
        return named if is_called else None
    return hearer_behind(cast, end)


def addresses(cast: Cast) -> Iterator[Address]:
    """Yield what speakers call those to whom they speak: "“Aunt Agnes,” said Lucy"."""
    plain = cast.reading.plain
    for start, end in cast.reading.speeches_with(_ADDRESSES.keys()):
        for found in _ADDRESS.finditer(plain[start + 1 : end - 1].rstrip()):
            behind = start + 1 + found.end()
            speaker = speaker_of(cast, start, end)
            named = _hearer(cast, behind, end)
            if speaker is None or named is None:
                continue
            meant, kin = cast.person_of(named), _ADDRESSES[found["kin"].lower()]
            if meant is not speaker:
                yield Address(meant, speaker, kin, (start + 1 + found.start("kin"), behind))
