"""Places whose relations tell where they lie, and a text that puts them elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.finding import Finding, Strength, finding_at
from agents.engine.checks.statements import compiled
from agents.engine.checks.world.places import Places
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.matching import without_article
from agents.engine.text.names.index import words_of_name
from agents.engine.text.reading import Reading
from agents.engine.world import WorldView

_LIES: Final = (
    r"(?P<verb>,?(?: which| that)? (?:lies|lay|stands|stood|is|was)(?: (?:deep|high|hidden|far|right))?)? in "
)
# "The Gilded Swan in Sarn was full."
_AT_HEAD: Final = re.compile(r"\W*(?:The )?")
_IS: Final = re.compile(r" (?:is|was|stands|stood)\b")
_WORDS: Final = frozenset(("lies", "lay", "stands", "stood", "is", "was"))
_NOT_NOW: Final = lazy_pattern(
    r"\b(?:once|until|till|when|while|before|after|then|used to|years?|if|would|might|could|said|told|called|another"
    r"|second|other|old|new)\b",
    re.IGNORECASE,
)
# "The queen of Saltmere was in Osk" is not about Saltmere.
_OTHER_SUBJECT: Final = lazy_pattern(
    r"\b(?:of|from|in|into|at|to|near|by|with|for|on|beyond|between|and|or|towards?|through|around|outside|inside"
    r"|about|like|left|reached|saw|leaving) (?:the )?$",
    re.IGNORECASE,
)


def _is_subject(reading: Reading, start: int, match: re.Match[str], end: int) -> bool:
    """Return whether a place with "in" and another begins the sentence, and a verb follows."""
    head = _AT_HEAD.fullmatch(reading.plain, start, match.start())
    return head is not None and _IS.match(reading.plain, end) is not None


def check_whereabouts(world: WorldView, reading: Reading) -> Iterator[Finding]:
    """Yield a place that lies in another than the world states.

    Likely if the two are known to be apart, otherwise a hint: the world may not tell that one lies in the other.
    """
    if reading.words.isdisjoint(_WORDS):
        return
    places = Places.of(world)
    for located in places.located_in(reading):
        element, within = located.element, located.within
        pattern = compiled(rf"\b(?:the )?{re.escape(without_article(element.name))}{_LIES}")
        names = frozenset(words_of_name(without_article(element.name))[:1])
        for match in reading.matches(pattern, _WORDS, names):
            at = places.at(reading.plain, match.end())
            sentence = reading.sentence_at(match.start())
            if (
                at is None
                or (match["verb"] is None and not _is_subject(reading, sentence.start, match, at[1]))
                or _NOT_NOW.search(sentence.text)
                or _OTHER_SUBJECT.search(reading.plain, sentence.start, match.start())
            ):
                continue
            apart = [places.are_apart(stated.place, at[0].name) for stated in within]
            if at[0] is element or False in apart or places.are_apart(element.name, at[0].name) is False:
                continue
            if not reading.is_asserted(match.start(), at[1]) or reading.is_past(match.start(), at[1]):
                continue
            is_sure = all(apart) and not any(stated.when for stated in within)
            strength: Strength = "likely" if is_sure else "hint"
            stated = within[0].statement
            yield finding_at(
                reading,
                (match.start(), at[1]),
                kind="geography",
                source_id=located.source_id,
                statement=stated,
                why=f"The world puts {element.name} elsewhere than in {at[0].name}.",
                strength=strength,
            )
            break
