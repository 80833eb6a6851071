"""Looks of characters: eyes, hair, handedness, lost limbs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.natural_laws import COLOUR, differ, is_other
from agents.engine.checks.people import NAME, POSSESSIVE, SUBJECT, Cast, Line, Person
from agents.engine.checks.statements import stated
from agents.engine.text.reading import WORD
from agents.engine.text.vocabulary import COLOURS
from agents.engine.text.word_forms import folded, word_set

_WHOSE: Final = rf"(?P<who>{NAME}'s|{POSSESSIVE})"
_DOES: Final = rf"(?P<who>{NAME}|{SUBJECT})"
_ANY_COLOUR: Final = re.compile(rf"\b(?:{COLOUR})\b", re.IGNORECASE)
# "Red from weeping", "blue with cold", "green in the lamplight", "white with flour", "grey under the dust".
_PASSING: Final = re.compile(
    r"^\w*(?: \w+)? (?:from|with|in|under|against|by|beneath|after|through|for)\b"
    r"|^[^.;]{0,30}\b(?:in|under|by|from|with|against|after) (?:[\w'-]+ ){0,2}(?:weeping|crying|tears|smoke"
    r"|light|lamplight"
    r"|candlelight|firelight|moonlight|dye|wig|flour|dust|frost|snow|soot)\b",
    re.IGNORECASE,
)
_MADE_UP: Final = re.compile(
    r"\b(?:dye[ds]?|dyeing|wigs?|bleach\w*|paint\w*|lens\w*|bruis\w*|swell\w*|swollen"
    r"|bloodshot|rimmed|ribbons?|feathers?)\b",
    re.IGNORECASE,
)
_COVERED: Final = re.compile(
    r"\b(?:powder\w*|flour|soot|ash|ashes|dust\w*|frost|snow\w*|chalk|plaster)\b", re.IGNORECASE
)
# Flour and dust make hair white or grey, soot black.
_COVERS: Final = frozenset({"white", "grey", "gray", "silver", "black", "ashen"})
# Nobody is born with eyes of these colours; a sentence that says so speaks of tears, light or anger.
_NO_EYE_COLOUR: Final = frozenset(
    {"red", "pink", "white", "yellow", "scarlet", "crimson", "orange", "purple"}
)
_EYES: Final = word_set("eye eyes eyed")
_HAIR: Final = word_set("hair haired curl curls strand strands lock locks braid braids ponytail")

_LOST: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\blost (?:his|her|their|a|the|one|\w+ fingers of (?:his|her)) ?(?P<side>left"
        r"|right)? ?(?P<part>hand|arm|leg|eye|foot)\b",
        r"\b(?P<side>left|right) (?P<part>hand|arm|leg|eye) is missing\b",
        r"\b(?:has|with) (?:only )?one (?:good |blind )?(?P<part>hand|arm|leg|eye)\b",
        r"\bone-(?P<part>hand|arm|leg|eye)ed\b|\bone-(?P<part2>arm|leg)(?:m|g)?ed\b",
        r"\b(?:wooden|artificial|false|glass) (?P<part>hand|arm|leg|eye)\b",
    )
)
_HANDED: Final = re.compile(r"\b(?P<side>left|right)-handed\b", re.IGNORECASE)
_BALD: Final = re.compile(r"\bbald\b|\bshaved head\b|\bshaven\b", re.IGNORECASE)
_WRITES: Final = r"(?:wrote|writes|writing|written|signed|signs|drew|sketched|fenced)"
_COLOUR_WORDS: Final = frozenset(WORD.findall(" ".join(COLOURS)))
_LIMBS: Final = word_set("hand hands handed arm arms leg legs eye eyes foot feet")


def _colour_patterns(part: str) -> tuple[re.Pattern[str], ...]:
    stem = "ey" if part == "eyes" else "hair"
    noun = "eyes" if part == "eyes" else "hair"
    verb = r"(?:was|were|is|are|looked|shone|had gone|turned)"
    colour = rf"(?P<colour>(?i:{COLOUR}))"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"{_WHOSE} (?:(?!{part}\b)[\w-]+,? ){{0,2}}?{colour} (?:[\w-]+ )?{noun}\b",
            rf"\b{colour}-{stem}(?:e?ed|ed) (?P<who>{NAME})",
            rf"(?P<who>{NAME}),? (?:\w+ )?{colour}-{stem}(?:e?ed|ed)\b",
            rf"{_WHOSE} {noun} {verb} (?:(?:a|the|very|quite|as|still|now) )?(?:[\w-]+ )?{colour}\b",
            rf"(?P<who>{NAME}) (?:[\w-]+ ){{0,3}}?(?:with|had|has) (?:[\w-]+,? ){{0,2}}?{colour} (?:[\w-]+ )?{noun}\b",
            rf"(?P<who>{NAME}) \w+(?:ed|t) (?:back )?the (?:[\w-]+ )?{colour} (?:hair|curls?|strands?|locks?)\b",
            rf"(?P<who>{NAME})[^.;]{{0,60}}\bthe {colour} of (?:those|his|her) {noun}\b",
        )
    )


_COLOURS: Final = (
    ("eyes", ("eyes", "eye colour", "eye color"), _EYES, _colour_patterns("eyes")),
    ("hair", ("hair", "hair colour", "hair color"), _HAIR, _colour_patterns("hair")),
)


def check_looks(cast: Cast) -> Iterator[Finding]:
    if cast.reading.words.isdisjoint(_LIMBS | _HAIR):
        return
    yield from _colours(cast)
    for person in cast.people.values():
        for pattern, statement, why in (*_hands(person), *_lost(person), *_bald(person)):
            yield from _contradictions(cast, person, pattern, statement, why)


_SUMMARY: Final = {
    "eyes": re.compile(
        rf"\b(?:{COLOUR})(?:,? (?:and )?[\w-]+)? eyes\b|\b(?:{COLOUR})-eyed\b|\beyes (?:are|were"
        rf"|is) (?:\w+ )?(?:{COLOUR})\b",
        re.IGNORECASE,
    ),
    "hair": re.compile(
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
    for part, keys, words, patterns in _COLOURS:
        known = {
            id(person): look
            for person in cast.people.values()
            if (look := _known_look(person, part, keys)) is not None
        }
        if not known:
            continue
        for line in cast.lines_with(words, _COLOUR_WORDS):
            for pattern in patterns:
                for match in pattern.finditer(line.text):
                    yield from _other_colour(cast, line, match, part, known)


def _other_colour(
    cast: Cast, line: Line, match: re.Match[str], part: str, known: dict[int, tuple[str, str]]
) -> Iterator[Finding]:
    meant = cast.person_at(line, match)
    trait = known.get(id(meant[0])) if meant is not None else None
    if meant is None or trait is None:
        return
    stated = _ANY_COLOUR.findall(trait[0])
    colour = match["colour"]
    if not stated or not all(is_other(colour, other) for other in stated):
        return
    is_far = all(differ(colour, other) for other in stated)
    is_passing = (
        (part == "eyes" and folded(colour) in _NO_EYE_COLOUR)
        or _PASSING.search(line.text[match.end() :])
        or _MADE_UP.search(line.text)
        or (folded(colour) in _COVERS and _COVERED.search(line.text))
    )
    span = line.span(*match.span())
    if not is_passing and cast.reading.is_asserted(*span) and not cast.reading.is_past(*span):
        why = f"{meant[0].name} has {trait[0]} {part}."
        yield cast.finding(
            meant[0], span, trait[1], why, strength="proven" if meant[1] and is_far else "likely"
        )


def _hands(person: Person) -> Iterator[tuple[str, str, str]]:
    found = stated(_HANDED, person.facts)
    if not found:
        return
    known = found[0]
    wrong = "right" if known["side"].casefold() == "left" else "left"
    for pattern in (
        rf"(?P<who>{NAME}),? (?:\w+,? ){{0,2}}?{_WRITES}\b[^.;]{{0,40}}?\b{wrong} hand\b",
        rf"(?P<who>{NAME})'s note, {_WRITES}\b[^.;]{{0,30}}?\b{wrong} hand\b",
        rf"(?P<who>{SUBJECT}) {_WRITES}\b[^.;]{{0,30}}?\b{wrong} hand\b",
        rf"\b{wrong}-handed,? (?P<who>{NAME})",
        rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?(?:\w+ )?{wrong}-handed\b",
        rf"{_WHOSE} {wrong} hand, the one (?:she|he) (?:wrote|did everything)\b",
    ):
        yield pattern, known.group(), f"{person.name} is {known.group()}."


def _lost(person: Person) -> Iterator[tuple[str, str, str]]:
    known = next((found for pattern in _LOST for found in stated(pattern, person.facts)), None)
    if known is None:
        return
    groups = known.groupdict()
    part = (groups.get("part") or groups.get("part2") or "").casefold()
    side = (groups.get("side") or "").casefold()
    if "fingers" in known.group() or not part:
        return
    plural = "feet" if part == "foot" else f"{part}s"
    # Whoever lost an arm lost its hand as well.
    gone = "(?:arm|hand)" if part == "arm" else part
    wrong = [
        rf"{_WHOSE} (?:(?:both|two) )(?:\w+ )?{plural}\b",
        rf"{_DOES} (?:\w+ ){{0,3}}?(?:both|two) (?:of )?(?:(?:his|her|the) )?(?:(?!of\b)\w+ )?{plural}\b",
        rf"\b(?:both|two) (?P<who>{POSSESSIVE}) (?:\w+ )?{plural}\b",
    ]
    if side:
        wrong.append(rf"{_WHOSE} {side} {gone}\b")
        wrong.append(rf"{_DOES} (?:\w+ ){{0,4}}?(?:with|in) (?:his|her) {side} {gone}\b")
    if part in ("hand", "arm"):
        wrong.append(
            rf"{_DOES} (?:\w+ )?(?:folded|clasped|crossed|wrung|clapped) (?:both )?(?:his|her) (?:hands|arms)\b"
        )
    for pattern in wrong:
        yield pattern, known.group(), f"{person.name}: {known.group()}."


def _bald(person: Person) -> Iterator[tuple[str, str, str]]:
    for known in stated(_BALD, person.facts)[:1]:
        pattern = rf"{_WHOSE} (?:\w+ )?(?:hair|braids?|locks|curls|ponytail)\b"
        yield pattern, known.group(), f"{person.name} has no hair."


def _contradictions(cast: Cast, person: Person, pattern: str, statement: str, why: str) -> Iterator[Finding]:
    compiled = re.compile(pattern)
    for line in cast.lines_with(_LIMBS if "hair" not in pattern else _HAIR):
        for match in compiled.finditer(line.text):
            meant = cast.person_at(line, match)
            span = line.span(*match.span())
            if (
                meant is not None
                and meant[0] is person
                and cast.reading.is_asserted(*span)
                and not cast.reading.is_past(*span)
            ):
                yield cast.finding(person, span, statement, why, strength="proven" if meant[1] else "likely")
                return
