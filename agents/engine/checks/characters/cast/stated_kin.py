"""Kinship to a named person that a description states of whom it describes: "Ben Crane's sister", "wife of Tom"."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import KIN, ROLES
from agents.engine.text.word_forms import one_of

KIN_WORD: Final = one_of(KIN)
_KIN_BEFORE: Final = lazy_pattern(
    rf"\b(?P<kin>{KIN_WORD})s? (?:of|to) (?:(?:[A-Z][\w'-]*(?: [A-Z][\w'-]*)?(?:,"
    rf"| and) ){{1,3}})?(?:and )?(?:the )?$",
    re.IGNORECASE,
)
_KIN_AFTER: Final = lazy_pattern(rf"'s (?:\w+ )?(?P<kin>{KIN_WORD})\b(?! of)", re.IGNORECASE)

# What may stand before the kinship in its part of the sentence: nothing, "She is", "A baker and", "A baker who is".
_IS: Final = (
    r"(?:(?:[Ss]?[Hh]e|[Tt]hey|[Ii]t|[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})"
    r"(?: (?:is|was|are|were|became|remains)|'s) )"
)
_IS_THAT: Final = (
    rf"(?:{_IS}|(?:is|was|who|who is|who was|being) )?"
    r"(?:(?:also|both|now|only|really|actually|officially|legally|secretly|still|then|but|and|maybe) )*"
)
_AND: Final = (
    rf"(?:(?:{_IS}|(?i:an?|the|both|{one_of(ROLES)}|{KIN_WORD})\b|[A-Z][\w'-]+'s and )"
    r"(?:(?!\b(?:that|which)\b)[^,.;:])*?(?:\b(?:and|but) |\bwho (?:is|was) )|[A-Z][\w'-]+'s and )?"
)
_TITLE: Final = (
    r"(?:(?:[Tt]he|[Oo]ld|[Yy]oung|[Ll]ittle|[Ss]ir|[Ll]ady|[Ll]ord|[Kk]ing|[Qq]ueen|[Pp]rince(?:ss)?|[Cc]aptain"
    r"|[Dd]octor|[Dd]r\.?|Mr\.?|Mrs\.?|Miss|[Ff]ather|[Mm]other|[Uu]ncle|[Aa]unt|[Dd]uke|[Cc]ount|[Ee]mperor) )*"
)
_ADJECTIVES: Final = (
    r"(?:(?!(?i:of|to|for|by|with|like|not|almost|nearly|as|than|an?|the|her|his|their|from|in|on|no|never)\b)"
    r"[\w'-]+ ){0,4}"
)
_BEFORE_NAME: Final = lazy_pattern(rf"\W*{_AND}{_IS_THAT}{_TITLE}")
_BEFORE_KIN: Final = lazy_pattern(rf"\W*{_AND}{_IS_THAT}(?:(?i:an?|the|one of the) )?{_ADJECTIVES}")
_PART: Final = lazy_pattern(r"[,.;:!?()\n–—]")
# Somebody else, to whom the kinship belongs: "lodges with her aunt,", "loves Tom Vale,".
_ANOTHER: Final = lazy_pattern(
    r"^\W*(?:Her|His|Their) [\w -]+$"
    rf"|\b(?i:her|his|their|my|our) (?:[\w-]+ ){{0,2}}?(?:{KIN_WORD}|friend|lover|partner|enemy|master|mistress|rival"
    r"|employer|neighbour|boss|teacher|landlady|landlord)(?: [A-Z][\w'-]+){0,2}$"
    r"|\b(?!(?:from|in|at|near|on|of|is|was|called|named|as|born|and)\b)[a-z]+ [A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}$"
    r"|^\W*[A-Z][a-z]+(?:s|ed) [A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}$"
    r"|\b(?:friend|enemy|lover|partner|servant|rival|student|pupil) of [A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}$"
)
# What is further away says nothing about a kinship.
_MAX_CHARS: Final = 400


def kin_at(summary: str, start: int, end: int) -> tuple[str, int, int] | None:
    """Return the word of kinship to the person named at a span of a summary, and the span of the whole statement."""
    before, after = _KIN_BEFORE.search(summary[:start]), _KIN_AFTER.match(summary, end)
    if before is not None:
        # "Daughter of Ben Crane's brother".
        is_told = after is None and _may_precede(_BEFORE_KIN, summary[: before.start()])
        return (before["kin"], before.start(), end) if is_told else None
    if after is None or not _may_precede(_BEFORE_NAME, summary[:start]):
        return None
    return after["kin"], start, after.end()


def _may_precede(pattern: re.Pattern[str], head: str) -> bool:
    """Return whether what comes before a kinship leaves it to whom the summary describes."""
    is_cut = len(head) > _MAX_CHARS
    head = head[-_MAX_CHARS:]
    cuts = [cut.end() for cut in _PART.finditer(head)]
    if is_cut and not cuts:
        return False
    at = cuts[-1] if cuts else 0
    if pattern.fullmatch(head, at) is None:
        return False
    if not cuts or head[at - 1] not in ",(–—":
        return True
    part = head[cuts[-2] if len(cuts) > 1 else 0 : at - 1].rstrip()
    return _ANOTHER.search(part) is None
