"""Words for a time of life that no person of the world's age is called by: "an old man" of twenty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.ages import known_age
from agents.engine.checks.characters.cast.people import DOES, NAME, Cast, Line
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.cast.pronouns import UNNAMED
from agents.engine.checks.finding import Finding
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet

_AGED: Final = "(?:old|elderly|aged|ancient)"
_ADULT: Final = "(?:man|woman|lady|gentleman|fellow|widow|widower|maid|spinster|bachelor)"
# Each with the least and the greatest age of those whom it may mean, generously. The last two stand before a role.
_SPANS: Final = (
    (rf"{_AGED} {_ADULT}|greybeard|pensioner|crone", 40, 200),
    (rf"middle-aged (?:{_ADULT}|person)", 30, 72),
    (rf"young (?:{_ADULT}|lad)", 12, 45),
    ("boy|lad|youth|youngster|schoolboy", 2, 32),
    ("girl|lass|schoolgirl", 2, 45),
    ("toddler|infant", 0, 6),
    ("great-grandmother|great-grandfather|grandmother|grandfather", 32, 200),
    ("grown (?:man|woman)", 14, 200),
    ("elderly", 40, 200),
    ("middle-aged", 30, 72),
)
_STAGE: Final = "|".join(words for words, _, _ in _SPANS[:-2])
# Each of them has one of these; the adults may be of any age.
_WORDS: Final = frozenset(re.findall("[a-z]+", _STAGE)) - frozenset(
    re.findall("[a-z]+", f"{_ADULT} person great")
)
# Not "a stable boy", "a good girl".
_ADJECTIVE: Final = (
    "(?:(?:very|rather|now|small|little|tiny|tall|thin|lean|skinny|stout|plump|fat|pale|dark|freckled|barefoot|shy"
    "|quiet|silent|serious|solemn|sullen|clever|bright|cheerful|gentle|kind|kindly|frail|bent|stooped|stooping|tired"
    "|weary|grumpy|gruff|handsome|pretty|plain|proud|toothless|wrinkled|wiry|gangling|lanky|ragged|mere|curious|deaf"
    "|lonely|sad|happy|polite|nervous|fierce),? (?:and )?){0,2}"
)
_ENDS: Final = (
    r"(?=[,.;:!]| (?:with|whose|who|and|in|on|from)\b)"
    r"(?! at heart\b| in (?:spirit|love|his eyes|her eyes|everything)\b)"
)
_WAS: Final = r"(?:was|is) (?:now |already |still |only |just |by now )?"
_FORMS: Final = PatternSet[None](
    (lazy_pattern(pattern), None)
    for pattern in (
        rf"(?P<who>{DOES}),? (?:who )?{_WAS}an? {_ADJECTIVE}(?P<stage>{_STAGE}){_ENDS}",
        rf"(?P<who>{NAME}), (?:now |already |still )?an? {_ADJECTIVE}(?P<stage>{_STAGE}){_ENDS}",
        rf"\b[Tt]he {_ADJECTIVE}(?P<stage>{_STAGE}),? (?P<who>{NAME})(?=,)",
        rf"\b[Tt]he {_ADJECTIVE}(?P<stage>{_STAGE}) (?:in|on|at|by|with|behind|beside) [^.;:,]{{1,30}} (?:was|is) "
        rf"(?P<who>{NAME})(?=[.,;])",
        rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?(?:now )?(?:an? |the )?(?:proud )?"
        rf"(?P<stage>(?:great-)?grand(?:mother|father))\b(?=[,.;]| of (?!the\b|an?\b|his\b|her\b)[a-z])",
        rf"\b[Aa]n? (?:[\w-]+ )?{_ADJECTIVE}(?P<stage>{_STAGE})\b[^.;:“”\"]{{0,60}}[;:,–—] (?:it|this|that) (?:was|is) "
        rf"(?P<who>{NAME})(?=[.,;!])",
        rf"\b[Tt]he (?P<stage>elderly|middle-aged) (?:[\w-]+ ){{1,2}}?(?P<who>{NAME})(?!'s)",
        rf"\b[Tt]he (?P<stage>elderly|middle-aged) (?:[\w-]+ )?[\w-]+, (?P<who>{NAME}),",
    )
)
# "Desmond sat down; the old man was out of breath."
_GOES_ON: Final = lazy_pattern(
    rf"(?P<who>{NAME})(?!'s)[^.;:“”\"]{{3,120}}(?:;|:| [–—]) the (?:poor )?(?P<stage>{_STAGE}) (?:was|had"
    rf"|could|did|must|[a-z]+ed)\b"
)
_ANY_NAME: Final = lazy_pattern(NAME)
_FEMALE: Final = lazy_pattern(r"woman|girl|lady|lass|maid|spinster|crone|widow(?!er)")
# What is not so, or is so at another time.
_NOT_NOW: Final = lazy_pattern(
    r"\b(?:when|once|then|by the time|until|before|after|remember\w*|used to|in those days|at the time"
    r"|as if|as though"
    r"|like|look\w*|seem\w*|felt|feels?|feeling|play\w*|dress\w*|pretend\w*|call\w*|almost|soon|one day"
    r"|would|will|never"
    r"|not|no longer|hardly|scarcely|more|photograph\w*|picture\w*|portrait\w*|statue|than)\b",
    re.IGNORECASE,
)
_SPAN_OF: Final = tuple((lazy_pattern(words), least, most) for words, least, most in _SPANS)


def check_life_stages(cast: Cast) -> Iterator[Finding]:
    if cast.reading.words.isdisjoint(_WORDS):
        return
    known = {id(person): age for person in cast.people.values() if (age := known_age(person)) is not None}
    if not known:
        return
    for line in cast.lines_with(_WORDS):
        for person, match in _told(cast, line):
            if (age := known.get(id(person))) is None or _NOT_NOW.search(line.text):
                continue
            least, most = _span_of(match["stage"])
            span = line.span(*match.span())
            if (
                (age.most < least or age.least > most)
                and cast.reading.is_asserted(*span)
                and not cast.reading.is_past(*span)
                and not cast.reading.is_in_frame(span[0])
                and not cast.reading.is_in_flashback(span[0])
            ):
                why = f"{person.name} is {age.told}, and not “{match['stage']}”."
                yield cast.finding(person, span, age.statement, why, strength="likely", is_time=True)
                break


def _told(cast: Cast, line: Line) -> Iterator[tuple[Person, re.Match[str]]]:
    for match, _ in _FORMS.find(line.text):
        if (meant := cast.person_at(line, match)) is not None:
            yield meant[0], match
    further = _GOES_ON.search(line.text)
    # The boy may be another one, if the line speaks of anybody else.
    if further is not None and not any(
        unnamed.search(line.text, 0, further.start("stage") - 4) for unnamed in UNNAMED.values()
    ):
        meant, others = cast.person_at(line, further), set(_ANY_NAME.findall(line.text))
        if meant is not None and len(others) == 1 and _is_of(meant[0].pronoun, further["stage"]):
            yield meant[0], further


def _is_of(pronoun: str, stage: str) -> bool:
    return pronoun == ("she" if _FEMALE.search(stage) else "he")


def _span_of(stage: str) -> tuple[int, int]:
    return next((least, most) for words, least, most in _SPAN_OF if words.fullmatch(stage))
