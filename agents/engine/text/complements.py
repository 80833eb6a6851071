"""Names within a phrase about somebody or something else: "the man beside Karl was a baker"."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern

# Not "for", "after", "before", "since" and "as", with which a clause can begin: "for Karl was a baker".
_BEFORE: Final = lazy_pattern(
    r"\b(?:beside|besides|near|nearer|by|behind|opposite|above|below|beneath|under|over|next to|outside|inside|beyond"
    r"|between|around|round|against|facing|of|at|in|on|from|to|into|onto|towards?|with|within|without|about|past"
    r"|across|along|like|unlike|than)(?: the)? $"
    # "The man who had taught Karl was a baker."
    r"|\b(?:who|whom|which)(?: (?!(?:that|because|when|if|and|but|where|while|as|so|for)\b)[\w']+){1,6} $",
    re.IGNORECASE,
)
_VERB: Final = lazy_pattern(
    r" (?:\w+ly |then |never |always |still |now |just )?(?:was|is|were|are|had|has|did|does|lies|lay|stands|stood"
    r"|sits|sat|runs|ran|came|went|[a-z]{2,}ed)\b"
)
_NEAR: Final = 80


def is_complement(text: str, start: int, end: int) -> bool:
    """Return whether the verb behind a name, at a span of a sentence, has another subject that the name belongs to."""
    return (
        _VERB.match(text, end) is not None and _BEFORE.search(text, max(0, start - _NEAR), start) is not None
    )


def begins_with_complement(text: str, match: re.Match[str], name: str) -> bool:
    """Return whether a match begins with a name, perhaps with an article, that is a complement."""
    start, words = match.start(), match.group().lower()
    behind = start + len("the ") * words.startswith("the ") + len(name)
    return words.removeprefix("the ").startswith(name.lower()) and is_complement(text, start, behind)
