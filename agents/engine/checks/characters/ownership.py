"""Owners of things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from typing import Final

from agents.engine.checks.characters.cast.people import NAME, POSSESSIVE, Cast
from agents.engine.checks.finding import Finding, Strength, finding_at
from agents.engine.sources import elements_of, trait_text
from agents.engine.text.folding import fold
from agents.engine.text.matching import without_article
from agents.engine.text.names.index import words_of_name
from agents.engine.world import Element, WorldView


def check_ownership(world: WorldView, cast: Cast) -> Iterator[Finding]:
    """Yield things that the text attributes to a different character."""
    for ref, element in elements_of(world):
        owner = str(element.traits.get("owner", ""))
        if not owner or element.kind != "item":
            continue
        names = tuple(_names_in(element.name, cast.reading.words))
        if not names:
            continue
        patterns = [pattern for name in names for pattern in _patterns(name)]
        words = frozenset(words_of_name(name)[-1] for name in names)
        statement = trait_text("owner", element.traits["owner"])
        finding = next(_owners(cast, patterns, words, element, owner, element.id or ref, statement), None)
        if finding is not None:
            yield finding


_KEPT: Final = (
    "(?:property|possession|heirloom|treasure|own|sword|blade|dagger|knife|axe|bow|ring|necklace|brooch|crown|horse"
    "|ship|boat|book|clock|watch|instrument|violin|lute|harp|cup|ring|house|dog)"
)


@lru_cache(maxsize=1024)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """Return the ways to say whose a thing is."""
    bare = re.escape(without_article(fold(name).text))
    thing = rf"(?:the )?{bare}"
    # "her own sword, Winterfang"
    named = re.sub(r"\\ (?=[^\\ ]+$)", ",? ", bare)
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"\b{thing}(?: (?:on|in|over|by|at|from|under|beside) [^,.;:]{{1,30}}?)? (?:belonged|belongs"
            rf"|had always belonged) to (?P<who>{NAME})",
            rf"(?P<who>{NAME}) [^.;:“”\"]{{1,40}} {thing}, (?:his|her) own(?=[,.;])",
            rf"(?P<who>{NAME}) (?:who )?(?:owned|owns|has (?:long |always )?owned) {thing}",
            rf"\b{thing}, the property of (?P<who>{NAME})",
            rf"(?P<who>{NAME}),? (?:(?:was|is) )?(?:the )?(?:owner|mistress|master) of {thing}\b",
            rf"\b(?:owner|mistress|master) of {thing} (?:was|is) (?P<who>{NAME})(?!'s)",
            rf"(?P<who>{NAME})'s (?:own )?{named}\b",
            rf"\b(?P<who>{POSSESSIVE}) own {named}\b",
            rf"\b{thing}(?:,? (?:which|that))? (?:was|is) (?P<who>{NAME})'s(?: own)?(?: (?!now\b|to\b|for\b)\w+)?"
            r"(?=[.,;]| and\b)",
            rf"\b{thing}(?:,? (?:which|that))? (?:was|is|had always been) (?P<who>hers|his)(?=[.,;]| and\b)",
            rf"\b{thing}, (?P<who>{NAME})'s (?:own |old )?{_KEPT},",
            rf"(?P<who>{NAME}) (?:\w+(?:ed|ook|ew|ung|ore)|put)(?: on| off| up| down| out)? (?:his|her) (?:\w+, )?"
            rf"{named}\b",
        )
    )


def _names_in(name: str, words: Set[str]) -> Iterator[str]:
    """Yield the names of a thing that a text may have: "the sword Winterfang", and "Winterfang" alone."""
    if set(words_of_name(name)) <= words:
        yield name
    proper = " ".join(word for word in name.split()[1:] if word[:1].isupper())
    is_described = any(word.islower() for word in without_article(name).split())
    if is_described and proper and set(words_of_name(proper)) <= words:
        yield proper


def _owners(
    cast: Cast,
    patterns: Iterable[re.Pattern[str]],
    words: frozenset[str],
    element: Element,
    owner: str,
    source_id: str,
    statement: str,
) -> Iterator[Finding]:
    owners = cast.named_in(owner)
    for line in cast.lines_with(words):
        for pattern in patterns:
            for match in pattern.finditer(line.text):
                meant = cast.person_at(line, match)
                span = line.span(*match.span())
                if meant is not None and meant[0].source_id not in owners and cast.reading.is_asserted(*span):
                    strength: Strength = "proven" if meant[1] else "likely"
                    why = f"{element.name} is {owner}'s, not {meant[0].name}'s."
                    yield finding_at(
                        cast.reading,
                        span,
                        kind="character",
                        source_id=source_id,
                        statement=statement,
                        why=why,
                        strength=strength,
                    )
