"""Looks of characters: the colours of eyes and hair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.engine.checks.characters.cast.people import NAME, POSSESSIVE, SUBJECT, Cast, Line
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import stated
from agents.engine.text.colours import COLOUR, differ, is_other
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import WORD
from agents.engine.text.vocabulary import COLOURS
from agents.engine.text.word_forms import folded, word_set

_WHOSE: Final = rf"(?P<who>{NAME}'s|{POSSESSIVE})"
_DOES: Final = rf"(?P<who>{NAME}|{SUBJECT})"
_ANY_COLOUR: Final = lazy_pattern(rf"\b(?:{COLOUR})\b", re.IGNORECASE)
# "Red from weeping", "blue with cold", "green in the lamplight", "white with flour", "grey under the dust".
_PASSING: Final = lazy_pattern(
    r"^\w*(?: \w+)? (?:from|with|in|under|against|by|beneath|after|through|for)\b"
    r"|^[^.;]{0,30}\b(?:in|under|by|from|with|against|after) (?:[\w'-]+ ){0,2}(?:weeping|crying|tears|smoke"
    r"|light|lamplight"
    r"|candlelight|firelight|moonlight|dye|wig|flour|dust|frost|snow|soot)\b",
    re.IGNORECASE,
)
_MADE_UP: Final = lazy_pattern(
    r"\b(?:dye[ds]?|dyeing|wigs?|bleach\w*|paint\w*|lens\w*|bruis\w*|swell\w*|swollen"
    r"|bloodshot|rimmed|ribbons?|feathers?)\b",
    re.IGNORECASE,
)
_COVERED: Final = lazy_pattern(
    r"\b(?:powder\w*|flour|soot|ash|ashes|dust\w*|frost|snow\w*|chalk|plaster)\b", re.IGNORECASE
)
# Flour and dust make hair white or grey, soot black.
_COVERS: Final = frozenset({"white", "grey", "gray", "silver", "black", "ashen"})
# Nobody is born with eyes of these colours; a sentence that says so speaks of tears, light or anger.
_NO_EYE_COLOUR: Final = frozenset(
    {"red", "pink", "white", "yellow", "scarlet", "crimson", "orange", "purple"}
)
_EYES: Final = word_set("eye eyes eyed gaze")
_HAIR: Final = word_set("""
    hair haired head curl curls strand strands lock locks braid braids ponytail plait plaits fringe mane tresses bald
    beardless shaven redhead brunette blonde blond
""")

_COLOUR_WORDS: Final = frozenset(WORD.findall(" ".join(COLOURS)))


_NO_ADJECTIVE: Final = (
    r"(?!(?:under|over|like|full|fixed|behind|beneath|below|above|near|through|only|always|by|for|than|not|a|the|an"
    r"|had|has|have|was|were|with|of|in|on|and|who|whose|to|at|from|dog|cat|horse|doll|painted|mother"
    r"|father|sister"
    r"|brother|daughter|son|wife|husband|friend|grandmother|grandfather|aunt|uncle)\b)"
)


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to state a colour; as a noun phrase ("his blue eyes") it is also stated in a negation or a question."""

    pattern: re.Pattern[str]
    is_noun_phrase: bool


def _colour_forms(part: str) -> tuple[_Form, ...]:
    is_eyes = part == "eyes"
    stem = r"-eye?d" if is_eyes else r"-haired"
    noun = "(?:eyes|gaze)" if is_eyes else "(?:hair|curls|locks|braids?|plaits?|ponytail|fringe|mane|tresses)"
    body = (
        ""
        if is_eyes
        else r"|(?<=blond )head|(?<=blonde )head|(?<=golden )head|(?<=dark )head|(?<=ginger )head"
        r"|(?<=fair )head|(?<=red )head|(?<=grey )head|(?<=white )head|(?<=black )head|(?<=brown )head"
    )
    verb = r"(?:was|were|is|are|looked|shone|had gone|turned)"
    colour = rf"(?P<colour>(?i:{COLOUR}))"
    strands = "(?:hair|curls?|strands?|locks?|braids?)"
    return tuple(
        _Form(lazy_pattern(pattern), is_noun_phrase)
        for pattern, is_noun_phrase in (
            (
                rf"{_WHOSE} (?:(?!{noun}\b){_NO_ADJECTIVE}[\w-]+,? ){{0,2}}?{colour},? (?:[\w-]+ )?(?:{noun}{body})\b",
                True,
            ),
            (
                # "Her green eyes shining, Wren ran."
                rf"^\W*(?:Her|His) (?:[\w-]+,? ){{0,2}}?{colour},? (?:[\w-]+ )?{noun} (?:\w+(?: with \w+)?"
                rf"|on (?:the|his|her|\w+)"
                rf"(?: \w+)?), (?P<who>{NAME}) ",
                True,
            ),
            (rf"(?i:\b{colour}{stem}) (?P<who>{NAME})", True),
            *(
                ()
                if is_eyes
                else (
                    (
                        rf"(?P<who>{NAME})(?:,| was| is|, who was) (?:an?|the) (?:\w+ )?"
                        r"(?P<colour>redhead|brunette|blonde?)(?![\w-]| \w+(?:'s)? (?:hair|wig))",
                        True,
                    ),
                )
            ),
            (
                rf"(?P<who>{NAME})(?:,| [–—-])? (?:(?:the|an?|was|is|still"
                rf"|as) )*(?:\w+ )?{colour}{stem}\b(?! and \w+,? (?:sat|stood|lay|came))",
                True,
            ),
            (
                rf"{_WHOSE} {noun}(?: {verb}|,|(?: that| which) {verb}) (?:(?:very|quite|as|still|now|always) ){{0,2}}"
                rf"(?:an? (?=[\w-]+,? [a-z]+\b))?(?:{_NO_ADJECTIVE}[\w-]+,? ){{0,2}}?{colour}"
                r"\b(?! (?:blaze|flame|cloud|haze|halo|mist|fire|smudge))",
                False,
            ),
            (
                rf"(?P<who>{NAME}),? (?:[\w-]+ ){{0,3}}?(?:with|had"
                rf"|has) (?:[\w-]+,? ){{0,2}}?{colour},? (?:[\w-]+ )?{noun}\b",
                False,
            ),
            (
                rf"(?P<who>{NAME}|{SUBJECT}) \w+(?:ed|t|k|w)(?: \w+)? (?:the|an?|her"
                rf"|his) (?:[\w-]+ )?{colour} {strands}\b(?! of\b)",
                False,
            ),
            (
                rf"(?P<who>{NAME})(?!'s)(?: (?!an?\b|the\b|his\b|her\b|another\b|some\b)[\w']+){{0,6}} (?:with"
                rf"|had|has) (?:[\w-]+ )?{noun},? "
                rf"(?:(?:that|which) {verb}|of|as) (?:an? |the"
                rf" )?(?:(?!colou?r\b){_NO_ADJECTIVE}[\w-]+,? ){{0,2}}?{colour}"
                r"\b(?! (?:blaze|flame|cloud|haze|halo|mist|fire|smudge|glass|metal|stone))",
                False,
            ),
            (rf"(?P<who>{NAME})[^.;]{{0,60}}\bthe {colour} of (?:those|his|her) {noun}\b", True),
            (rf"\b[Tt]he {colour} of (?P<who>{NAME})'s {noun}\b", True),
            (
                rf"\b{colour} (?:[\w-]+ )?{noun} (?:fell|hung|spilled|tumbled|blew|streamed|lay|framed|stuck"
                rf"|curled|clung)"
                rf"[^.;]{{0,30}} (?P<who>{NAME}'s|{POSSESSIVE}) (?:shoulders?|face|neck|back|forehead|eyes|brow"
                rf"|cheeks?|ears?)\b",
                False,
            ),
        )
    )


_COLOURS: Final = (
    ("eyes", ("eyes", "eye colour", "eye color"), _EYES, _colour_forms("eyes")),
    ("hair", ("hair", "hair colour", "hair color"), _HAIR, _colour_forms("hair")),
)


def check_looks(cast: Cast) -> Iterator[Finding]:
    if not cast.reading.words.isdisjoint(_EYES | _HAIR):
        yield from _colours(cast)


_SUMMARY: Final = {
    "eyes": lazy_pattern(
        rf"\b(?:{COLOUR})(?:,? (?:and )?[\w-]+)? eyes\b|\b(?:{COLOUR})-eyed\b|\beyes (?:are|were"
        rf"|is) (?:\w+ )?(?:{COLOUR})\b",
        re.IGNORECASE,
    ),
    "hair": lazy_pattern(
        rf"\b(?:{COLOUR})(?:,? (?:and )?[\w-]+)? hair\b|\b(?:{COLOUR})-haired\b|\bhair (?:is"
        rf"|was) (?:\w+ )?(?:{COLOUR})\b",
        re.IGNORECASE,
    ),
}


def _known_look(person: Person, part: str, keys: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the colour of a character's eyes or hair, and the statement of it, from the traits or the summary."""
    trait = person.trait(*keys)
    if trait is not None:
        return trait
    for found in stated(_SUMMARY[part], person.element.summary)[:1]:
        colour = _ANY_COLOUR.search(found.group())
        return (colour.group(), found.group()) if colour is not None else None
    return None


def _colours(cast: Cast) -> Iterator[Finding]:
    for part, keys, words, forms in _COLOURS:
        known = {
            id(person): look
            for person in cast.people.values()
            if (look := _known_look(person, part, keys)) is not None
        }
        if not known:
            continue
        for line in cast.lines_with(words, _COLOUR_WORDS):
            for form in forms:
                for match in form.pattern.finditer(line.text):
                    yield from _other_colour(cast, line, match, part, known, form.is_noun_phrase)


def _other_colour(
    cast: Cast,
    line: Line,
    match: re.Match[str],
    part: str,
    known: dict[int, tuple[str, str]],
    is_noun_phrase: bool,
) -> Iterator[Finding]:
    meant = cast.person_at(line, match)
    trait = known.get(id(meant[0])) if meant is not None else None
    if meant is None or trait is None:
        return
    known_colours = _ANY_COLOUR.findall(trait[0])
    colour = match["colour"]
    if not known_colours or not all(is_other(colour, other) for other in known_colours):
        return
    is_far = all(differ(colour, other) for other in known_colours)
    is_passing = (
        (part == "eyes" and folded(colour) in _NO_EYE_COLOUR)
        or (not is_noun_phrase and _PASSING.search(line.text[match.end() :]))
        or _MADE_UP.search(line.text)
        or (folded(colour) in _COVERS and _COVERED.search(line.text))
    )
    span = line.span(*match.span())
    reading = cast.reading
    is_stated = reading.is_presupposed(*span) if is_noun_phrase else reading.is_asserted(*span)
    if not is_passing and is_stated and not reading.is_past(*span):
        why = f"{meant[0].name} has {trait[0]} {part}."
        yield cast.finding(
            meant[0], span, trait[1], why, strength="proven" if meant[1] and is_far else "likely"
        )
