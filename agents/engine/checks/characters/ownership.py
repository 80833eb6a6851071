"""Owners and makers of things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from itertools import islice
from typing import Final

from agents.engine.checks.characters.cast.people import NAME, POSSESSIVE, SUBJECT, Cast
from agents.engine.checks.finding import Finding, Strength, finding_at
from agents.engine.sources import CHARACTER, elements_of, trait_text
from agents.engine.text.folding import fold
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.matching import without_article
from agents.engine.text.names.index import words_of_name
from agents.engine.text.word_forms import word_list
from agents.engine.world import Element, WorldView, once_a_world


def check_ownership(world: WorldView, cast: Cast) -> Iterator[Finding]:
    """Yield things that the text attributes to a different character, as the owner or as the maker."""
    for source_id, element, owner, made in _things(world):
        names = tuple(_names_in(element.name, cast.reading.words))
        if not names:
            continue
        words = frozenset(words_of_name(name)[-1] for name in names)
        if owner:
            patterns = [pattern for name in names for pattern in _patterns(name)]
            statement = trait_text("owner", element.traits["owner"])
            yield from islice(_owners(cast, patterns, words, element, owner, source_id, statement), 1)
        if made is not None:
            how, maker = made["made"].lower(), made["maker"]
            patterns = [pattern for name in names for pattern in _makers(name, how)]
            told = f"{how} by {maker}"
            yield from islice(
                _owners(cast, patterns, words, element, maker, source_id, made.group(), told), 1
            )


@once_a_world
def _things(world: WorldView) -> tuple[tuple[str, Element, str, re.Match[str] | None], ...]:
    """Return the things with an owner or a maker: the source id, the owner or "", and who made it as the world says."""
    things = (
        (
            element.id or ref,
            element,
            str(element.traits.get("owner", "")) if element.kind == "item" else "",
            _MADE.search(element.summary),
        )
        for ref, element in elements_of(world)
        if element.kind != CHARACTER
    )
    return tuple(thing for thing in things if thing[2] or thing[3] is not None)


# Participles of making, with the past tense of those that have another.
_MAKING: Final = {
    **dict.fromkeys(
        word_list("forged made built painted carved composed founded designed cast sculpted crafted")
    ),
    "written": "wrote",
    "woven": "wove",
    "drawn": "drew",
}
_MADE: Final = lazy_pattern(
    rf"\b(?P<made>(?i:{'|'.join(_MAKING)})) by (?P<maker>[A-Z][\w'-]+(?: [A-Z][\w'-]+)?)"
)


@lru_cache(maxsize=1024)
def _makers(name: str, made: str) -> tuple[re.Pattern[str], ...]:
    """Return the ways to say who made a thing."""
    thing = rf"(?:the )?{re.escape(without_article(fold(name).text))}"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"\b{thing},? (?:(?:which |that )?(?:was|is|had been|has been) )?{made} by (?P<who>{NAME})(?!'s)",
            rf"\b{thing},? which (?P<who>{SUBJECT}) (?:had )?(?:{made}|{_MAKING[made] or made})\b",
            rf"(?P<who>{NAME}),? (?:(?:who|had|once|himself|herself) )*{_MAKING[made] or made} {thing}\b",
            rf"\b{thing},? (?:was |is )?(?:the |an? )?(?:\w+ )?(?:work|masterpiece) of (?P<who>{NAME})(?!'s)",
        )
    )


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
            rf"\b(?P<who>{POSSESSIVE}) (?:own )?{named}\b",
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
    told: str = "",
) -> Iterator[Finding]:
    """Yield who has or made a thing, but is not the ``owner``; ``told`` is what the world says of the maker."""
    owners = cast.named_in(owner)
    for line in cast.lines_with(words):
        for pattern in patterns:
            for match in pattern.finditer(line.text):
                meant = cast.person_at(line, match)
                span = line.span(*match.span())
                if meant is not None and meant[0].source_id not in owners and cast.reading.is_asserted(*span):
                    strength: Strength = "proven" if meant[1] else "likely"
                    why = (
                        f"{element.name} was {told}, not by {meant[0].name}."
                        if told
                        else f"{element.name} is {owner}'s, not {meant[0].name}'s."
                    )
                    yield finding_at(
                        cast.reading,
                        span,
                        kind="character",
                        source_id=source_id,
                        statement=statement,
                        why=why,
                        strength=strength,
                    )
