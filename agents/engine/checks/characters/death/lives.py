"""Life and death: characters who are dead and act in the scene."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from agents.engine.checks.characters.cast.own_words import speaker_of
from agents.engine.checks.characters.cast.people import Cast, Line, sign_of
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.cast.places import Places
from agents.engine.checks.characters.death.absence import (
    ALREADY,
    BEFORE_ANOTHER,
    GHOST,
    HABITUAL,
    HAD_JUST,
    IN_RELATIVE,
    LOOKS_FROM,
    NOT_OBJECTS,
    OBJECT,
    PREPOSITIONS,
    RELATIVE,
    REVEALED,
    TALE,
)
from agents.engine.checks.characters.death.acts import ACTS, THEN_ACTS
from agents.engine.checks.characters.death.company import FROM_AFAR
from agents.engine.checks.characters.death.namesakes import BEARER, GRACE, NAMESAKE, NAMING, NOT_GIVEN
from agents.engine.checks.characters.death.presence import HABIT, IS_AT, LEFT_HERE, TOLD
from agents.engine.checks.characters.death.records import (
    CONDITIONAL,
    is_record,
    without_recent,
)
from agents.engine.checks.characters.death.scene import PLUPERFECT_BEFORE, is_now, is_of_scene
from agents.engine.checks.characters.death.words import GESTURES, MOVED
from agents.engine.checks.facts.deaths import DECEASED
from agents.engine.checks.finding import Finding, Strength
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.index import words_of_name
from agents.engine.text.reading import Reading
from agents.engine.text.stances.past import is_past, tells_of_past


def check_lives(cast: Cast) -> Iterator[Finding]:
    dead = {id(person) for person in cast.people.values() if person.is_dead}
    if not dead:
        return
    shared = _shared_words(cast)
    signs = {sign_of(number) for number, person in cast.people.items() if id(person) in dead}
    places = Places()
    shown: set[int] = set()
    for line in cast.lines:
        # An act is that of a name or a role, never of a pronoun.
        for match, needs in () if signs.isdisjoint(line.text) else ACTS.find(line.text):
            meant = cast.person_at(line, match)
            person = meant[0] if meant is not None else None
            if person is None or id(person) not in dead or not places.may_judge(line, person):
                continue
            if not shared.isdisjoint(words_of_name(person.name)):
                continue
            if "then" in match.re.groupindex and not _is_meant(cast, line, match, person):
                continue
            at = line.span(*match.span("who"))[0]
            speech = cast.reading.speech_at(at)
            if speech is not None:
                acts = _is_told(cast, line, match, speech)
            else:
                acts = _acts_now(cast, line, match) and is_of_scene(cast, line, match, dead, needs)
            if acts:
                if at in shown:
                    continue
                shown.add(at)
                places.add(person)
                why = f"{person.name} is dead, and cannot take part in the scene."
                span = line.span(*match.span())
                # What is told in speech, or by a verb that no list knows, may have an explanation that none knows.
                is_sure = speech is None and "open" not in match.re.groupindex
                strength: Strength = "proven" if is_sure else "likely"
                yield cast.finding(person, span, DECEASED, why, strength=strength, is_time=True)


def _shared_words(cast: Cast) -> frozenset[str]:
    """Return the words that the text gives as names to animals and ships: "Josse the donkey"."""
    if cast.reading.words.isdisjoint(NAMING):
        return frozenset()
    lower = cast.reading.lower
    found = (
        match
        for sentence in cast.reading.sentences_with(NAMING)
        for match in BEARER.finditer(lower, sentence.start, sentence.end)
    )
    return frozenset(word for match in found for word in match.groups() if word) - NOT_GIVEN


def _acts_now(cast: Cast, line: Line, match: re.Match[str]) -> bool:
    reading = cast.reading
    start, end = line.span(*match.span())
    at = line.span(match.start("who"), match.end("who"))[0]
    around = line.text[max(0, match.start() - 40) : match.end() + 60]
    before = line.text[max(0, match.start("who") - 40) : match.start("who")]
    return not (
        GRACE.match(line.text)
        or NAMESAKE.search(around)
        or _tells_of_dead(line.text)
        or RELATIVE.search(before)
        or (match.start() == match.start("who") and IN_RELATIVE.search(before))
        or _is_object(before)
        or BEFORE_ANOTHER.match(line.text)
        or ("afar" in match.re.groupindex and FROM_AFAR.search(before))
        or (is_now(match) and before.rstrip().rpartition(" ")[2].lower() in PREPOSITIONS)
        or _tale_end(line.text) <= match.end()
        or _last_revealing(line.text) >= match.end()
        or LOOKS_FROM.search(line.text, match.start())
        or (not is_now(match) and LEFT_HERE.search(line.text[match.end("who") :]))
        or (HABITUAL.search(line.text, match.end()) and not HABIT.search(match.group()))
        or ((following := reading.next_sentence(start)) is not None and _last_revealing(following.text) >= 0)
        or (_is_past(reading, line, match))
        or (reading.is_in_flashback(start) and not _is_recent(reading, line))
        or reading.is_in_frame(start)
        or not (
            reading.is_asserted(at, end, in_speech=True)
            or (_is_presupposed_in(match, before) and reading.is_presupposed(at, end))
            or _is_planned(reading, line, match, at, end)
        )
        or line.text.rstrip("”\"’' ").endswith("?")
    )


@lru_cache(maxsize=256)
def _tells_of_dead(text: str) -> bool:
    return GHOST.search(text) is not None


@lru_cache(maxsize=256)
def _tale_end(text: str) -> float:
    """Return where the first words end that open a tale; infinity without any."""
    tale = TALE.search(text)
    return tale.end() if tale is not None else math.inf


@lru_cache(maxsize=256)
def _last_revealing(text: str) -> int:
    """Return where the last words begin that show that an act was no part of the scene; -1 without any."""
    return max((found.start() for found in REVEALED.finditer(text)), default=-1)


def _is_told(cast: Cast, line: Line, match: re.Match[str], speech: tuple[int, int]) -> bool:
    """Return whether a plain speaker, who means it, says where a person is now: "“Dov is in the car,” said Ines"."""
    at = match.start("who")
    if (
        (IS_AT.match(line.text, at) is None and TOLD.match(line.text, at) is None)
        or NAMESAKE.search(line.text, max(0, at - 40), match.end() + 60)
        or GHOST.search(cast.reading.paragraph_up_to(speech[1]))
        or TALE.search(line.text)
    ):
        return False
    reading, (start, end) = cast.reading, line.span(*match.span())
    # Who points at a picture as well is told of by more than a verb of saying.
    speaker = speaker_of(cast, *speech) if _TAG.match(reading.plain, speech[1]) else None
    following = reading.next_sentence(speech[1] - 1)
    return (
        (_follows_act(reading, *speech) if speaker is None else not speaker.is_dead)
        and reading.is_asserted(start, end, in_speech=True)
        and not reading.is_past(start, end)
        and not reading.is_in_frame(start)
        and "?" not in reading.plain[end : speech[1]]
        and (following is None or REVEALED.search(following.text) is None)
    )


def _is_recent(reading: Reading, line: Line) -> bool:
    """Return whether a letter or a log tells of no earlier time than of last night."""
    before = reading.paragraph_up_to(line.sentence.start)
    return is_record(reading) and not is_past(without_recent(before[: len(before) - len(line.sentence.text)]))


def _is_planned(reading: Reading, line: Line, match: re.Match[str], start: int, end: int) -> bool:
    """Return whether a letter or a log says what somebody will do, without a condition."""
    return (
        " will " in match.group()
        and is_record(reading)
        and CONDITIONAL.search(line.text) is None
        and reading.stance(start, end, in_speech=True) == "supposed"
    )


def _is_presupposed_in(match: re.Match[str], before: str) -> bool:
    """Return whether the words hold whatever the rest denies: "nobody moved when Mira came in"."""
    return "told" in match.re.groupindex or _IN_CLAUSE_OF_TIME.search(before) is not None


def _follows_act(reading: Reading, start: int, end: int) -> bool:
    """Return whether speech that ends a paragraph follows what its speaker does: 'The barman shrugged. "Mira is …"'."""
    behind = reading.plain[end : end + 2]
    return not behind.strip(" ") and _ACT_BEFORE.search(reading.plain, max(0, start - 100), start) is not None


_ACT_BEFORE: Final = lazy_pattern(
    rf"(?:^|[.!?\n] ?)(?:[A-Z][a-z]+|The \w+|He|She) (?:\w+ly )?(?:{GESTURES}|{MOVED}|jerked|turned|looked)\b"
    r"(?![^.;:]*\b(?:picture|photograph|portrait|grave|stone|sky|urn|poster|radio|laugh\w*"
    r"|wink\w*)\b)[^.;:“”\"]*[.:] ?$"
)
# Who says it points at no picture.
_TAG: Final = lazy_pattern(
    r",? [\w' ]{3,40}(?:\.|, [“\"]|, and (?!(?:[\w' ]* )?(?:point|wink|smil|laugh|lift|held|showed|touch|look)\w*\b)"
    r"(?![^.]*\b(?:picture|photograph|portrait|grave|stone|sky|urn|mantelpiece|frame|wall|poster|radio)\b)[^.]{3,80}\.)"
)
# "When Mira pushed through the doors" is no less so if nobody moved.
_IN_CLAUSE_OF_TIME: Final = lazy_pattern(
    r"\b(?:when|as|while) $|\b(?:spoke|moved|stirred|waited|slept|talked|sat|stood|played|worked|danced"
    r"|laughed)\b[\w ]{0,20} until $"
)


def _is_meant(cast: Cast, line: Line, match: re.Match[str], person: Person) -> bool:
    """Return whether the pronoun ``then`` means the person, and nobody whom the paragraph calls so before the name."""
    pronoun = match["then"]
    if cast.antecedent(pronoun, line.span(*match.span("then"))[0]) is not person:
        return False
    before = cast.reading.paragraph_up_to(line.sentence.start)
    before = before[: len(before) - len(line.sentence.text)] + line.text[: match.start("who")]
    return re.search(rf"\b(?:{_FORMS[pronoun]})\b", before, re.IGNORECASE) is None


_FORMS: Final = {"he": "he|him|his|himself", "she": "she|her|hers|herself"}


def _is_past(reading: Reading, line: Line, match: re.Match[str]) -> bool:
    if HAD_JUST.search(line.text[: match.start("who")]) or ALREADY.search(match.group()):
        return tells_of_past(line.text)
    if THEN_ACTS.search(match.group()):
        # "She had walked out with them, and she lowered herself on to the wall": the last act is of the scene.
        return tells_of_past(line.text)
    if PLUPERFECT_BEFORE.match(line.text):
        return tells_of_past(line.text) or is_past(PLUPERFECT_BEFORE.sub("", line.text[: match.end()]))
    if is_record(reading):
        text = without_recent(line.text[: match.end()])
        return is_past(text) or tells_of_past(without_recent(line.text))
    return reading.is_past(*line.span(*match.span()))


def _is_object(before: str) -> bool:
    """Return whether a name follows a thing that it says something of: "the bridge the king built"."""
    thing = OBJECT.search(before)
    return (
        thing is not None
        and thing["noun"].lower() not in NOT_OBJECTS
        and str(thing["before"]).lower() not in PREPOSITIONS
    )
