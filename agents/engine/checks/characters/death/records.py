"""Letters, diaries, logs, minutes and invitations, whose present is that of the scene."""

from __future__ import annotations

from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading

_DAY: Final = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH: Final = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_LETTER: Final = lazy_pattern(
    r"^\W*(?:(?:My )?[Dd]ear(?:est)? [\w ]{2,30},|You are (?:cordially )?invited|Telegram\b"
    r"|[A-Z]\w+ to (?:the )?[\w ]{2,30}"
    r"(?:, [\w ]{2,20})?:)"
)
# What is written on the day of which it tells.
_LOG: Final = lazy_pattern(
    r"^\W*(?:(?:[\w'-]+ ){0,3}?(?:[Ll]og|[Dd]iary|[Jj]ournal|[Bb]ook|[Ll]edger|[Nn]otes?|[Mm]emo|[Mm]inutes"
    r"|[Ll]ist|[Rr]oll|[Rr]ota"
    r"|[Rr]oster|[Rr]eport|[Nn]otice|[Bb]ulletin|[Pp]rogramme)(?: entry| of [\w ]{2,20}| for [\w ]{2,20})?[.,:]"
    r"|Day \d+|\d{4}(?: hours)?[.:,]"
    rf"|\d{{1,2}}[.:]\d\d[.:,]? [A-Z]|{_DAY}(?:,? (?:morning|evening|\d+|(?:the )?\w+ of \w+)\b[^.:]{{0,20}})?[.:]"
    rf"|\d+ {_MONTH}\b[^.:]{{0,15}}[.:]|{_MONTH} \d+)"
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
    return is_log(reading) or _LETTER.match(reading.plain) is not None


def is_log(reading: Reading) -> bool:
    """Return whether a text is a log, a diary or the like, written on the day of which it tells."""
    return _LOG.match(reading.plain) is not None


def without_recent(text: str) -> str:
    """Return a sentence of a letter or a log without words for a time that is not long past."""
    return _RECENT.sub("_", text)
