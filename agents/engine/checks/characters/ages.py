"""Ages of characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.cast.people import NAME, Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.statements import stated
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.word_forms import NUMBER, NUMBER_WORDS, ORDINAL, ORDINAL_WORDS, number_of

_AGED: Final = lazy_pattern(
    rf"\b(?P<age>{NUMBER})(?:[- ](?:years?|winters|summers)(?:[- ]old)?|$)|\b(?:widow|widower|man|woman|boy|girl) of"
    rf" (?P<age2>{NUMBER})\b|\baged (?P<age3>{NUMBER})\b",
    re.IGNORECASE,
)
_LIFE_WORDS: Final = (
    r"(?:years? (?:old|of age)|winters old|(?:that|this) (?:Easter|Christmas|Lent|year|month|week|day|morning"
    r"|winter|spring|summer"
    r"|autumn)|now\b|and|but|if (?:she|he) (?:was|is) a day"
    r"|today|on the day|at last)"
)
_AGE: Final = rf"(?P<age>(?i:{NUMBER}))"
_ABOUT: Final = (
    "nearly|almost|about|around|pushing|close (?:to|on)|going on|getting on for|approaching|rising"
)
_BIRTH: Final = rf"(?P<age>(?i:{ORDINAL})|\d+(?=th|st|nd|rd))(?:th|st|nd|rd)?"
_DECADES: Final = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
}  # fmt: skip
_DECADE: Final = "|".join(_DECADES)
# Patterns, and whether the age may be one of the past.
_AGES: Final = PatternSet(
    (lazy_pattern(pattern), may_be_past)
    for pattern, may_be_past in (
        (
            rf"(?P<who>{NAME}),?(?: the \w+(?: \w+)?,)? (?:who )?(?:(?:was|is)(?: (?:just|only|barely|still"
            rf"|already|now|all of|a mere|a full|a good))?"
            rf"|had just turned) {_AGE}(?=[,.;]| {_LIFE_WORDS})",
            False,
        ),
        (
            rf"(?P<who>{NAME}), (?:(?:aged|now|only|just|still|barely|already) ){{0,2}}{_AGE}(?: (?:(?:years"
            rf"|winters) old|now|if a day))?(?:,| and (?!counting\b|a half\b)\w+,)",
            False,
        ),
        (
            rf"(?P<who>\b(?:She|He)) (?:was|is|had (?:just )?turned) (?:only |just |barely "
            rf"|still )?{_AGE}(?=[,.;]| {_LIFE_WORDS})",
            False,
        ),
        (
            rf"^\W*(?:(?:[Oo]nly|[Bb]arely"
            rf"|[Jj]ust) )?{_AGE} years old(?: and [\w -]{{1,30}})?, (?P<who>{NAME})(?!'s)",
            False,
        ),
        (rf"\b{_AGE}-year-old (?P<who>{NAME})", False),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:had|has) (?:just |only |already )?turned {_AGE}"
            rf"(?=[,.;]| (?:on|in|that|last|this|the)\b(?! (?:year|day|winter|summer|spring|autumn|month|week) \w))",
            False,
        ),
        (rf"^\W*(?:Now )?[Aa]ged {_AGE}, (?P<who>{NAME})(?!'s)", False),
        (
            rf"(?P<who>{NAME}), (?:though|although) (?:she|he) (?:was|is) (?:only |just |already |now )?{_AGE},",
            False,
        ),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:was|is)(?= no (?:older|more) than (?P<under>(?i:{NUMBER}))(?=[,.;]))",
            False,
        ),
        (rf"(?P<who>{NAME}) (?:would|will) never see {_AGE} again\b", True),
        (rf"(?P<who>{NAME}) at {_AGE} (?:was|is|had|has|still|could|can|looked)\b", True),
        (rf"(?P<who>{NAME}), {_AGE} (?:this|that) (?:\w+),", False),
        (
            rf"(?P<who>{NAME}) (?:has|had) (?:lived|seen) {_AGE} (?:years|winters|summers)\b",
            True,
        ),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?(?:now )?in (?:his|her) (?=\w+ti(?:eth|es)\b|\w+ty-\w+)"
            rf"{_BIRTH} year\b(?! (?:of|as|at|in|with)\b)",
            False,
        ),
        (
            rf"\b[Bb]orn {_AGE} years (?:ago|before|earlier)(?: in [\w' ]{{1,30}})?, (?P<who>{NAME})(?!'s)",
            False,
        ),
        (rf"(?P<who>{NAME}) (?:was|had been) born {_AGE} years (?:ago|before|earlier)\b", False),
        (
            rf"(?P<who>{NAME}) (?:had )?(?:reached|turned) (?:the age of )?{_AGE} (?:last|this) (?:week|month|spring"
            rf"|summer|autumn|winter|year)\b",
            False,
        ),
        (rf"(?P<who>{NAME}) (?:had )?reached (?:the age of )?{_AGE}(?=[,.;])", True),
        (
            rf"^\W*(?:[Dd]ear |[Mm]y dear )?(?P<who>{NAME}), you(?: are|'re) {_AGE}(?=[,.;]| {_LIFE_WORDS})",
            False,
        ),
        (rf"(?P<who>{NAME})(?=, not (?:yet|quite) (?P<under>(?i:{NUMBER})),)", False),
        # Younger than that, and still so.
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:was|is)(?= not (?:yet|quite) (?P<under>(?i:{NUMBER}))(?=[,.;]"
            rf"| (?:and|but|when)\b))",
            False,
        ),
        (
            rf"(?P<who>{NAME}), at (?:the age of )?{_AGE},? (?:is\b|(?:(?:was|could|can) )?(?:still|now|already)\b)",
            False,
        ),
        (rf"(?P<who>{NAME}), at (?:the age of )?{_AGE},", True),
        (
            rf"(?P<who>{NAME}) (?:celebrated|celebrates|was celebrating|had|has|held) (?:her|his) {_BIRTH} birthday"
            rf" (?:that|this|today|tonight|tomorrow|on)\b",
            False,
        ),
        (rf"\bAt the age of {_AGE},? (?P<who>{NAME})", True),
        (
            rf"(?P<who>{NAME}), (?:an? |the )?(?:\w+ )?(?:boy|girl|man|woman|child|lad|youth) of {_AGE}\b",
            False,
        ),
        (rf"\bAt {_AGE},? (?P<who>{NAME}) (?:still|now|is)\b", False),
        (rf"\b[Ii]t (?:was|is) (?P<who>{NAME})'s {_BIRTH} birthday\b", False),
        (
            rf"(?P<who>{NAME})'s {_BIRTH} birthday (?:was|is|fell|falls) (?:on|today|tomorrow|this|next)\b",
            False,
        ),
        (
            rf"(?P<who>{NAME}) (?:was|is) an? (?:\w+ )?(?:boy|girl|man|woman|child|lad|youth"
            rf"|fellow|page|apprentice|widow|widower|bride|maid"
            rf"|squire|student|novice|orphan|spinster|bachelor) of {_AGE}(?=[,.;]"
            rf"| (?:and|who|with|in|at|when)\b)",
            False,
        ),
        (
            rf"[“\"](?:But |And |Oh, )?[Yy]ou(?: are|'re) (?:only |already |nearly )?{_AGE}(?: years old)?,"
            rf" (?P<who>{NAME})(?=[,.;!?”\"])",
            False,
        ),
        (
            rf"[“\"]I(?:(?: a|')m| (?:have |just )?turned|'ve turned|'ll be| will be) (?:only "
            rf"|already )?{_AGE}(?:,? [^”\",]{{1,30}})?[,.]?[”\"],?"
            rf" (?:said|answered|replied|told|admitted"
            rf"|murmured|says)"
            rf" (?P<who>{NAME})",
            False,
        ),
        (
            rf"[“\"]I(?: a|')m (?:only |already )?{_AGE}(?: (?:years old|now))?[,.][”\"] (?P<who>{NAME}) (?:said"
            rf"|answered|replied|told"
            rf"|admitted|says)\b",
            False,
        ),
        (rf"(?P<who>{NAME}) (?:said|answered|replied|says)[,:] [“\"]I(?: a|')m {_AGE}(?=[,.;”\"])", False),
        (
            rf"(?P<who>{NAME})(?=(?:, who)? (?:(?:would|will|shall) (?:be|turn)|was about to turn) {_AGE} (?:on"
            rf"|next|this|that"
            rf"|tomorrow|in (?:January|February|March|April|May|June|July|August|September|October|November|December"
            rf"|the (?:spring|summer|autumn|winter)))\b)",
            False,
        ),
        (rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?(?:only |just )?(?:an?|the) {_AGE}-year-old\b", False),
        (rf"\b{_AGE}-year-old (?!(?:son|daughter|child|brother|sister)\b)\w+ (?P<who>{NAME})", False),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:was|is) (?:well |just |already )?(?:over|past) {_AGE}(?=[,.;]"
            rf"| (?:and|but|now)\b)",
            True,
        ),
        (rf"(?P<who>{NAME})'s {_BIRTH} birthday\b", True),
        (
            rf"(?P<who>{NAME}) [^.;:]{{0,20}}\b(?:celebrated|had|reached|passed) (?:her|his) {_BIRTH} birthday\b",
            True,
        ),
        (rf"(?P<who>{NAME}),? (?:who )?(?:was|is) (?P<about>{_ABOUT}) {_AGE}(?=[,.;]| {_LIFE_WORDS})", False),
        (rf"(?:[:;–—]|,? and|,? but) (?P<who>she|he) (?:was|is) {_AGE}(?=[.;]| {_LIFE_WORDS})", False),
        (
            rf"\b[Oo]n (?:the (?:eve|morning|evening|day|night) of )?(?:her|his) {_BIRTH} birthday,? (?P<who>{NAME})",
            True,
        ),
        (rf"(?P<who>{NAME}) [^.;:]{{0,60}}\bon (?:her|his) {_BIRTH} birthday\b", True),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?(?:still |only |now |already )?(?:an? (?:\w+ )?(?:man"
            rf"|woman) )?"
            rf"(?:well |far |still )?in(?:to)? (?:his|her) (?:early |middle |mid-|late )?(?P<age>{_DECADE})\b",
            False,
        ),
        # "At nineteen" may refer to the past, but not to a birthday that is still to come.
        (rf"\bAt {_AGE},? (?P<who>{NAME})(?!'s)", True),
        (rf"(?P<who>{NAME}) (?:turns|turned) {_AGE}\b(?! (?:times|pages|of|and|the|her|his))", True),
        (
            rf"(?P<who>{NAME}) (?:turns|turned) {_AGE} (?:today|tonight|tomorrow|this (?:morning|week|month|year))\b",
            False,
        ),
        (
            rf"^\W*An? (?:\w+ )?(?:boy|girl|man|woman|child|lad|youth) of {_AGE},? (?P<who>{NAME})(?!'s)",
            False,
        ),
        (
            rf"^\W*(?:Although|Though|Since|Because|As) (?:she|he) (?:was|is) (?:(?:only|just|barely|already"
            rf"|still) )?"
            rf"{_AGE}(?: years old)?, (?P<who>{NAME})(?!'s)",
            False,
        ),
        (rf"(?P<who>{NAME}) \({_AGE}\)", False),
    )
)
# Scenes are full of the others, and nobody who speaks is of that age.
AGE_WORDS: Final = (
    frozenset(("birthday", *_DECADES))
    | ORDINAL_WORDS - {"first", "second", "third", "fourth", "fifth"}
    | NUMBER_WORDS - {"zero", "one", "both", "dozen"}
)
_MAX_AGE: Final = 130
_BIRTHDAY: Final = lazy_pattern(
    r"\b(?:when|before|until|since|in the year|turned|at the age|had been|years? (?:ago|later|before))\b",
    re.IGNORECASE,
)
# "Was twelve years old when her father died", "was thirty then".
_THEN: Final = lazy_pattern(
    r"(?: (?:years?|winters|summers) (?:old|of age))?,? (?:when|then\b(?!,)|at the time|(?:the|that) (?:year|day"
    r"|winter|summer|spring|autumn"
    r"|week) (?:that|when|\w+ (?!was\b|is\b)\w+(?:ed|ame|ent|ell|oke)\b))"
)
# "Born sixty years ago", "reached sixty last week": an earlier time that tells the age of now.
_TELLS_NOW: Final = lazy_pattern(
    r"\b[Bb]orn\b|\b(?:last|this) (?:week|month|spring|summer|autumn|winter|year)$"
)
_GUESSED: Final = lazy_pattern(
    r"(?: years old)?,? (?:perhaps|maybe|or (?:so|thereabouts|\w+)|in the (?:\w+ )?(?:photograph|picture|portrait"
    r"|painting|film|story|play))\b"
)
_ANY_NUMBER: Final = lazy_pattern(rf"\b(?:{NUMBER})\b", re.IGNORECASE)


def check_ages(cast: Cast) -> Iterator[Finding]:
    known = {
        id(person): known_age
        for person in cast.people.values()
        if (known_age := _known_age(person)) is not None
    }
    if not known:
        return
    done: set[int] = set()
    for line in cast.lines_with(cast.reading.numbers | AGE_WORDS):
        for match, may_be_past in _AGES.find(line.text):
            meant = cast.person_at(line, match)
            if meant is None or id(meant[0]) not in known or id(meant[0]) in done:
                continue
            person, is_name = meant
            age, statement = known[id(person)]
            words = match.groupdict()
            is_limit = "under" in words
            told = _told_age(words["under" if is_limit else "age"], age)
            if (
                told is None
                or abs(told - age) < (5 if "about" in words else 2)
                or (may_be_past and told < age)
                or (is_limit and told > age)
            ):
                continue
            if _tells(line.text, age) or _GUESSED.match(line.text, match.end()):
                # "“I am fifteen,” said Nino, who was nine."
                continue
            if told > _MAX_AGE and age <= _MAX_AGE and not is_name:
                # "The page was seven hundred years old" is about a sheet.
                continue
            span = line.span(*match.span())
            # The birthday itself is told in the pluperfect: "had turned sixty in the spring".
            behind = span[0] if " turned " in match.group() else span[1]
            is_past = (
                told < age
                and _TELLS_NOW.search(match.group()) is None
                and (
                    _THEN.match(line.text, match.end())
                    or _BIRTHDAY.search(line.text[: match.start()])
                    or cast.reading.is_past(span[0], behind)
                )
            )
            # An age that the person tells stands in speech, which the narrator gives to them.
            at = line.span(*match.span("who"))[0] if match.group()[0] in '“"' else span[0]
            if not is_past and cast.reading.is_asserted(at, span[1]):
                done.add(id(person))
                why = f"{person.name} is {age}, not {told}."
                strength: Strength = "proven" if is_name else "likely"
                told_at = line.span(
                    match.start(), max(match.end(), match.end("under" if is_limit else "age"))
                )
                yield cast.finding(person, told_at, statement, why, strength=strength, is_time=True)


def _known_age(person: Person) -> tuple[int, str] | None:
    if trait := person.trait("age"):
        age, statement = number_of(trait[0]), trait[1]
    elif found := stated(_AGED, person.element.summary):
        aged = found[0]
        age, statement = number_of(aged["age"] or aged["age2"] or aged["age3"]), aged.group()
    else:
        return None
    return (age, statement) if age is not None else None


def _told_age(words: str, known: int) -> int | None:
    """Return the age that words tell; of "sixties" that of the decade which is nearest to the ``known`` one."""
    decade = _DECADES.get(words.lower())
    return min(max(known, decade), decade + 9) if decade is not None else number_of(words)


def _tells(sentence: str, age: int) -> bool:
    """Return whether a sentence has the right age of a person, beside a wrong one."""
    return any(number_of(found.group()) == age for found in _ANY_NUMBER.finditer(sentence))
