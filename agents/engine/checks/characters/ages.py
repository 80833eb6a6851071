"""Ages of characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from agents.engine.checks.characters.age_forms import AGES, SPANS
from agents.engine.checks.characters.cast.people import NAME, Cast, Line, is_other_subject
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.sole_ages import NOT_SO, SOLE_AGES, contradicts
from agents.engine.checks.characters.sole_person import only_person
from agents.engine.checks.facts.ages import AGE_SPAN
from agents.engine.checks.finding import Finding, Strength
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import NUMBER, NUMBER_WORDS, ORDINAL_WORDS, number_of

# Scenes are full of the others, and nobody who speaks is of that age.
AGE_WORDS: Final = (
    frozenset(("birthday", *SPANS))
    | ORDINAL_WORDS - {"first", "second", "third", "fourth", "fifth"}
    | NUMBER_WORDS - {"zero", "one", "both", "dozen"}
)
_MAX_AGE: Final = 130
# Smaller numbers count other things.
_MIN_TOLD: Final = 4
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
_SINCE: Final = lazy_pattern(r"\b(?:since|until|till|when|before|after) $", re.IGNORECASE)
# "Born sixty years ago", "reached sixty last week": an earlier time that tells the age of now.
_TELLS_NOW: Final = lazy_pattern(
    r"\b[Bb]orn\b|\b(?:last|this) (?:week|month|spring|summer|autumn|winter|year)$|\bha[sd] seen\b"
    r"|\blast birthday$|\bthe (?:day|week|month) before$|\byesterday$|\bhad (?:only )?just\b|\b(?:barely|hardly"
    r"|scarcely|just"
    r"|newly) turned\b"
    r"|\bhad (?:reached|entered|begun) (?:his|her)\b|\bturned [\w-]+ (?:without|that|on the)\b|\bto (?:his|her) name$"
)
_GUESSED: Final = lazy_pattern(
    r"(?: years old)?,? (?:perhaps|maybe|or (?:so|thereabouts|\w+)|in the (?:\w+ )?(?:photograph|picture|portrait"
    r"|painting|film|story|play))\b"
)
_ANY_NUMBER: Final = lazy_pattern(rf"\b(?:{NUMBER})\b", re.IGNORECASE)


class Age(NamedTuple):
    """An age between the ``least`` and the ``most`` years, both included, and the ``statement`` of it."""

    least: int
    most: int
    statement: str

    @property
    def told(self) -> str:
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most}"

    def nearest(self, years: int) -> int:
        return min(max(years, self.least), self.most)


def check_ages(cast: Cast) -> Iterator[Finding]:
    known = {id(person): age for person in cast.people.values() if (age := known_age(person)) is not None}
    if not known:
        return
    done: set[int] = set()
    yield from _compared(cast, known)
    for line in cast.lines_with(cast.reading.numbers | AGE_WORDS):
        yield from _by_form(cast, line, known, done)
        yield from _of_only_person(cast, line, known, done)


def _compared(cast: Cast, known: dict[int, Age]) -> Iterator[Finding]:
    """Yield comparisons of two ages that the world turns round: "Wren was older than Ilka"."""
    for line in cast.lines_with(_COMPARING):
        for match in _COMPARED.finditer(line.text):
            one, other = cast.person_at(line, match), cast.person_at(line, match, "other")
            if one is None or other is None or not {id(one[0]), id(other[0])} <= known.keys():
                continue
            older, younger = (other, one) if match["less"] else (one, other)
            age, other_age = known[id(one[0])], known[id(other[0])]
            span = line.span(*match.span())
            if (
                known[id(older[0])].most < known[id(younger[0])].least
                and cast.reading.is_asserted(*span)
                and not cast.reading.is_past(*span)
            ):
                why = f"{one[0].name} is {age.told}, and {other[0].name} {other_age.told}."
                strength: Strength = "proven" if one[1] and other[1] else "likely"
                yield cast.finding(one[0], span, age.statement, why, strength=strength, is_time=True)


_COMPARING: Final = frozenset(("older", "younger", "elder", "senior", "junior", "old"))
_COMPARED: Final = lazy_pattern(
    rf"(?P<who>{NAME}),? (?:who )?(?:was|is) (?:(?:much|far|a little|[\w-]+ years?|by \w+ years) )?"
    rf"(?:older than|(?:twice|three times|half as) (?:again )?(?:as old|the age)(?: as| of)|the senior of"
    rf"|(?P<less>younger than|the junior of|half the age of|half as old as)) (?P<other>{NAME})(?!'s)"
)


def _of_only_person(cast: Cast, line: Line, known: dict[int, Age], done: set[int]) -> Iterator[Finding]:
    """Yield an age in a sentence whose only person it must be, in words that no form has foreseen."""
    for match, limit in SOLE_AGES.find(line.text):
        person = _told_of(cast, line, match)
        if person is None or id(person) not in known or id(person) in done:
            continue
        own = known[id(person)]
        told, span = number_of(match["age"]), line.span(*match.span())
        if told is None or told < _MIN_TOLD or told > _MAX_AGE:
            continue
        age = own.nearest(told)
        if (
            not contradicts(told, age, limit)
            or NOT_SO.search(line.text)
            or _tells(line.text, own)
            or _GUESSED.match(line.text, match.end())
            or (told < age and _is_earlier(cast, line, match))
        ):
            continue
        if (
            cast.reading.is_asserted(*span)
            and not cast.reading.is_in_frame(span[0])
            and not cast.reading.is_in_flashback(span[0])
        ):
            done.add(id(person))
            why = f"{person.name} is {own.told}, not {told}."
            yield cast.finding(person, span, own.statement, why, strength="likely", is_time=True)


def _is_earlier(cast: Cast, line: Line, match: re.Match[str]) -> bool:
    """Return whether an age is one of the past: "she had known Mira since Mira was four"."""
    return _SINCE.search(line.text, 0, match.start()) is not None or (
        cast.reading.is_past(*line.span(*match.span())) and _TELLS_NOW.search(match.group()) is None
    )


def _told_of(cast: Cast, line: Line, match: re.Match[str]) -> Person | None:
    """Return the person whom a match names as its subject, or the only one of the line."""
    if is_other_subject(line, match, match.start()):
        return None
    numbers = {ord(sign) - 0xE000 for sign in match.group() if "\ue000" <= sign <= "\uf8ff"}
    return cast.people[next(iter(numbers))] if len(numbers) == 1 else only_person(cast, line, match)


def _by_form(cast: Cast, line: Line, known: dict[int, Age], done: set[int]) -> Iterator[Finding]:
    """Yield an age that a sentence gives to somebody in one of the known forms."""
    for match, may_be_past in AGES.find(line.text):
        meant = cast.person_at(line, match)
        if meant is None or id(meant[0]) not in known or id(meant[0]) in done:
            continue
        person, is_name = meant
        own = known[id(person)]
        words = match.groupdict()
        is_limit = "under" in words
        told = _told_age(words["under" if is_limit else "age"], own)
        if told is None:
            continue
        age = own.nearest(told)
        if (
            abs(told - age) < (5 if "about" in words else 2)
            or (may_be_past and told < age)
            or (is_limit and told > age)
        ):
            continue
        if _tells(line.text, own) or _GUESSED.match(line.text, match.end()):
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
        # "Would be seventy in the spring" is no supposition.
        is_told = cast.reading.is_presupposed if "future" in words else cast.reading.is_asserted
        if not is_past and is_told(at, span[1]):
            done.add(id(person))
            why = f"{person.name} is {own.told}, not {told}."
            strength: Strength = "proven" if is_name else "likely"
            told_at = line.span(match.start(), max(match.end(), match.end("under" if is_limit else "age")))
            yield cast.finding(person, told_at, own.statement, why, strength=strength, is_time=True)


@lru_cache(maxsize=4096)
def known_age(person: Person) -> Age | None:
    """Return the age that the traits or the summary of a person state, in so many years or as a span."""
    trait = person.trait("age")
    if trait is not None and (age := number_of(trait[0])) is not None:
        return Age(age, age, trait[1])
    if (span := person.trait(AGE_SPAN)) is not None:
        least, _, most = span[0].partition(" to ")
        return Age(int(least), int(most), span[1])
    return None


def _told_age(words: str, known: Age) -> int | None:
    """Return the age that words tell; of "sixties" that of the decade which is nearest to the ``known`` one."""
    span = SPANS.get(words.lower())
    return min(max(known.least, span[0]), span[1]) if span is not None else number_of(words)


def _tells(sentence: str, age: Age) -> bool:
    """Return whether a sentence has the right age of a person, beside a wrong one."""
    numbers = (number_of(found.group()) for found in _ANY_NUMBER.finditer(sentence))
    return any(number is not None and age.least <= number <= age.most for number in numbers)
