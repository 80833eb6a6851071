"""Facts about characters: life and death, abilities, age, occupation and species."""

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
_SPEECH_VERBS: Final = (
    "said|asked|called|shouted|whispered|answered|replied|cried|murmured|laughed|explained|added"
)
# An inability as summaries express it, and the verbs that contradict it.
_UNABLE: Final = tuple(
    (re.compile(fact, re.IGNORECASE), does)
    for fact, does in (
        (r"\bblind since birth\b|(?<!one )\bblind(?! eye| in one)\b", r"saw|watched|read|glimpsed|spotted"),
        (r"\bdeaf\b(?! in one)|\bcannot hear\b", r"heard|listened|overheard"),
        (r"\bmute\b|\bcannot speak\b|\bcannot talk\b", rf"{_SPEECH_VERBS}|spoke|sang"),
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


def check_character_facts(cast: Cast) -> Iterator[Finding]:
    for person in cast.people:
        yield from _alive(cast, person)
        yield from _able(cast, person)
        yield from _age(cast, person)
        yield from _occupation_or_species(cast, person, ("role", "title", "occupation", "profession"), ROLES)
        yield from _occupation_or_species(cast, person, ("species",), SPECIES)


def _alive(cast: Cast, person: Person) -> Iterator[Finding]:
    known = _DEAD.search(person.facts)
    # "Her husband died" is about someone else.
    if known is None or re.search(
        r"\b(?:her|his|their|whose) \w+[^.]*$", person.facts[: known.start()], re.IGNORECASE
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
        for match in cast.references(person, pattern):
            if _is_asserted(cast, match):
                why = f"{person.name} is dead."
                yield person.finding(cast.prose, match.span(), known.group(), why, is_time=True)
                return


def _able(cast: Cast, person: Person) -> Iterator[Finding]:
    inabilities = [(known.group(), does) for fact, does in _UNABLE if (known := fact.search(person.facts))]
    for known in _CANNOT.finditer(person.facts):
        action = verb_forms(_infinitive(known["verb"].casefold()))
        if known["object"]:
            action = rf"(?:{action}|unholstered|drew) (?:\w+ ){{0,2}}?{known['object']}"
        inabilities.append((known.group(), action))
    for statement, does in inabilities:
        who = rf"(?P<who>{person.names}|\b(?:[Ss]he|[Hh]e))"
        patterns = [
            rf"{who}(?!['’]s)(?: (?:had|then|just|quickly|slowly|always|once|never)| \w+ly)?,? "
            rf"(?:{does})\b(?! (?:up|for|as|through|away|at) (?:people|the crowd)\b| through\b)",
        ]
        if "spoke" in does:
            patterns.append(rf"”[,]? (?:{_SPEECH_VERBS}) (?P<who>{person.names})")
        for pattern in patterns:
            for match in cast.references(person, pattern):
                if _is_asserted(cast, match):
                    yield person.finding(cast.prose, match.span(), statement, f"{person.name}: {statement}.")
                    break


def _infinitive(verb: str) -> str:
    """Return the infinitive of "carries", "sings" and the like."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def _age(cast: Cast, person: Person) -> Iterator[Finding]:
    if trait := person.trait("age"):
        age, statement = number_of(trait[0]), trait[1]
    elif aged := _AGED.search(person.element.summary):
        age, statement = number_of(aged["age"] or aged["age2"]), aged.group()
    else:
        return
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
        # "At nineteen" may refer to the past, but not to a birthday that is still to come.
        (rf"\bAt {number},? (?P<who>{person.names})", True),
    )
    for pattern, may_be_past in patterns:
        for match in cast.references(person, pattern):
            stated = number_of(match["age"])
            if stated is None or abs(stated - age) < 2 or (may_be_past and stated < age):
                continue
            if cast.prose.is_asserted(*match.span()):
                why = f"{person.name} is {age}, not {stated}."
                yield person.finding(cast.prose, match.span(), statement, why, is_time=True)
                return


def _occupation_or_species(
    cast: Cast, person: Person, keys: tuple[str, ...], words: tuple[str, ...] | list[str]
) -> Iterator[Finding]:
    """Yield the first statement of a different occupation or species (one of ``words``) than the trait in ``keys``."""
    known = person.trait(*keys)
    if known is None:
        return
    value = rf"(?P<value>(?:[\w']+ )??(?:{'|'.join(words)}))\b(?!['’]s)"
    by_name = (
        rf"(?P<who>{person.names}), (?:the|an?|being an?) {value}(?=[,.;])",
        rf"(?P<who>{person.names})(?:, being| was| is| had become) (?:an? |the )(?:(?:very|small|young|old"
        rf"|good) ){{0,2}}{value}",
        rf"\bAs (?:an? |the )?{value}, (?P<who>{person.names})",
        rf"\bthe {value}(?: of the \w+)?, (?P<who>{person.names})",
    )
    by_pronoun = (
        rf"(?P<who>\b(?:She|He)) was (?:only )?(?:an? |the )(?:(?:very|small|young|old|good) "
        rf"){{0,2}}{value}(?=[,.;]| and\b)"
    )
    facts = person.facts.casefold()
    # A pronoun counts only at the start of a sentence, with its capital letter.
    for pattern, flags in (*((pattern, re.IGNORECASE) for pattern in by_name), (by_pronoun, re.NOFLAG)):
        for match in cast.references(person, pattern, flags):
            last = match["value"].split()[-1].casefold()
            if last not in facts and cast.prose.is_asserted(*match.span()):
                why = f"{person.name}: {known[1]}."
                yield person.finding(cast.prose, match.span(), known[1], why)
                return


def _is_asserted(cast: Cast, match: re.Match[str]) -> bool:
    start, end = match.span()
    # The match may contain speech; its person must be named by the narrator.
    at = match.start("who")
    is_asserted = cast.prose.is_asserted(at, end, in_speech=not cast.prose.is_speech(at))
    return is_asserted and not cast.prose.is_memory(start, end)
