"""Times before the scene, and dreams, which sentences of a paragraph may tell of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern

_DREAMING: Final = lazy_pattern(r"\bdream(?:ed|t|s)?\b|\bnightmares?\b", re.IGNORECASE)
_WOKE: Final = lazy_pattern(r"\b(?:woke|woken|awoke|waking|awake)\b", re.IGNORECASE)
_PAST: Final = lazy_pattern(
    r"\b(?:ago|(?<!\bat )once(?! (?:more|again|the|she|he|they)\b)|remember\w*|recall\w*|used to"
    r"|had (?:\w+ ){0,2}(?!(?:been|red|old|cold|gold|green|golden|ashen|flaxen|raven|wooden|linen|woollen|open"
    r"|ten|seven|eleven"
    r"|\w+teen|men|women|children|good|wood|food|hood|kid|solid|naked|hundred|bearded|one|some|blood|child"
    r"|\w+-\w+ed)\b)\w+(?:ed|en|od|id|ade|ung|oke|ent"
    r"|ook|ught|ade|ome|one|old|eld|ung|unk|orn|aid)"
    r"|had (?:had|come|gone|told|held|met|sat|stood)|(?:he|she|it|they|who|\w+)'d \w+(?:ed|en)|yesterday"
    r"|long before|back then|(?:in|of) those (?:days|years|times)|the old days|before the (?:war|flood|plague"
    r"|fire|strike|siege)|at that time"
    r"|in (?:her|his|their) (?:days?|lifetime|time|youth|childhood|last (?:year|month|week|day)s?)"
    r"|(?:when|while) (?:he|she|they|\w+) (?:was|were|still) (?:still |only |not yet |about )?(?:alive|young"
    r"|living|lived|little|small"
    r"|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?|in short \w+|in love"
    r"|at school|an? (?:girl|boy|child|student|pupil|cadet|novice|young \w+))|as a (?:girl|boy|child|young \w+"
    r"|student)\b(?!')|the late|the dead|ghost of|graves?|tomb|coffin"
    r"|funeral|buried"
    r"|last (?:night|week|month|year|spring|summer|autumn|fall|winter|time|\w+day)"
    r"|the (?:\w+ )?(?:day|night|evening|morning|week|month|year|spring|summer|autumn|winter) (?:before|earlier"
    r"|(?:that )?"
    r"(?:he|she|they) (?:died|was))"
    r"|(?:years?|months?|weeks?|days?|winters?|summers?|hours?|decades?|centur(?:y|ies)|generations?|lifetimes?)"
    r" (?:before|earlier|ago|back|past|since)"
    r"|(?:before|until|till|since) (?:he|she|they|his|her|their|the|\w+'s?) (?:\w+ )?(?:died|death|dying|fell"
    r"|fall|was"
    r" (?:killed|lost|drowned|murdered|executed|hanged|shot)|end|war|fire|flood|plague|siege|battle)"
    r"|(?:the|his|her) (?:last|first) time|for the last time|in (?:1[0-9]{3}|[5-9]\d\d)\b"
    r"|flashback|earlier (?:that|in)|formerly|in life|while alive|reign of|days of)\b",
    re.IGNORECASE,
)
# These put the whole sentence into the past, wherever they stand.
_TIME_PAST: Final = lazy_pattern(
    r"\b(?:yesterday|back then|in those days|at that time|years? ago|long ago|last (?:night|week|month|year"
    r"|spring|summer|autumn"
    r"|winter)|in (?:1[0-9]{3}|20[01]\d|[5-9]\d\d)\b|(?:years?|months?|weeks?|winters?|summers?"
    r"|decades?) (?:before|earlier|ago|back)"
    r"|(?:years?|months?|decades?) away|when (?:he|she|they) (?:was|were) (?:still )?(?:alive|young|a (?:girl"
    r"|boy|child))|as a (?:girl"
    r"|boy|child|young \w+)\b(?!')|(?:before|until|till) (?:he|she|they|his|her|their) (?:\w+ )?(?:died|death|fell)"
    r"|the (?:day|night|evening|morning|week|year|spring|summer|autumn|winter) before (?:he|she|they)"
    r"|(?:when|while) (?:he|she|they) (?:still )?lived|used to|for the last"
    r" time|the last time|in slow motion|, (?:he|she|they) (?:read|wrote|had read)\b(?= ?[.,;:])"
    r"|again and again in)\b",
    re.IGNORECASE,
)
# The rest of the paragraph may tell of the past as well.
_BACK_IN_TIME: Final = lazy_pattern(
    r"\b(?:(?:years?|months?|winters?|summers?|decades?|centur(?:y|ies)|generations?|days?|weeks?) (?:before"
    r"|earlier|ago|back)"
    r"|long ago|back then|in those days|yesterday|last (?:night|week|month|year|spring|summer|autumn|winter|\w+day)"
    r"|remember(?:ed|s)?|recalled|(?:when|while) (?:he|she|they|\w+) (?:was|were) (?:still )?(?:alive|young"
    r"|living|a (?:girl|boy"
    r"|child|young \w+))|as a (?:girl|boy|child)|flashback|the (?:year|summer|winter|spring|autumn|day|night"
    r"|week) before"
    r"|before (?:he|she|they) died|once upon a time|(?:that|it) was the (?:winter|summer|spring|autumn|year"
    r"|night|day) (?:of|when|that))\b",
    re.IGNORECASE,
)
_NOW: Final = lazy_pattern(
    r"\b(?:now|today|tonight|this (?:morning|evening|night|year)|at present)\b", re.IGNORECASE
)


def is_past(before: str) -> bool:
    """Return whether a sentence, given up to the end of a span, looks back to an earlier time."""
    return _PAST.search(before) is not None


@lru_cache(maxsize=1024)
def tells_of_past(sentence: str) -> bool:
    """Return whether a time that the sentence names puts it into the past."""
    return _TIME_PAST.search(sentence) is not None


def dreamt(sentences: Sequence[str]) -> list[bool]:
    """Return for each sentence of a paragraph whether it tells of a dream, which lasts until someone wakes."""
    return _spread(sentences, _begins_or_ends_dream)


def told_of_past(sentences: Sequence[str]) -> list[bool]:
    """Return for each sentence of a paragraph whether an earlier one goes back in time."""
    return _spread(sentences, _leaves_or_enters_present)


@lru_cache(maxsize=2048)
def _begins_or_ends_dream(sentence: str) -> bool | None:
    return False if _WOKE.search(sentence) else True if _DREAMING.search(sentence) else None


@lru_cache(maxsize=2048)
def _leaves_or_enters_present(sentence: str) -> bool | None:
    return False if _NOW.search(sentence) else True if _BACK_IN_TIME.search(sentence) else None


def _spread(sentences: Sequence[str], change: Callable[[str], bool | None]) -> list[bool]:
    """Return the state in which each sentence begins; ``change`` returns the state after it, None for the same."""
    state = False
    states: list[bool] = []
    for sentence in sentences:
        states.append(state)
        after = change(sentence)
        state = state if after is None else after
    return states
