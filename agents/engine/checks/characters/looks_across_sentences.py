"""Looks that one sentence gives and the next goes on about, or says whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.cast.people import NAME, WHOSE, Cast
from agents.engine.checks.characters.cast.pronouns import UNNAMED
from agents.engine.checks.finding import Finding
from agents.engine.text.colours import COLOUR, differ
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import WORD, Reading
from agents.engine.text.vocabulary import COLOURS
from agents.engine.text.word_forms import folded, word_set

ANY_COLOUR: Final = lazy_pattern(rf"\b(?:{COLOUR})\b", re.IGNORECASE)
# "Red from weeping", "blue with cold", "green in the lamplight", "white with flour", "grey under the dust".
PASSING: Final = lazy_pattern(
    r"^\w*(?: \w+)? (?:from|with|in|under|against|by|beneath|after|through|for)\b"
    r"|^[^.;]{0,30}\b(?:in|under|by|from|with|against|after) (?:[\w'-]+ ){0,2}(?:weeping|crying|tears|smoke"
    r"|light|lamplight"
    r"|candlelight|firelight|moonlight|dye|wig|flour|dust|frost|snow|soot)\b",
    re.IGNORECASE,
)
# Nobody is born with eyes of these colours; a sentence that says so speaks of tears, light or anger.
NO_EYE_COLOUR: Final = frozenset({"red", "pink", "white", "yellow", "scarlet", "crimson", "orange", "purple"})
COLOUR_WORDS: Final = frozenset(WORD.findall(" ".join(COLOURS)))
# "Wren looked into his eyes. They were brown."
CONTINUED: Final = {
    "eyes": lazy_pattern(
        rf"^\W*(?:(?:[Tt]hey|[Bb]oth) (?:were|are) (?:an? |the |very |quite "
        rf"|of an? )?(?:[\w-]+ )??)?(?P<colour>{COLOUR})"
        r"(?=[,.;:]| (?:and|as|like|with)\b)",
        re.IGNORECASE,
    ),
    "hair": lazy_pattern(
        rf"^\W*(?:[Ii]t (?:was|is|hung|fell) (?:an? |the |very |quite |of an? )?(?:[\w-]+ )??)(?P<colour>{COLOUR})"
        r"(?=[,.;:]| (?:and|as|like|with)\b)",
        re.IGNORECASE,
    ),
}
# "Rodrigo wiped his face. The eyes above the handkerchief were blue."
_BARE: Final = {
    part: lazy_pattern(
        rf"^\W*(?:(?:The {part}(?: (?:above|over|behind|under|beneath|below|inside|in) the \w+)?"
        rf"|(?:Above|Over|Behind|Under|Beneath|Below) the \w+,? the {part}) (?:were|was|are|is) )(?:very "
        rf"|quite |a |the )?"
        rf"(?:(?!not\b|no\b)[\w-]+,? )??(?P<colour>{COLOUR})(?=[,.;:]| (?:and|as|like)\b)"
    )
    for part in ("eyes", "hair")
}
# What somebody does who is then seen, as the only person of the sentence.
_SHOWS: Final = lazy_pattern(
    rf"(?P<who>{NAME}) (?:\w+ly )?(?:[^.;:“”\"]{{0,40}} and )?(?:(?:looked|looks|glanced|glances) (?:up|round"
    rf"|back|over)"
    rf"|(?:turned|turns) (?:round|around)|(?:lowered|lifted|raised|removed|took off|pulled off|pushed (?:back"
    rf"|up)|put on"
    rf"|wiped|washed|threw back|drew back|untied|loosened|let down|lowers|lifts|raises|removes|takes off"
    rf"|pulls off|puts on"
    rf"|wipes|washes) (?:her|his|the) (?:\w+ )?(?:hood|mask|veil|cap|hat|scarf|goggles|spectacles|glasses"
    rf"|handkerchief"
    rf"|helmet|visor|face|head|shawl|kerchief|bonnet|brow|forehead))\b"
)
_PART_BEFORE: Final = {
    "eyes": lazy_pattern(rf"(?P<who>{WHOSE}) (?:\w+ )?eyes\b(?! of\b)"),
    "hair": lazy_pattern(rf"(?P<who>{WHOSE}) (?:\w+ )?hair\b(?! of\b)"),
}


def continued(cast: Cast, part: str, known: dict[int, tuple[str, str]]) -> Iterator[Finding]:
    """Yield other colours in a sentence that only goes on about the eyes or the hair of the one before."""
    for sentence in cast.reading.sentences_with(COLOUR_WORDS):
        match, shows = CONTINUED[part].match(sentence.text), _PART_BEFORE[part]
        if match is None:
            match, shows = _BARE[part].match(sentence.text), _SHOWS
        before = cast.line_before(sentence) if match is not None else None
        if match is None or before is None:
            continue
        found = list(shows.finditer(before.text))
        if shows is _SHOWS and not _is_alone(before.text, cast.reading, sentence.start):
            continue
        meant = cast.person_at(before, found[-1]) if found else None
        if meant is None or id(meant[0]) not in known:
            continue
        trait = known[id(meant[0])]
        others = ANY_COLOUR.findall(trait[0])
        span = sentence.start + match.start("colour"), sentence.start + match.end("colour")
        is_other_colour = bool(others) and all(differ(match["colour"], other) for other in others)
        is_passing = (part == "eyes" and folded(match["colour"]) in NO_EYE_COLOUR) or PASSING.search(
            sentence.text[match.end() :]
        )
        at = before.span(*found[-1].span())
        if (
            is_other_colour
            and not is_passing
            and cast.reading.is_asserted(*span)
            and cast.reading.is_asserted(*at)
        ):
            why = f"{meant[0].name} has {trait[0]} {part}, not {match['colour']}."
            yield cast.finding(meant[0], span, trait[1], why, strength="likely")


# "A blonde child stood on the step. It was Elspeth."
_WAS: Final = lazy_pattern(
    rf"^\W*(?:It|This|That|He|She) was (?:only |just |indeed )?(?P<who>{NAME})(?=[.,;:!]|$)"
)
_THAT_WAS: Final = ("It was ", "This was ", "That was ", "He was ", "She was ")
_SEEN_WORDS: Final = word_set("eyed haired headed bearded blonde blond redhead redheaded brunette")
_SEEN_FIRST: Final = {
    "eyes": rf"(?P<colour>{COLOUR})-eyed",
    "hair": rf"(?:(?P<colour>{COLOUR})-?(?:haired|headed)|(?P<colour2>blonde?|redhead|redheaded|brunette))",
    "beard": rf"(?P<colour>{COLOUR})-bearded",
}
_INTRODUCED: Final = {
    part: lazy_pattern(rf"^[^.;:“”\"]{{0,30}}\b[Aa]n? (?:[\w-]+,? ){{0,2}}?{seen}(?![\w-])", re.IGNORECASE)
    for part, seen in _SEEN_FIRST.items()
}


def revealed(cast: Cast, part: str, known: dict[int, tuple[str, str]]) -> Iterator[Finding]:
    """Yield other colours of somebody whom the next sentence names: "A blonde child stood there. It was Elspeth."."""
    reading = cast.reading
    for sentence in reading.sentences_with_all(_SEEN_WORDS) if "was" in reading.words else ():
        following = reading.next_sentence(sentence.start)
        is_named = following is not None and following.text.lstrip("“").startswith(_THAT_WAS)
        line = cast.line_of(following) if following is not None and is_named else None
        named = _WAS.match(line.text) if line is not None else None
        first = _INTRODUCED[part].match(sentence.text) if named is not None else None
        meant = cast.person_at(line, named) if line is not None and named is not None and first else None
        if line is None or named is None or first is None or meant is None or id(meant[0]) not in known:
            continue
        look, statement = known[id(meant[0])]
        colour, others = first[first.lastgroup or "colour"], ANY_COLOUR.findall(look)
        span = sentence.start + first.start(), sentence.start + first.end()
        is_other_colour = bool(others) and all(differ(colour, other) for other in others)
        if is_other_colour and reading.is_asserted(*span) and reading.is_asserted(*line.span(*named.span())):
            why = f"{meant[0].name} has {look} {part}, not {colour}."
            yield cast.finding(meant[0], span, statement, why, strength="likely")


def _is_alone(line: str, reading: Reading, position: int) -> bool:
    """Return whether a line has one person only, and the sentence at a position is no content of a work."""
    people = set(_ANY_NAME.findall(line))
    is_other = any(unnamed.search(line) for unnamed in UNNAMED.values())
    return len(people) == 1 and not is_other and not reading.is_in_frame(position)


_ANY_NAME: Final = lazy_pattern(NAME)
