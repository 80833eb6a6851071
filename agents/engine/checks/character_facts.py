"""What people are and can do: alive or dead, of an age, of a trade or species, able or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.people import Cast, Person
from agents.engine.text.vocabulary import LIVING, ROLES, SPECIES
from agents.engine.text.word_forms import NUMBER, number_of, verb_forms

_DEAD: Final = re.compile(
    r"\bstatus: (?:dead|deceased|died)\b|\b(?:died|drowned|was killed|killed in|was executed|was murdered|murdered in"
    r"|was shot|fell at|is dead|perished)\b",
    re.IGNORECASE,
)
_SAID: Final = "said|asked|called|shouted|whispered|answered|replied|cried|murmured|laughed|explained|added"
# What somebody cannot do, as summaries put it, and what a text says that somebody did all the same.
_UNABLE: Final = tuple(
    (re.compile(said, re.IGNORECASE), does)
    for said, does in (
        (r"\bblind since birth\b|(?<!one )\bblind(?! eye| in one)\b", r"saw|watched|read|glimpsed|spotted"),
        (r"\bdeaf\b(?! in one)|\bcannot hear\b", r"heard|listened|overheard"),
        (r"\bmute\b|\bcannot speak\b|\bcannot talk\b", rf"{_SAID}|spoke|sang"),
        (r"\b(?:uses|is in|needs) a wheelchair\b", r"stood up|got up|walked|ran|paced|strode|climbed|jumped"),
        (r"\b(?:does not|doesn't|never) drinks?\b|\bteetotal\w*", r"drank|(?:emptied|drained) (?:\S+ "
                                                                  r"){1,4}(?:brandy|whisk\w+|gin|wine|rum|beer|ale)"),
        (r"\b(?:does not|doesn't|never) smokes?\b", r"smoked|lit (?:a|another|one)(?: \S+){0,3} cigar\w*"),
    )
)  # fmt: skip
_CANNOT: Final = re.compile(
    r"\b(?:cannot|can't|can not|does not|doesn't|never) (?P<verb>(?!speak|talk|hear|drink|smoke|be|have|use|see|do)\w+)"
    r"(?: (?:a|an|the) (?P<object>\w+))?",
    re.IGNORECASE,
)
_AGED: Final = re.compile(
    rf"\b(?P<age>{NUMBER})(?:[- ](?:years?|winters|summers)(?:[- ]old)?|$)|\b(?:widow|widower|man|woman|boy|girl) of"
    rf" (?P<age2>{NUMBER})\b",
    re.IGNORECASE,
)
_LIFE_WORDS: Final = (
    r"(?:years? old|winters old|that (?:year|winter|spring|summer|autumn)|now\b|and|but|today)"
)


def wrong_lives(cast: Cast) -> Iterator[Finding]:
    for person in cast.people:
        yield from _alive(cast, person)
        yield from _able(cast, person)
        yield from _age(cast, person)
        yield from _being(cast, person, ("role", "title", "occupation", "profession"), ROLES)
        yield from _being(cast, person, ("species",), SPECIES)


def _alive(cast: Cast, person: Person) -> Iterator[Finding]:
    known = _DEAD.search(person.about)
    # "Her husband died" is said of another.
    if known is None or re.search(
        r"\b(?:her|his|their|whose) \w+[^.]*$", person.about[: known.start()], re.IGNORECASE
    ):
        return
    patterns = (
        rf"(?<!of )(?P<who>{person.names})(?!['’]s),? (?:(?:himself|herself|then|just|only|quietly"
        rf"|slowly)\s+)?(?:{LIVING})\b",
        rf"(?P<who>{person.names})(?!['’]s)(?:, (?:who|by)\b[^,.;]{{1,60}},) (?:{LIVING})\b",
        rf"(?:said|asked|called|answered|replied|whispered) (?P<who>{person.names})(?!['’]s)",
        rf"(?:stood|sat|lay|waited|knelt) (?P<who>{person.names})(?!['’]s)(?=[,.])",
        rf"(?P<who>{person.names}), who (?:is|was) (?:\w+ )?(?:waving|sitting|standing|smiling|talking"
        rf"|coming|waiting)\b",
        rf"\bwhile (?P<who>{person.names}) (?:{LIVING})\b",
    )
    for pattern in patterns:
        for match in re.finditer(pattern, cast.prose.text):
            if _vouched(cast, match) and cast.who(match["who"], match.start("who")) is person:
                why = f"{person.name} is dead."
                yield person.finding(cast.prose, match.span(), known.group(), why, is_time=True)
                return


def _able(cast: Cast, person: Person) -> Iterator[Finding]:
    wanted = [(known.group(), does) for said, does in _UNABLE if (known := said.search(person.about))]
    for known in _CANNOT.finditer(person.about):
        deed = verb_forms(_plain_verb(known["verb"].casefold()))
        if known["object"]:
            deed = rf"(?:{deed}|unholstered|drew) (?:\w+ ){{0,2}}?{known['object']}"
        wanted.append((known.group(), deed))
    for statement, does in wanted:
        who = rf"(?P<who>{person.names}|\b(?:[Ss]he|[Hh]e))"
        patterns = [
            rf"{who}(?!['’]s)(?: (?:had|then|just|quickly|slowly|always|once|never)| \w+ly)?,? "
            rf"(?:{does})\b(?! (?:up|for|as|through|away|at) (?:people|the crowd)\b| through\b)",
        ]
        if "spoke" in does:
            patterns.append(rf"”[,]? (?:{_SAID}) (?P<who>{person.names})")
        for pattern in patterns:
            for match in re.finditer(pattern, cast.prose.text):
                is_theirs = cast.who(match["who"], match.start("who")) is person
                if is_theirs and _vouched(cast, match):
                    yield person.finding(cast.prose, match.span(), statement, f"{person.name}: {statement}.")
                    break


def _plain_verb(verb: str) -> str:
    """The infinitive of "carries", "sings" and the like."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def _age(cast: Cast, person: Person) -> Iterator[Finding]:
    known = person.trait("age")
    statement = known[1] if known else ""
    found = _AGED.search(person.element.summary)
    if known is None and found is None:
        return
    age = number_of(known[0]) if known else number_of(found["age"] or found["age2"] or "") if found else None
    statement = statement or (found.group() if found else "")
    if age is None:
        return
    number = rf"(?P<age>{NUMBER})"
    patterns = (
        (
            rf"(?P<who>{person.names}),? (?:who )?(?:was|is|was just|had just turned) {number}(?=[,.;]| {_LIFE_WORDS})",
            False,
        ),
        (rf"(?P<who>{person.names}), {number}(?: (?:years|winters) old)?,", False),
        (rf"(?P<who>\b(?:She|He)) was {number}(?=[,.;]| {_LIFE_WORDS})", False),
        (rf"\b{number}-year-old (?P<who>{person.names})", False),
        # "At nineteen" may look back; nobody looks back on a birthday that is still to come.
        (rf"\bAt {number},? (?P<who>{person.names})", True),
    )
    for pattern, may_be_past in patterns:
        for match in re.finditer(pattern, cast.prose.text):
            said = number_of(match["age"])
            if said is None or abs(said - age) < 2 or (may_be_past and said < age):
                continue
            if cast.who(match["who"], match.start("who")) is person and cast.prose.is_asserted(*match.span()):
                why = f"{person.name} is {age}, not {said}."
                yield person.finding(cast.prose, match.span(), statement, why, is_time=True)
                return


def _being(
    cast: Cast, person: Person, keys: tuple[str, ...], words: tuple[str, ...] | list[str]
) -> Iterator[Finding]:
    """What somebody is by trade or species: the world says one thing, the text another of the same sort."""
    known = person.trait(*keys)
    if known is None:
        return
    anyone = rf"(?P<value>(?:[\w']+ )??(?:{'|'.join(words)}))\b(?!['’]s)"
    patterns = (
        rf"(?P<who>{person.names}), (?:the|an?|being an?) {anyone}(?=[,.;])",
        rf"(?P<who>{person.names})(?:, being| was| is| had become) (?:an? |the )(?:(?:very|small|young|old"
        rf"|good) ){{0,2}}{anyone}",
        rf"\bAs (?:an? |the )?{anyone}, (?P<who>{person.names})",
        rf"\bthe {anyone}(?: of the \w+)?, (?P<who>{person.names})",
        rf"(?P<who>\b(?:She|He)) was (?:only )?(?:an? |the )(?:(?:very|small|young|old|good) "
        rf"){{0,2}}{anyone}(?=[,.;]| and\b)",
    )
    about = person.about.casefold()
    for pattern in patterns:
        for match in re.finditer(
            pattern, cast.prose.text, re.IGNORECASE if "(?P<who>\\b" not in pattern else 0
        ):
            last = match["value"].split()[-1].casefold()
            if last in about or cast.who(match["who"], match.start("who")) is not person:
                continue
            if cast.prose.is_asserted(*match.span()):
                why = f"{person.name}: {known[1]}."
                yield person.finding(cast.prose, match.span(), known[1], why)
                return


def _vouched(cast: Cast, match: re.Match[str]) -> bool:
    start, end = match.span()
    # Who speaks is told by the narrator, beside the speech.
    at = match.start("who")
    return cast.prose.is_asserted(
        at, end, in_speech=not cast.prose.is_speech(at)
    ) and not cast.prose.is_memory(start, end)
