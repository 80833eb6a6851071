"""Looks of characters: the colours of eyes, hair and beards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from agents.engine.checks.characters.cast.people import Cast, Line
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.cast.places import Places
from agents.engine.checks.characters.colour_forms import colour_forms
from agents.engine.checks.characters.looks_across_sentences import (
    ANY_COLOUR,
    COLOUR_WORDS,
    CONTINUED,
    NO_EYE_COLOUR,
    PASSING,
    continued,
    revealed,
)
from agents.engine.checks.characters.sole_person import FORMS as SOLE_FORMS
from agents.engine.checks.characters.sole_person import sole_person
from agents.engine.checks.finding import Finding
from agents.engine.text.colours import differ, is_other
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.stances.past import is_past, tells_of_past
from agents.engine.text.word_forms import folded, word_set

_IN_LIGHT: Final = lazy_pattern(r"\bunder the (?:\w+ )?(?:lamps?|lanterns?|neon|lights?)\b", re.IGNORECASE)
_MADE_UP: Final = lazy_pattern(
    r"\b(?:dye[ds]?|dyeing|wigs?|bleach\w*|paint\w*|lens\w*|bruis\w*|swell\w*|swollen"
    r"|bloodshot|rimmed)\b",
    re.IGNORECASE,
)
_ADORNED: Final = lazy_pattern(r"\b(?:ribbons?|feathers?)\b", re.IGNORECASE)
# In so many characters around it, these words tell of the colour.
_NEAR: Final = 40
_COVERED: Final = lazy_pattern(
    r"(?<!\bas )\b(?:powder\w*|flour|soot|ash|ashes|dust\w*|frost|snow\w*|chalk|plaster)\b", re.IGNORECASE
)
# Flour and dust make hair white or grey, soot black.
_COVERS: Final = frozenset({"white", "grey", "gray", "silver", "ashen"})
_SOOTY: Final = frozenset({"black", "grey", "gray", "dark"})
_SOOTED: Final = lazy_pattern(
    r"\b(?:soot\w*|ash|ashes|coal|tar|ink|mud|smoke|oil|powder\w*|dust\w*)\b", re.IGNORECASE
)
_EYES: Final = word_set("eye eyes eyed gaze stare glare glance")
_HAIR: Final = word_set("""
    hair haired head curl curls strand strands lock locks braid braids ponytail plait plaits fringe mane tresses bald
    beardless shaven redhead redheaded headed pigtail pigtails brunette blonde blond ginger
""")
_BEARD: Final = word_set("beard bearded whiskers")
_COLOURS: Final = (
    ("eyes", ("eyes", "eye colour", "eye color"), _EYES, colour_forms("eyes")),
    ("hair", ("hair", "hair colour", "hair color"), _HAIR, colour_forms("hair")),
    ("beard", ("beard", "beard colour", "beard color"), _BEARD, colour_forms("beard")),
)
# A text without any of them speaks of no looks.
LOOKS: Final = _EYES | _HAIR | _BEARD


def check_looks(cast: Cast) -> Iterator[Finding]:
    if not cast.reading.words.isdisjoint(LOOKS):
        yield from _colours(cast)


@lru_cache(maxsize=4096)
def _known_look(person: Person, part: str, keys: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the colour of a character's eyes or hair, and the statement of it, from the traits."""
    trait = person.trait(*keys)
    if trait is not None:
        return trait
    # A beard of which nothing is said is like the hair.
    is_bearded = part == "beard" and re.search(r"\bbeard", person.element.summary) is not None
    return _known_look(person, *_OF_HAIR) if is_bearded else None


_OF_HAIR: Final = _COLOURS[1][:2]


def _colours(cast: Cast) -> Iterator[Finding]:
    for part, keys, words, forms in _COLOURS:
        known = {
            id(person): look
            for person in cast.people.values()
            if (look := _known_look(person, part, keys)) is not None
        }
        if not known:
            continue
        places = Places()
        for line in cast.lines_with(words, COLOUR_WORDS):
            is_told = False
            for match, is_noun_phrase in forms.find(line.text):
                meant = cast.person_at(line, match, _who(match))
                is_told |= meant is not None
                if meant is None or id(meant[0]) not in known or not places.may_judge(line, meant[0]):
                    continue
                for finding in _other_colour(
                    cast, line, match, part, known[id(meant[0])], meant, is_noun_phrase
                ):
                    places.add(meant[0])
                    yield finding
            if not is_told:
                yield from _of_sole_person(cast, line, part, known)
        if part in CONTINUED:
            yield from continued(cast, part, known)
        yield from revealed(cast, part, known)


def _of_sole_person(
    cast: Cast, line: Line, part: str, known: dict[int, tuple[str, str]]
) -> Iterator[Finding]:
    """Yield another colour in a sentence whose only person is the owner, in words that no form has foreseen."""
    for match in SOLE_FORMS[part].finditer(line.text):
        person = sole_person(cast, line, match)
        look = known.get(id(person)) if person is not None else None
        if person is None or look is None:
            continue
        colour, others = match[match.lastgroup or "colour"], ANY_COLOUR.findall(look[0])
        span = line.span(*match.span())
        is_other_colour = bool(others) and all(differ(colour, other) for other in others)
        is_passing = (
            (part == "eyes" and folded(colour) in NO_EYE_COLOUR)
            or _MADE_UP.search(line.text)
            or _ADORNED.search(line.text)
            or PASSING.search(line.text[match.end() :])
            or cast.reading.is_in_frame(span[0])
        )
        if (
            is_other_colour
            and not is_passing
            and cast.reading.is_asserted(*span)
            and not _was_once(line.text, match)
        ):
            why = f"{person.name} has {look[0]} {part}, not {colour}."
            yield cast.finding(person, span, look[1], why, strength="likely")
            return


def _was_once(sentence: str, match: re.Match[str]) -> bool:
    """Return whether a noun phrase tells of looks before the scene: "had lost her red hair", "had once loved"."""
    if tells_of_past(sentence) or _GONE.match(sentence, match.end()):
        return True
    # "Casper had come in without his coat, his black hair wet": the looks are those of now.
    return _HAD_OTHER.search(sentence, 0, match.end()) is not None or is_past(
        _HAD.sub("", sentence[: match.end()])
    )


# A pluperfect that changes looks, or tells of them; any other was a moment ago.
_HAD_OTHER: Final = lazy_pattern(
    r"\bhad (?:\w+ ){0,2}(?:been|had|lost|cut|shorn|shaved|dyed|bleached|known|loved|liked|admired|envied|hated"
    r"|worn|seen|looked"
    r"|married|painted|sold|kept|remembered|wanted|praised|sung|kissed|stroked)\b"
)
_HAD: Final = lazy_pattern(r"\bhad (?=(?:\w+ ){0,2}\w+)")
_GONE: Final = lazy_pattern(r" had (?:\w+ly )?(?:gone|turned|faded|been|grown|given way|whitened|darkened)\b")


def _who(match: re.Match[str]) -> str:
    """Return the group with the person of a match, which may have a choice of two."""
    return "who2" if match.lastgroup == "who2" else "who"


def _other_colour(
    cast: Cast,
    line: Line,
    match: re.Match[str],
    part: str,
    trait: tuple[str, str],
    meant: tuple[Person, bool],
    is_noun_phrase: bool,
) -> Iterator[Finding]:
    known_colours = ANY_COLOUR.findall(trait[0])
    colour = match["colour"] or match["colour2"]
    if not known_colours or not all(is_other(colour, other) for other in known_colours):
        return
    is_far = all(differ(colour, other) for other in known_colours)
    is_passing = (
        (part == "eyes" and folded(colour) in NO_EYE_COLOUR)
        or (not is_noun_phrase and (PASSING.search(line.text[match.end() :]) or _IN_LIGHT.search(line.text)))
        or _MADE_UP.search(line.text[max(0, match.start() - _NEAR) : match.end() + _NEAR])
        or _ADORNED.search(match.group())
        or (folded(colour) in _COVERS and _COVERED.search(line.text))
        or (folded(colour) in _SOOTY and _SOOTED.search(line.text))
    )
    span = line.span(*match.span())
    reading = cast.reading
    is_stated = reading.is_presupposed(*span) if is_noun_phrase else reading.is_asserted(*span)
    is_over = _was_once(line.text, match) if is_noun_phrase else reading.is_past(*span)
    if not is_passing and is_stated and not is_over:
        why = f"{meant[0].name} has {trait[0]} {part}, not {colour}."
        yield cast.finding(
            meant[0],
            span,
            trait[1],
            why,
            strength="proven" if meant[1] and is_far and part != "beard" else "likely",
        )
