"""Members whom a text says to be none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.cast.people import NAME, Cast
from agents.engine.checks.finding import Finding, Strength
from agents.engine.text.folding import fold
from agents.engine.text.matching import without_article

_MEMBER: Final = re.compile(r"member of (?P<group>[^(]+?)(?: \((?P<when>[^)]*)\))?")
_WORDS: Final = frozenset(("member",))


def check_membership(cast: Cast) -> Iterator[Finding]:
    """Yield denials of a membership that the relations of a character state and that has not ended.

    A character may have been no member at another time: a denial is likely only if it is for all time and the
    membership has no beginning, and a hint otherwise.
    """
    if not cast.people or cast.reading.words.isdisjoint(_WORDS):
        return
    for person in cast.people.values():
        stated = person.element.traits.get("relations")
        for statement in stated if isinstance(stated, list | tuple) else ():
            found = _MEMBER.fullmatch(str(statement))
            if found is not None and "until" not in (found["when"] or ""):
                yield from _denials(
                    cast, person.source_id, str(statement), found["group"], found["when"] or ""
                )


def _denials(cast: Cast, source_id: str, statement: str, group: str, when: str) -> Iterator[Finding]:
    name = re.escape(without_article(fold(group).text))
    pattern = re.compile(
        rf"(?P<who>{NAME}) (?:(?:was|is) (?:no|not an?|never an?)|(?P<ever>ha[sd] never been an?)) member of "
        rf"(?:the )?{name}\b",
        re.IGNORECASE,
    )
    for line in cast.lines_with(_WORDS):
        for match in pattern.finditer(line.text):
            meant = cast.person_at(line, match)
            span = line.span(*match.span())
            if meant is None or meant[0].source_id != source_id or cast.reading.is_speech(span[0]):
                continue
            strength: Strength = "likely" if match["ever"] and not when and meant[1] else "hint"
            why = f"{meant[0].name} is a member, and the text denies it."
            yield cast.finding(meant[0], span, statement, why, strength=strength)
            return
