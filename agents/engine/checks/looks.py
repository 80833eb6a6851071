"""Looks of characters: eyes, hair, handedness, lost limbs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
_EYES: Final = word_set("eye eyes eyed gaze")
_HAIR: Final = word_set("""
    hair haired curl curls strand strands lock locks braid braids ponytail plait plaits fringe mane tresses bald beardless
    shaven
""")

_LOST: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:lost|cost (?:him|her)|took|crushed|severed) (?:his|her|their|a|the|one|\w+ fingers of (?:his"
        r"|her)) ?(?P<side>left"
        r"|right)? ?(?P<part>hand|arm|leg|eye|foot)\b",
        r"\b(?P<side>left|right) (?P<part>hand|arm|leg|eye) is missing\b",
        r"\b(?:has|with) (?:only )?one (?:good |blind )?(?P<part>hand|arm|leg|eye)\b",
        r"\bone-(?P<part>hand|arm|leg|eye)ed\b|\bone-(?P<part2>arm|leg)(?:m|g)?ed\b",
        r"\b(?:wooden|artificial|false|glass) (?P<part>hand|arm|leg|eye)\b",
    )
)
_HANDED: Final = re.compile(r"\b(?P<side>left|right)-handed\b", re.IGNORECASE)
_BALD: Final = re.compile(r"\bbald\b|\bshaved head\b|\bshaven\b", re.IGNORECASE)
_BEARDED: Final = re.compile(r"\bbearded\b|\bhas a (?:\w+ )?beard\b|\bwith a (?:\w+ )?beard\b", re.IGNORECASE)
_WRITES: Final = r"(?:wrote|writes|writing|written|signed|signs|drew|sketched|fenced)"
_COLOUR_WORDS: Final = frozenset(WORD.findall(" ".join(COLOURS)))
_LIMBS: Final = word_set("hand hands handed arm arms leg legs eye eyes foot feet")


_NO_ADJECTIVE: Final = (
    r"(?!(?:had|has|have|was|were|with|of|in|on|and|who|whose|to|at|from|dog|cat|horse|doll|painted|mother"
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
    verb = r"(?:was|were|is|are|looked|shone|had gone|turned)"
    colour = rf"(?P<colour>(?i:{COLOUR}))"
    strands = "(?:hair|curls?|strands?|locks?|braids?)"
    return tuple(
        _Form(re.compile(pattern), is_noun_phrase)
        for pattern, is_noun_phrase in (
            (
                rf"{_WHOSE} (?:(?!{noun}\b){_NO_ADJECTIVE}[\w-]+,? ){{0,2}}?{colour},? (?:[\w-]+ )?{noun}\b",
                True,
            ),
            (rf"(?i:\b{colour}{stem}) (?P<who>{NAME})", True),
            (
                rf"(?P<who>{NAME})(?:,| [–—-])? (?:(?:the|an?|was|is|still"
                rf"|as) )*(?:\w+ )?{colour}{stem}\b(?! and \w+,? (?:sat|stood|lay|came))",
                True,
            ),
            (
                rf"{_WHOSE} {noun} {verb} (?:(?:very|quite|as|still|now"
                rf"|always) )?(?:a (?=\w+ [a-z]+\b))?(?:[\w-]+ )?{colour}"
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
                rf"|his) (?:[\w-]+ )?{colour} {strands}\b",
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
    if cast.reading.words.isdisjoint(_LIMBS | _HAIR | _EYES):
        return
    yield from _colours(cast)
    yield from _shaven(cast)
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
        rf"{_DOES} (?:\w+ ){{0,6}}?(?:both|two) (?:of )?(?:(?:his|her|the) )?(?:(?!of\b)\w+ )?{plural}\b",
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


def _shaven(cast: Cast) -> Iterator[Finding]:
    """Yield people who are bald although they have hair, or clean-shaven although they have a beard."""
    for pattern, words, look_of in (
        (_IS_BALD, _BALD_WORDS, _hair_of),
        (_IS_SHAVEN, _SHAVEN_WORDS, _beard_of),
    ):
        for line in cast.lines_with(words):
            for match in pattern.finditer(line.text):
                meant = cast.person_at(line, match)
                look = look_of(meant[0]) if meant is not None else None
                span = line.span(*match.span())
                if (
                    meant is None
                    or look is None
                    or not cast.reading.is_asserted(*span)
                    or cast.reading.is_past(*span)
                ):
                    continue
                why = f"{meant[0].name}: {look}."
                yield cast.finding(meant[0], span, look, why, strength="proven" if meant[1] else "likely")


def _hair_of(person: Person) -> str | None:
    """Return the statement of the hair of a person who is not said to be bald."""
    trait = person.trait("hair", "hair colour", "hair color")
    return trait[1] if trait is not None and not stated(_BALD, person.facts) else None


def _beard_of(person: Person) -> str | None:
    return next((known.group() for known in stated(_BEARDED, person.facts)), None)


_IS_BALD: Final = re.compile(
    rf"(?P<who>{NAME}|{SUBJECT}) (?:was|is|had gone|had been) (?:(?:quite|completely|entirely|totally|already|perfectly"
    r"|as) )?bald\b(?! (?:patch|spot|as|about))"
)
_IS_SHAVEN: Final = re.compile(
    rf"(?P<who>{NAME}|{SUBJECT})(?:,| was| is)(?: \w+)? (?:clean-shaven|beardless|smooth-shaven|smooth-chinned)\b"
)
_BALD_WORDS: Final = frozenset(("bald",))
_SHAVEN_WORDS: Final = frozenset(("shaven", "beardless", "chinned"))


def _bald(person: Person) -> Iterator[tuple[str, str, str]]:
    for known in stated(_BALD, person.facts)[:1]:
        pattern = rf"{_WHOSE} (?:\w+ )?(?:hair|braids?|locks|curls|ponytail)\b"
        yield pattern, known.group(), f"{person.name} has no hair."


def _contradictions(cast: Cast, person: Person, pattern: str, statement: str, why: str) -> Iterator[Finding]:
    compiled = re.compile(pattern)
    for line in cast.lines_with(_LIMBS | _HAIR):
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
