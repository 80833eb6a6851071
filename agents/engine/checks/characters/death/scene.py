"""Acts that belong to the scene of a text, and not to a tale, a proverb or a whole life."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from agents.engine.checks.characters.cast.people import Cast, Line
from agents.engine.checks.characters.death.acts import SHORT, Needs
from agents.engine.checks.characters.death.presence import (
    ALSO_ACTS,
    AND_THEN,
    APPEARS,
    BESIDE,
    COUNTED,
    GESTURE,
    GOES_ON,
    GOES_ON_AFTER,
    GOES_ON_NOW,
    HABIT,
    LEGACY,
    MAKES,
    MOMENT,
    OF_A_LIFE,
    OF_MUCH,
    ON_THE_WAY,
    OPENS,
    OTHERS_ACT,
    OTHERS_HERE,
    SCENIC,
    SMALL_THING,
    SOMEBODY_NEAR,
    TONIGHT,
)
from agents.engine.checks.characters.death.records import IN_RECORDS, is_log, is_record
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.words import NAME_WORDS
from agents.engine.text.reading import Reading

# A text of so many sentences is a scene, which what is told without a frame belongs to.
_SCENE_SENTENCES: Final = 4
_CLAUSE: Final = lazy_pattern(r"[;:]|, (?:and|as|but) ")
# "It had begun to rain, and Mira ran for the bus": the pluperfect is that of the weather.
PLUPERFECT_BEFORE: Final = lazy_pattern(r"^\W*It had (?:\w+ ){0,2}\w+(?=[^.;:]*, (?:and|but|so) )")


def is_now(match: re.Match[str]) -> bool:
    """Return whether an act is told in the present tense, or to come."""
    return match.group().endswith("s") or " will " in match.group()


def _appears(cast: Cast, line: Line, match: re.Match[str]) -> bool:
    """Return whether the words before "it was Mira" tell of somebody who was not yet recognised."""
    if "appears" not in match.re.groupindex:
        return True
    before = cast.reading.paragraph_up_to(line.sentence.start)
    before = before[: len(before) - len(line.sentence.text)]
    return APPEARS.search(before[-120:] + line.text[: match.start()]) is not None


def is_of_scene(cast: Cast, line: Line, match: re.Match[str], dead: Collection[int], needs: Needs) -> bool:
    """Return whether an act is one of the scene, by the signs that it ``needs``; ``dead`` holds ids of people."""
    if is_log(cast.reading) and not OF_A_LIFE.search(line.text):
        return True
    if IN_RECORDS.search(line.text, match.start()) and is_record(cast.reading):
        return True
    if needs is Needs.RECORD:
        return False
    if needs is Needs.MOMENT:
        return _is_of_moment(cast, line, match, dead)
    is_there = needs is Needs.NOTHING and _appears(cast, line, match)
    return is_there or _is_in_scene(cast, line, match, dead)


def _is_of_moment(cast: Cast, line: Line, match: re.Match[str], dead: Collection[int]) -> bool:
    """Return whether a line tells the moment of an act, or another small act after it, and nothing of a whole life."""
    text = line.text
    clause = max(text.rfind(sign, 0, match.start()) for sign in (", and ", ", but ", "; ", ": "))
    if OF_A_LIFE.search(text, max(clause, 0), match.start()) or OF_A_LIFE.search(text, match.end()):
        return False
    also = ALSO_ACTS.search(text, match.end())
    return (
        (also is not None and id(cast.people.get(ord(also["who"]) - 0xE000)) not in dead)
        or AND_THEN.match(text[match.end() :]) is not None
        or TONIGHT.search(text) is not None
        or ON_THE_WAY.search(text) is not None
        or _has_small_thing(text, match)
    )


def _has_small_thing(text: str, match: re.Match[str]) -> bool:
    return MAKES.search(match.group()) is None and SMALL_THING.search(text, match.start()) is not None


def _is_in_scene(cast: Cast, line: Line, match: re.Match[str], dead: Collection[int]) -> bool:
    """Return whether something shows that the act is part of the scene: others who take part, speech, or its moment."""
    sentence = line.sentence
    following = cast.reading.next_sentence(sentence.start)
    rest = line.text[match.end("who") :]
    if is_now(match) and not LEGACY.search(rest):
        # In the present tense proverbs speak of hope and grace as well.
        named = cast.reading.lower[slice(*line.span(*match.span("who")))]
        is_word = named in NAME_WORDS and cast.reading.is_first_word(line.span(*match.span("who"))[0])
        if not is_word and (GOES_ON_NOW.search(rest) or is_record(cast.reading)):
            return True
    if (
        SCENIC.search(line.text[match.start() :])
        or TONIGHT.search(line.text)
        or SHORT.match(line.text)
        or BESIDE.match(line.text)
    ):
        return True
    if (
        _has_small_thing(line.text, match)
        or MOMENT.match(line.text, match.start())
        or ON_THE_WAY.search(line.text, match.start())
        or SOMEBODY_NEAR.search(line.text, 0, match.start("who"))
    ) and not OF_A_LIFE.search(PLUPERFECT_BEFORE.sub("", line.text)):
        return True
    if f"{match['who']} has " in match.group():
        return True
    if '"' in sentence.text or "“" in sentence.text or _follows_speech(cast.reading, sentence.start):
        return True
    before = cast.reading.paragraph_up_to(sentence.start)
    before = before[: len(before) - len(sentence.text)].rstrip()
    if OPENS.match(re.split(r"(?<=[.!?]) ", before)[-1]) and not is_now(match):
        return True
    if match.group() == match["who"]:
        # "Mira did not look up."
        return True
    if HABIT.search(match.group()) and not cast.reading.is_past(*line.span(*match.span())):
        return True
    if GESTURE.search(match.group()) or match.group().startswith(f"{match['who']}'s "):
        return True
    if COUNTED.match(line.text, match.end()) or OF_MUCH.search(_CLAUSE.split(rest, maxsplit=1)[0]):
        return False
    who = match["who"]
    if any(
        "\ue000" <= sign <= "\uf8ff" and sign != who and id(cast.people.get(ord(sign) - 0xE000)) not in dead
        for sign in line.text
    ):
        return True
    if OTHERS_HERE.search(rest) or GOES_ON_AFTER.search(rest):
        return True
    if following is not None and GOES_ON.match(following.text) is not None:
        return True
    if any(
        _acts_beside(cast, other, dead)
        for other in (cast.line_before(sentence), following and cast.line_of(following))
    ):
        return True
    return len(cast.reading.sentences) >= _SCENE_SENTENCES


def _acts_beside(cast: Cast, line: Line | None, dead: Collection[int]) -> bool:
    """Return whether a line begins with the act of somebody who is not dead."""
    other = OTHERS_ACT.match(line.text) if line is not None else None
    return other is not None and id(cast.people[ord(other["who"]) - 0xE000]) not in dead


def _follows_speech(reading: Reading, start: int) -> bool:
    """Return whether a sentence goes on after speech that ends in a sign of its own: “Who is there?” Mira asked."""
    return reading.plain[max(0, start - 3) : start].rstrip(" ").endswith(('?"', "?”", '!"', "!”"))
