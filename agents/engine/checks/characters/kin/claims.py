"""Kinship that a text tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from agents.engine.checks.characters.cast.addresses import addresses
from agents.engine.checks.characters.cast.descriptions import fits
from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.kin.forms import (
    ALL_KIN_WORDS,
    ALL_ROLES,
    MARRIED_TO,
    OF,
    OF_ROLE,
    PAIR,
    PAIR_WORDS,
    PAIRS,
    STATED,
)
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.text.vocabulary import KIN
from agents.engine.text.word_forms import folded


class Claim(NamedTuple):
    """A sentence of a text, at a span, that the ``subject`` is ``kin`` to somebody, who ``is_by_name`` in it.

    ``kin`` is a class of KIN, or "" for a word that does not fit the subject: a son who is a woman. A phrase, "her
    uncle Tom", tells it in a negation as well.
    """

    subject: Person
    other: Person
    kin: str
    span: tuple[int, int]
    in_speech: bool
    is_by_name: bool
    is_phrase: bool = False


# "Ruth's aunt, Agnes, kept the shop."
_CLOSED: Final = lazy_pattern(r",(?! (?:and|or|the|an?)\b| [\ue000-\uf8ff])")


def claims_in(cast: Cast) -> Mapping[frozenset[str], list[Claim]]:
    """Return what a text says of the kinship of two people, by their source ids."""
    claims: defaultdict[frozenset[str], list[Claim]] = defaultdict(list)
    for line in cast.lines_with(ALL_KIN_WORDS):
        for match, is_phrase in STATED.find(line.text):
            subject, whose = cast.person_at(line, match), cast.person_at(line, match, "whose")
            # "Agnes waved to her daughter, Ruth": the pronoun comes before the name.
            if subject is not None and whose is not None and subject[0] is not whose[0]:
                span = line.span(*match.span())
                in_speech = match.group()[0] in '“"'
                # In "Ruth's aunt, Tom and the cook" the name is the next of several people.
                is_phrase = is_phrase and (
                    "," not in match.group() or _CLOSED.match(line.text, match.end()) is not None
                )
                word = folded(match["kin"])
                kin = KIN[word] if not is_phrase or fits(word, subject[0].pronoun) else ""
                claim = Claim(subject[0], whose[0], kin, span, in_speech, whose[1], is_phrase)
                claims[frozenset((subject[0].source_id, whose[0].source_id))].append(claim)
    for pair, claim in (*_pairs(cast), *_addresses(cast), *_kin_of_roles(cast)):
        claims[pair].append(claim)
    return claims


def _kin_of_roles(cast: Cast) -> Iterator[tuple[frozenset[str], Claim]]:
    """Yield what a text says of somebody and a person whom it names by the role: "Edda, the smith's daughter"."""
    for line in cast.lines_with(ALL_KIN_WORDS, ALL_ROLES, OF):
        for match, _ in OF_ROLE.find(line.text):
            subject, other = cast.person_at(line, match), cast.bearer_of(match["role"].lower())
            if subject is not None and other is not None and subject[0] is not other:
                kin, span = KIN[folded(match["kin"])], line.span(*match.span())
                claim = Claim(subject[0], other, kin, span, in_speech=False, is_by_name=subject[1])
                yield frozenset((subject[0].source_id, other.source_id)), claim


def _addresses(cast: Cast) -> Iterator[tuple[frozenset[str], Claim]]:
    """Yield what the words say by which speakers address somebody: "“Aunt Agnes,” said Lucy"."""
    for meant, speaker, kin, span in addresses(cast):
        claim = Claim(meant, speaker, kin, span, in_speech=True, is_by_name=False)
        yield frozenset((meant.source_id, speaker.source_id)), claim


def _pairs(cast: Cast) -> Iterator[tuple[frozenset[str], Claim]]:
    """Yield what a text says of two people at once: "Ruth and Gavin were brother and sister"."""
    for line in cast.lines_with(PAIR_WORDS):
        for match in (found for pattern in (PAIR, MARRIED_TO) for found in pattern.finditer(line.text)):
            second = "2" if match.groupdict().get("pair2") else ""
            one, other = cast.person_at(line, match), cast.person_at(line, match, f"other{second}")
            if one is not None and other is not None and one[0] is not other[0]:
                words = match[f"pair{second}"].casefold()
                kin = next(kin for pattern, kin in PAIRS if pattern in words)
                claim = Claim(
                    one[0], other[0], kin, line.span(*match.span()), in_speech=False, is_by_name=True
                )
                yield frozenset((one[0].source_id, other[0].source_id)), claim


def is_told(reading: Reading, claim: Claim) -> bool:
    if claim.is_phrase and not claim.in_speech:
        return reading.is_presupposed(*claim.span)
    return reading.is_asserted(*claim.span, in_speech=claim.in_speech)
