"""Life and death: characters who are dead and act in the scene."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.people import NAME, Cast, Line, Person
from agents.engine.checks.statements import stated
from agents.engine.text.names import words_of_name
from agents.engine.text.vocabulary import LIVING
from agents.engine.text.word_forms import word_set

_DEATH: Final = re.compile(
    r"\bstatus: (?:dead|deceased|died|killed|executed)\b|\b(?:died|drowned|was killed|killed in|was executed"
    r"|was murdered"
    r"|murdered in|was shot|fell at|is dead|perished|was hanged|is deceased|long dead|deceased|dead since"
    r"|was buried|starved"
    r" to death|froze to death|was slain)\b",
    re.IGNORECASE,
)
# "Her husband died", "since Mother Grace died": somebody else's death.
_OTHERS: Final = re.compile(
    r"\b(?:her|his|their|whose) (?:[\w'-]+ ){1,5}$|\b(?:since|after|when|before|until) (?:[A-Z][\w'-]*|the"
    r"|old) (?:[\w'-]+ ){0,3}$"
    r"|\b(?:which|that|where|in which) (?:[\w'-]+ ){0,4}$",
    re.IGNORECASE,
)
_OWN: Final = re.compile(r"\b(?:she|he|they|who)\s+(?:\w+ )?$", re.IGNORECASE)
_AFTER_NAME: Final = (
    r"(?:(?:himself|herself|then|just|only|suddenly|always|already|merely|finally|still|also|even|\w+ly)\s+)?"
)
_NO_PASSIVE: Final = r"(?! by\b)"
# What the dead have done, and can still be said of them.
_REMAINS: Final = (
    r"died|drowned|perished|lived|loved|wanted|believed|owned|ruled|reigned|founded|designed|created|invented"
    r"|planted|painted"
    r"|composed|discovered|named|belonged|remained|seemed|used|called|married|hated|served|earned|promised"
    r"|preferred|liked|needed"
    r"|required|deserved|feared|opposed|established|bequeathed|disappeared|vanished|buried|killed|murdered"
    r"|executed|hanged"
    r"|remembered|missed|mourned|commanded|signed|translated|collected|starved|succumbed|passed|expired"
    r"|survived|caused|supposed"
    r"|inspired|restored|ordered|decreed|expected|intended|warned|endowed|invested|trained|hundred|sacred"
    r"|wicked|naked|ragged|rugged"
)
_ACTIVE: Final = (
    rf"(?:(?!(?:{_REMAINS})\b)[a-z]{{2,}}ed|{LIVING}|told|bought|found|held|met|made|drew|shot|rang|swam|flew"
    rf"|threw|drove|got|set|sold"
    r"|let|led|fed|fled|hid|hung|kept|lost|read|rang|slid|spread|struck|swung|tore|wore|won|beat|began|bit|blew"
    r"|dug|fell|felt|heard|knew"
    r"|left|lent|paid|saw|shut|sent|spent|stole|stuck|swept|thought|understood|wept|woke|laid|dealt|bound|clung"
    r"|crept|flung|froze"
    r"|ground|sank|sprang|stung|strode|wound|wrung)"
)
_ACTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!of )(?P<who>{NAME})(?!'s),? {_AFTER_NAME}{_ACTIVE}\b{_NO_PASSIVE}",
        rf"(?P<who>{NAME})(?!'s)(?:, (?:who|by|the|her|his|a|still|one)\b[^,.;]{{1,60}},) {_ACTIVE}\b{_NO_PASSIVE}",
        rf"(?P<who>{NAME}) and (?:the |his |her )?[\w\ue000-\uf8ff]+ (?:\w+ )?{_ACTIVE}\b{_NO_PASSIVE}",
        rf"\b(?:said|asked|called|answered|replied|whispered|shouted|cried|murmured"
        rf"|muttered) (?P<who>{NAME})(?!'s)(?! (?:was|had|is|were)\b)",
        rf"\b(?:stood|sat|lay|waited|knelt|came|strode|walked) (?P<who>{NAME})(?!'s)(?=[,.]| (?:in|at|by|with"
        rf"|on|and|himself|herself)\b)",
        rf"(?P<who>{NAME}), who (?:is|was) (?:\w+ )?(?:waving|sitting|standing|smiling|talking|coming|waiting"
        rf"|\w+ing)\b",
        rf"(?P<who>{NAME}) (?:is|was|were) (?:\w+ )?(?!being\b|missing\b|lying\b|nothing\b|something\b"
        rf"|during\b)\w{{3,}}ing\b",
        rf"(?P<who>{NAME}) (?:is|was) (?:asleep|awake|alive|here|there|back|already|on (?:her|his) (?:feet"
        rf"|knees|way)|up)\b(?! dead)",
        rf"\b(?:found|met|saw|caught|passed|joined|visited|greeted|kissed|thanked|followed"
        rf"|watched) (?P<who>{NAME})(?!'s)"
        r" (?:in|on|at|by|asleep|waiting|coming|outside|there|here|\w+ing)\b",
        rf"\bwhile (?P<who>{NAME}) {_ACTIVE}\b",
        rf"(?P<who>{NAME})'s (?:hands?|fingers|voice|laugh|eyes) (?:shook|trembled|rose|moved|closed|tightened"
        rf"|rang|answered|called"
        r"|filled|met|opened|narrowed|found)\b",
        rf"\b(?:shook|took|held|kissed|grasped|seized|pressed) (?P<who>{NAME})'s (?:hand|arm|cheek|fingers)\b",
        rf"\b(?:handed|gave|spoke to|talked to|turned to|smiled at|nodded to|waved to|walked beside|sat beside"
        rf"|danced with) (?P<who>{NAME})"
        r"(?!'s)(?! (?:was|had|is|lay)\b)",
    )
)
_BEARER_WORDS: Final = word_set("""
    donkey mule dog hound cat horse mare pony ox cow goat parrot raven boat ship barge ferry ketch sloop schooner yacht
""")
_BEARERS: Final = f"(?:{'|'.join(sorted(_BEARER_WORDS))})"
_BEARER: Final = re.compile(
    rf"\b(\w+) the {_BEARERS}\b|\b{_BEARERS},? (?:called |named |was called |was named )?(\w+)\b"
)
# Places that are shown for each of the dead.
_MAX_PLACES: Final = 5
# A namesake, or a thing of the name.
_NAMESAKE: Final = re.compile(
    r"\b(?:named|called|christened|namesake|baptised|baptized|dubbed|nicknamed|ship|boat|vessel|barge|ferry"
    r"|ketch|schooner|sloop"
    r"|horse|mare|dog|hound|cat|mule|donkey|inn|tavern|street|bridge|the younger|junior"
    r"|granddaughter|great-\w+"
    r"|another|hull|sails?|helm|deck|rigging|anchor(?:ed|age)?|harbou?r|moored|rudder|keel)\b",
    re.IGNORECASE,
)
_GHOST: Final = re.compile(
    r"\b(?:ghosts?|shades?|spirits?|spect(?:re|er)s?|apparitions?|haunt\w*|memory|memories|grave|tomb|coffin"
    r"|corpse|dead body|her body|his body|the body|lifeless|bones|dead)\b",
    re.IGNORECASE,
)
_TALE: Final = re.compile(
    r"\b(?:according to|chapter|recit\w+|told of|tells of|read of|reads of|read on|wrote of|spoke of|sang of"
    r"|leave a message|in pencil|in ink|on the back|the file|the report|the transcript|turned the (?:sheet|page"
    r"|card)|pennies|purse"
    r"|closed (?:his|her|their) eyes|thinking of|thought of|the day|the night|the hour|the year|anniversary"
    r"|every year|each year|legend)\b",
    re.IGNORECASE,
)


def check_lives(cast: Cast) -> Iterator[Finding]:
    dead = {id(person): known for person in cast.people.values() if (known := _death(person)) is not None}
    if not dead:
        return
    shared = _shared_words(cast)
    found: Counter[int] = Counter()
    for line in cast.lines:
        for pattern in _ACTS:
            for match in pattern.finditer(line.text):
                meant = cast.person_at(line, match)
                person = meant[0] if meant is not None else None
                if person is None or id(person) not in dead or found[id(person)] >= _MAX_PLACES:
                    continue
                if not shared.isdisjoint(words_of_name(person.name)):
                    continue
                if _acts_now(cast, line, match):
                    found[id(person)] += 1
                    why = f"{person.name} is dead."
                    span = line.span(*match.span())
                    yield cast.finding(person, span, dead[id(person)], why, is_time=True)


def _shared_words(cast: Cast) -> frozenset[str]:
    """Return the words that the text gives as names to animals and ships: "Josse the donkey"."""
    if cast.reading.words.isdisjoint(_BEARER_WORDS):
        return frozenset()
    found = _BEARER.finditer(cast.reading.lower)
    return frozenset(word for match in found for word in match.groups() if word)


def _death(person: Person) -> str | None:
    """Return the words that say that this person, and not another, is dead."""
    for known in stated(_DEATH, person.facts):
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
    around = line.text[max(0, match.start() - 40) : match.end() + 30]
    return not (
        _NAMESAKE.search(around)
        or _GHOST.search(line.text)
        or _TALE.search(reading.plain[max(0, line.sentence.start - 80) : end])
        or reading.is_past(start, end)
        or reading.is_in_flashback(start)
        or reading.is_after_portrait(start)
        or not reading.is_asserted(at, end, in_speech=True)
        or line.text.rstrip("”\"’' ").endswith("?")
    )
