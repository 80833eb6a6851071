"""Patterns of the living in the company of the dead, by verbs and things of any kind."""

from __future__ import annotations

from typing import Final

from agents.engine.checks.characters.cast.people import NAME
from agents.engine.checks.characters.death import things as t
from agents.engine.checks.characters.death import words as w
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import any_of

_WHO: Final = rf"(?P<who>{NAME})"
_WHOM: Final = rf"{_WHO}(?!'s)"
# Not "was sold to Mira".
_NOT_BY: Final = r"\b(?<!\bwas )(?<!\bwere )(?<!\bbeen )"
_THING: Final = "(?:the|an?|some|his|her|their|another|two|three|more)"
# The rest of a clause up to a name.
_REST: Final = '[^.;:,“”"\ue000-\uf8ff]'
# What is done for the dead, and what is laid on their graves.
_OFFERINGS: Final = any_of(
    """
    candle candles wreath flower flowers rose roses lily lilies stone headstone coffin grave mass prayer prayers lamp
    monument epitaph place cross tomb plot bell toast shroud song ballad chapel church hymn verdict inquest doctor
    """
)
# What is done to somebody who is not there as well.
FROM_AFAR: Final = lazy_pattern(
    r"\b(?:"
    + any_of("""
    prayed drank belonged dedicated owed referred compared wrote listened returned thought built dug mourned wept lit
    raised toasted succeeded likened alluded clung led went looked turned pointed added came put laid left knelt bent
    remembered was were had
    """)
    + rf"|{w.OF_MEMORY})\b"
)
_GAVE: Final = any_of(
    "gave handed slid sold threw tossed explained showed read carried brought offered lent pushed rolled beckoned "
    "signalled muttered"
    " murmured described served demonstrated confessed complained repeated",
    "held out",
)
_MADE_READY: Final = any_of(
    "held opened unlocked cut poured made cooked fried boiled buttered peeled fetched saved translated moved ordered"
    " bought packed warmed mixed rolled heated sliced ironed mended"
)
_FOLLOWED: Final = any_of(
    "ran hurried limped chased trotted shouted stared rode strode looked waved whistled"
)
_CAME: Final = any_of(
    "ran hurried limped trotted rode strode walked crept crawled swam rowed strolled climbed rushed"
)
_JOINED: Final = any_of(
    "danced played argued quarrelled joked haggled bargained flirted fenced sparred gossiped chatted arrived wrestled"
    " raced skated fished shopped cooked breakfasted",
    "left|came (?:in|out|back|down|up|home)|went (?:out|off|home|in|down|up|ashore)|set off|shook hands",
)
# What a life is told by: what was done by somebody lasts.
_LASTING: Final = any_of(
    """
    built painted written founded made carved loved taught drawn killed named inspired signed composed owned used
    designed discovered commissioned planted given sold invented shot murdered known created endowed bequeathed forged
    translated raised ruled betrayed hated admired believed won lost taken born caused bought collected published
    """
)

_WITH_THE_LIVING: Final = (
    rf"{_NOT_BY}(?:{_GAVE}) {_REST}{{1,40}}? to {_WHOM}",
    rf"{_NOT_BY}(?:{_MADE_READY}) {_THING} (?!(?:\w+ ){{0,3}}?(?:{_OFFERINGS})\b){_REST}{{1,30}}? for {_WHOM}",
    rf"\bopened (?:the|his|her) (?:\w+ )?(?:door|gate|window|hatch) to {_WHOM}",
    rf"\b(?:{_FOLLOWED}) (?:\w+ )?after {_WHOM}",
    rf"\b(?:{_CAME}) (?:\w+ ){{0,2}}?(?:past|up to|over to|towards?|alongside|back to|across to) {_WHOM}",
    rf"\b(?:{_JOINED}) (?:\w+ ){{0,2}}?with {_WHOM}",
    # "Rosalia slid a glass to Cole, who emptied it": whoever acts next is there.
    rf"(?P<afar>)\b(?:to|for|at|with|past|beside|behind|after|towards?|against|from) {_WHOM},"
    rf" (?:who|(?:and|but) (?:he|she)) (?:\w+ly )?(?!had\b){w.ACTIVE}\b",
    rf"\b(?:{w.TOGETHER}) between [^.;:,]{{1,30}} and {_WHOM}(?=[.,])",
    # The last of those who are there.
    rf"\b(?:people|ones|guests|passengers|faces|players|others|men|women)\b [^.;:]{{0,40}}\bwere [^.;:]{{1,60}},? "
    rf"and {_WHO}(?=\.)",
    rf"{_WHO} and (?:the |his |her )?[\w\ue000-\uf8ff]+ have (?!been\b|had\b|become\b)\w+(?:ed|en|ne|ght|ung|ut)\b",
    rf"[\w\ue000-\uf8ff]+ and {_WHO} have (?!been\b|had\b|become\b)\w+(?:ed|en|ne|ght|ung|ut)\b",
    rf"{_WHO} was (?:seen|heard|met|greeted|stopped|driven|followed|overheard|served|joined|nudged|kissed|scolded) "
    rf"by (?:the|an?|his"
    rf"|her|{NAME})",
    rf"{_WHO}'s (?:carriage|coach|car|cab|boat|launch|horse|taxi|shuttle|cart) (?:stopped|drew up|pulled (?:up|in"
    rf"|out|away)|arrived|turned"
    r" (?:in|into|round)|came (?:up|down|round|in))\b",
    rf"\b[Ii]t took {_WHOM} (?:and [\w\ue000-\uf8ff]+ )?(?:an hour|(?:two|three|four|five|ten) (?:hours|minutes)|a "
    rf"(?:minute|moment"
    r"|while)|all (?:morning|day|night|evening|afternoon)|the (?:morning|whole day)) to\b",
    # They are heard, and are waited for.
    rf"(?P<told>){_WHO}'s (?:cough|laugh|laughter|snores|snoring|footsteps|steps|humming|whistling|sobs|shouts"
    rf"|typewriter)"
    r"(?= (?:could be|was|were) heard\b)",
    rf"(?:\b[Bb]y the time (?:that )?{_REST}{{5,40}},?|, but) {_WHOM}(?= had already (?!died|been|gone|left"
    rf"|become)[a-z]+(?:ed|en|n"
    r"|ught)\b)",
    rf"\b(?:until|till|before|when|once|as soon as|while) {_WHOM}(?= had (?:just "
    rf")?(?:finished"
    r"|eaten|drunk|dressed|shut|closed|undressed|paid|caught (?:up|his|her)|\w+ed (?:his|her)|put (?:down|away|on))\b)",
)
# None of them is sure: what no list knows may have an explanation.
COMPANY: Final = tuple(
    pattern if "<open>" in pattern else rf"(?P<open>){pattern}" for pattern in _WITH_THE_LIVING
)
# Only at a moment: passives, and who it was that did something.
ONCE: Final = (
    rf"\b[Tt]here (?:was|were|is) {_REST}{{1,40}} (?:on|in|under|over|behind) {_WHO}'s "
    rf"(?P<open>{t.PARTS_AND_CLOTHES}|chin|nose)\b",
    rf"\b(?:was|were) (?:\w+ly )?(?!(?:{_LASTING})\b)(?P<open>\w+(?:ed|en|wn|ung|ught))(?: (?:in|out|up|down|off|away"
    rf"|back|over|ashore))? by {_WHOM}",
    rf"\b[Ii]t was {_WHO} who (?:first )?(?!(?:{w.MADE})\b)(?P<open>{w.ACTIVE})\b{w.NO_PASSIVE}",
)
