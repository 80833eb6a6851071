"""Life and death: characters who are dead and act in the scene."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.people import NAME, Cast, Line, Person
from agents.engine.text.vocabulary import LIVING

_DEATH: Final = re.compile(
    r"\bstatus: (?:dead|deceased|died|killed|executed)\b|\b(?:died|drowned|was killed|killed in|was executed|was murdered"
    r"|murdered in|was shot|fell at|is dead|perished|was hanged|is deceased|long dead|deceased|dead since|was buried|starved"
    r" to death|froze to death|was slain)\b",
    re.IGNORECASE,
)
# "Her husband died", "since Mother Grace died": somebody else's death.
_OTHERS: Final = re.compile(
    r"\b(?:her|his|their|whose) (?:[\w'-]+ ){1,5}$|\b(?:since|after|when|before|until) (?:[A-Z][\w'-]*|the|old) (?:[\w'-]+ ){0,3}$"
    r"|\b(?:which|that|where|in which) (?:[\w'-]+ ){0,4}$",
    re.IGNORECASE,
)
_OWN: Final = re.compile(r"\b(?:she|he|they|who)\s+(?:\w+ )?$", re.IGNORECASE)
_AFTER_NAME: Final = (
    r"(?:(?:himself|herself|then|just|only|quietly|slowly|suddenly|always|already|simply|merely|finally|still|also|even|\w+ly)\s+)?"
)
_NO_PASSIVE: Final = r"(?! by\b)"
_ACTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!of )(?P<who>{NAME})(?!'s),? {_AFTER_NAME}(?:{LIVING})\b{_NO_PASSIVE}",
        rf"(?P<who>{NAME})(?!'s)(?:, (?:who|by|the|her|his|a|still|one)\b[^,.;]{{1,60}},) (?:{LIVING})\b{_NO_PASSIVE}",
        rf"(?P<who>{NAME}) and (?:the |his |her )?[\w\ue000-\uf8ff]+ (?:\w+ )?(?:{LIVING})\b{_NO_PASSIVE}",
        rf"\b(?:said|asked|called|answered|replied|whispered|shouted|cried|murmured|muttered) (?P<who>{NAME})(?!'s)(?! (?:was|had|is|were)\b)",
        rf"\b(?:stood|sat|lay|waited|knelt|came|strode|walked) (?P<who>{NAME})(?!'s)(?=[,.]| (?:in|at|by|with|on|and|himself|herself)\b)",
        rf"(?P<who>{NAME}), who (?:is|was) (?:\w+ )?(?:waving|sitting|standing|smiling|talking|coming|waiting|\w+ing)\b",
        rf"(?P<who>{NAME}) (?:is|was) (?:\w+ )?(?:waving|sitting|standing|smiling|talking|coming|waiting|walking|running|laughing"
        r"|eating|drinking|singing|whistling|sleeping|cooking|writing|reading|mending|holding|leaning|watching|shouting|alive)\b",
        rf"\bwhile (?P<who>{NAME}) (?:{LIVING})\b",
        rf"(?P<who>{NAME})'s (?:hands?|fingers|voice|laugh|eyes) (?:shook|trembled|rose|moved|closed|tightened|rang|answered|called"
        r"|filled|met|opened|narrowed|found)\b",
        rf"\b(?:shook|took|held|kissed|grasped|seized|pressed) (?P<who>{NAME})'s (?:hand|arm|cheek|fingers)\b",
        rf"\b(?:handed|gave|spoke to|talked to|turned to|smiled at|nodded to|waved to|walked beside|sat beside|danced with) (?P<who>{NAME})"
        r"(?!'s)(?! (?:was|had|is|lay)\b)",
    )
)
# A namesake, or a thing of the name.
_NAMESAKE: Final = re.compile(
    r"\b(?:named|called|christened|namesake|baptised|baptized|dubbed|nicknamed|ship|boat|vessel|barge|ferry|ketch|schooner|sloop"
    r"|horse|mare|dog|hound|cat|mule|donkey|inn|tavern|street|bridge|the younger|the second|junior|granddaughter|great-\w+"
    r"|another|hull|sails?|helm|deck|rigging|anchor(?:ed|age)?|harbou?r|moored|rudder|keel|stern|bow)\b",
    re.IGNORECASE,
)
_GHOST: Final = re.compile(r"\b(?:ghosts?|shades?|spirits?|spect(?:re|er)s?|apparitions?|haunt\w*|memory|memories|grave|tomb|coffin|corpse|body|bones)\b", re.IGNORECASE)  # fmt: skip
_TALE: Final = re.compile(
    r"\b(?:according to|as the|chapter|verse|line|act|scene|recit\w+|told of|tells of|read of|reads of|wrote of|spoke of|sang"
    r"|thinking of|thought of|the day|the night|the hour|the year|anniversary|every year|each year|legend)\b",
    re.IGNORECASE,
)


def check_lives(cast: Cast) -> Iterator[Finding]:
    dead = {id(person): known for person in cast.people.values() if (known := _death(person)) is not None}
    if not dead:
        return
    done: set[int] = set()
    for line in cast.lines:
        for pattern in _ACTS:
            for match in pattern.finditer(line.text):
                meant = cast.person_at(line, match)
                person = meant[0] if meant is not None else None
                if person is None or id(person) in done or id(person) not in dead:
                    continue
                if _acts_now(cast, line, match):
                    done.add(id(person))
                    why = f"{person.name} is dead."
                    span = line.span(*match.span())
                    yield cast.finding(person, span, dead[id(person)], why, is_time=True)


def _death(person: Person) -> str | None:
    """Return the words that say that this person, and not another, is dead."""
    for known in _DEATH.finditer(person.facts):
        before = re.split(r"[.;]", person.facts[: known.start()])[-1]
        if known.group().casefold().startswith("status") or not _OTHERS.search(before) or _OWN.search(before):
            return known.group()
    return None


def _acts_now(cast: Cast, line: Line, match: re.Match[str]) -> bool:
    reading = cast.reading
    start, end = line.span(*match.span())
    # The match may contain speech; its person must be named by the narrator.
    at = line.span(match.start("who"), match.end("who"))[0]
    if reading.is_speech(at):
        return False
    around = line.text[max(0, match.start() - 60) : match.end() + 40]
    return not (
        _NAMESAKE.search(around)
        or _GHOST.search(line.text)
        or _TALE.search(line.text[: match.end()])
        or reading.is_past(start, end)
        or reading.is_past(start, line.sentence.end)
        or reading.is_after_portrait(start)
        or not reading.is_asserted(at, end, in_speech=True)
        or line.text.rstrip("”\"’' ").endswith("?")
    )
