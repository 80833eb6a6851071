"""Letters, diaries, logs, minutes and invitations, whose present is that of the scene."""

from __future__ import annotations

from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading

_DAY: Final = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH: Final = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_BEGINS: Final = lazy_pattern(
    r"^\W*(?:(?:My )?[Dd]ear(?:est)? [\w ]{2,30},|(?:[\w']+ ){0,3}(?:[Ll]og|[Dd]iary|[Jj]ournal)(?: entry)?[.,:]"
    r"|Day \d+"
    rf"|{_DAY}(?:,? (?:morning|evening|\d+|(?:the )?\w+ of \w+)\b[^.:]{{0,20}})?[.:]"
    rf"|\d+ {_MONTH}\b[^.:]{{0,15}}[.:]|{_MONTH} \d+"
    r"|(?:Minutes|Notice|Memo|Memorandum|Telegram|Bulletin|Rota|Order of service|Programme)\b[^.:]{0,40}[.:]"
    r"|You are (?:cordially )?invited"
    r"|To (?:the )?[\w ]{2,30}: )"
)
# What is not long past in a letter or a log.
_RECENT: Final = lazy_pattern(
    rf"\b(?:yesterday(?: (?:morning|afternoon|evening))?|last (?:night|week|evening|{_DAY}|(?-i:[A-Z]\w+day)))\b"
)
# Signs of the time of a letter or a log.
IN_RECORDS: Final = lazy_pattern(
    r"\b(?:yesterday|last (?:night|week|evening|\w+day)|this (?:morning|afternoon|evening|week)|today|tonight|tomorrow"
    r"|just now|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|at (?:first light|noon|dawn|dusk|midnight"
    r"|(?:half past )?(?:one"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|\d+)\b|on the (?:morning|evening"
    r"|noon) (?:tide|train|boat"
    r"|bus|post)|again|will [a-z]+|has [a-z]+)\b"
)
CONDITIONAL: Final = lazy_pattern(
    r"\b(?:if|unless|would|might|could|perhaps|maybe|hope[ds]?|wish\w*|never|not|suppose|pray|heaven|resurrection)\b"
)


def is_record(reading: Reading) -> bool:
    """Return whether a text is a letter, a log or the like; one that tells of a scene may quote such."""
    return _BEGINS.match(reading.plain) is not None


def without_recent(text: str) -> str:
    """Return a sentence of a letter or a log without words for a time that is not long past."""
    return _RECENT.sub("_", text)
