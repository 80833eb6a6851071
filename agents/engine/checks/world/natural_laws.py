"""Natural laws of a world: colours of things, the speed of light, vacuum, weight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import Statement
from agents.engine.text.colours import COLOUR, differ
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.text.word_forms import noun_forms
from agents.engine.text.word_pattern import WordPattern

_COLOURED: Final = lazy_pattern(
    rf"^(?:the |all )?(?P<noun>\w+) (?:is|are|falls|runs) (?:always )?(?P<colour>{COLOUR})$", re.IGNORECASE
)
_TWILIGHT: Final = lazy_pattern(
    r"\b(?:dawn|dusk|sunset|sunrise|evening|twilight|glow|storm|blood)\b", re.IGNORECASE
)
# Statement, the words of a text that contradict it, and the reason.
_LAWS: Final = tuple(
    (lazy_pattern(law, re.IGNORECASE), WordPattern.of(broken), why)
    for law, broken, why in (
        (
            r"\bfaster[- ]than[- ]light\b|speed of light|\bFTL\b",
            r"\b(?:(?:past|beyond|above|exceed(?:ed|s|ing)|outr[au]n|broke|breaking|over) (?:the speed of light"
            r"|light-?speed)|faster than (?:light|the speed of light)|(?:twice|\w+ times) the speed of light|hyperspace"
            r"|faster-than-light|at warp"
            r"|warp (?:speed|factor|\d+)|FTL)\b"
            r"|\b(?:message|signal|reply|answer|call|question)s?\b[^.;]{0,30}\b(?:Earth|Mars|home|the (?:colony"
            r"|home world|next"
            r" star|other star))\b[^.;]{0,20}\b(?:arrived|came|reached|returned"
            r"|answered)\b[^.;]{0,20}\b(?:(?:the|that) same"
            r" (?:second|minute|instant|moment|hour)|instantly|within (?:a )?(?:seconds?|minutes?))\b",
            "Nothing is faster than light here.",
        ),
        (
            r"\bsound\b.*\b(?:not|never)\b.*\bvacuum|no sound in (?:space|vacuum)",
            r"(?:\bvacuum|\bairless|\bempty space)\b[^.]{0,60}\b(?:heard|roared|bang|clang|thunder\w*|noise"
            r"|screamed)\b"
            r"|\b(?:heard|roared|bang|clang|thunder\w*|noise)\b[^.]{0,60}(?:\bvacuum|\bairless|\bempty space)\b",
            "In a vacuum nothing can be heard.",
        ),
        (
            r"\b(?:bring back|raise|revive|resurrect|wake|call back) (?:the )?dead\b"
            r"|\breturn from the dead\b(?! (?:land|sea|city|zone|hill|marsh|wood)s?\b)"
            r"|\bthe dead (?:do not|never|cannot|can not) (?:return|come back|rise|wake)\b"
            r"(?! in (?:this|that|the) (?!(?:world|land|realm|story|setting)\b))|\bdeath is final\b",
            r"\b(?:came back|brought (?:[\w']+ ){1,4}back|returned|restored (?:[\w']+ ){1,4}) ?to life\b"
            r"|\b(?:raised|woke|brought back|called back|revived) (?:the |a |her "
            r"|his )?(?:\w+ )?dead\b(?! (?:tree|end|man's hand))"
            r"|\bdead (?:man|woman|boy|girl|king|queen|child|\w+) (?:sat up|rose from|stood up|opened (?:his"
            r"|her) eyes|got up"
            r"|breathed again|walked)\b|\b(?:dead|drowned|lifeless|murdered) (?:man|woman|boy|girl|king|queen"
            r"|child|\w+)\b"
            r"[^.;:]{0,30}, and (?:she|he) (?:opened (?:her|his) eyes|sat up|rose|stood up|got up|breathed"
            r"|drew a breath)\b|\b(?:rose|returned|risen|back) from the dead\b|\bresurrect(?:ed|ion)\b",
            "Nobody returns from the dead here.",
        ),
        (
            r"\bno (?:artificial )?gravity\b(?! (?:in|on|at)\b)|\bthere is no weight\b",
            r"\b(?:fell|dropped|clattered|crashed|thudded|tumbled|slid off \w+) (?:[\w']+ ){0,3}?(?:to|onto"
            r"|on) the (?:floor"
            r"|deck|ground|plates|carpet)\b|\b(?:set|put|stood|laid) (?:\w+ ){1,3}down on the (?:floor|deck)\b",
            "Nothing has weight here.",
        ),
        (
            r"\bsun never sets\b|\bthe sun does not set\b",
            r"\bsun (?:go|sink|dip|drop) (?:down|behind|below|under|into)\b|\bsun (?:had |has |was )?(?:set"
            r"|setting|sets|(?:gone|went|going|sank|sunk|dropped|dipped) (?:down"
            r"|below|behind"
            r"|under))\b|\b(?:after|before|at) sunset\b|\b(?:night|darkness) (?:fell|had fallen|came down|had come)\b"
            r"|\bwhen the sun was gone\b|\bsun was (?:long |already )?(?:down|gone)\b",
            "The sun does not set here.",
        ),
        (
            r"\bsun never rises\b|\bthe sun does not rise\b",
            r"\bsun (?:had |has |was )?(?:rose|risen|rising|rises|came up|come up|coming up)\b|\b(?:at|before"
            r"|after) sunrise\b",
            "The sun does not rise here.",
        ),
    )
)
# A law that holds for some, or at times, cannot be checked.
_LIMITED: Final = lazy_pattern(
    r"\b(?:only (?:for|in|on|at|by)|except|unless|twice|unchanged|in (?:summer|winter|spring|autumn)"
    r"|by (?:day|night))\b",
    re.IGNORECASE,
)
_WEIGHTLESS: Final = lazy_pattern(
    r"no gravity (?:in|on|at) (?:the )?(?P<place>\w+)|(?P<place2>\w+) is weightless", re.IGNORECASE
)
_HEAVY: Final = (
    r"(?:fell|dropped|drops|falls|crashed) (?:\w+ ){0,2}(?:to|on|onto|from)\b"
    r"|walked|heavy on|gravity (?:there )?was|poured|stood"
)


@dataclass(frozen=True, slots=True)
class _Law:
    """A ``pattern`` that no sentence of a text may assert; of a thing with a ``colour``, one that names another."""

    pattern: WordPattern
    why: str
    colour: str = ""

    def is_broken(self, reading: Reading, match: re.Match[str]) -> bool:
        if not self.colour:
            return reading.is_asserted(*match.span())
        return (
            differ(match["before"] or match["after"], self.colour)
            and not _TWILIGHT.search(reading.sentence_at(match.start()).text)
            and reading.is_asserted(*match.span())
        )


def is_natural_law(text: str) -> bool:
    """Return whether ``check_natural_laws`` reads a law in a statement."""
    return bool(_laws_in(text))


def check_natural_laws(statement: Statement, reading: Reading) -> Iterator[Finding]:
    for law in _laws_in(statement.text):
        match = next((match for match in law.pattern.find(reading) if law.is_broken(reading, match)), None)
        if match is not None:
            why = law.why.format(match["before"] or match["after"]) if law.colour else law.why
            yield statement.finding(reading, *match.span(), why)


@lru_cache(maxsize=4096)
def _laws_in(text: str) -> tuple[_Law, ...]:
    return tuple(_read(text))


def _read(text: str) -> Iterator[_Law]:
    for law, broken, why in _LAWS:
        if law.search(text) and not _LIMITED.search(text):
            yield _Law(broken, why)
    if weightless := _WEIGHTLESS.search(text):
        place = re.escape(weightless["place"] or weightless["place2"])
        heavy = rf"\b{place}\b[^.]{{0,80}}?\b(?:{_HEAVY})|\b(?:{_HEAVY})\b[^.]{{0,60}}?\b{place}\b"
        yield _Law(WordPattern.of(heavy), f"There is no weight in the {place}.")
    if coloured := _COLOURED.search(text):
        noun, colour = coloured["noun"], coloured["colour"]
        forms = noun_forms(noun)
        other = (
            rf"\b(?:(?P<before>{COLOUR}) (?:\w+ )?{forms}|(?<!'s )(?:the|a) {forms} (?:was|is|lay|turned|hung) "
            rf"(?:\w+ ){{0,3}}?(?P<after>{COLOUR}))\b(?! with\b)"
        )
        yield _Law(WordPattern.of(other), f"The {noun} is {colour} here, not {{}}.", colour)
