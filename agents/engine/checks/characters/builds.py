"""Builds of characters: the tall and the short, the stout and the thin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from agents.engine.checks.characters.cast.people import DOES, NAME, WHOSE, Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import stated
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import word_set

# Opposites; each word of a side excludes those of the other.
_OPPOSITES: Final = (
    (word_set("tall lanky towering"), word_set("short tiny diminutive small little undersized")),
    (
        word_set("fat stout plump portly obese corpulent"),
        word_set("thin slim slender lean skinny gaunt bony scrawny"),
    ),
)
BUILD_WORDS: Final = frozenset(word for sides in _OPPOSITES for side in sides for word in side)
_MOST: Final = word_set("shortest smallest tallest thinnest fattest stoutest slimmest")
_MORE: Final = word_set("shorter smaller taller thinner fatter stouter slimmer")
_WORDS: Final = BUILD_WORDS | _MOST | _MORE
_PERSON: Final = "(?:man|woman|boy|girl|fellow|lady|person|creature)"
_ANY: Final = "|".join(sorted(BUILD_WORDS - {"small", "little", "undersized"}))
_KNOWN: Final = lazy_pattern(rf"\bbuild: (?P<build>{_ANY})\b")
# Of a person, not of a thing of theirs.
_ANY_PERSON: Final = f"{_ANY}|small|little|undersized"
_VERY: Final = "(?:(?:very|rather|quite|so|too|such|only|still|always|unusually) )?"
_TOLD: Final = tuple(
    lazy_pattern(pattern)
    for pattern in (
        rf"(?P<who>{DOES})(?:,| was| is) {_VERY}an? {_VERY}(?P<build>{_ANY_PERSON}),? (?:[\w-]+ )?{_PERSON}\b",
        rf"(?:^\W*|\b[Bb]eing )(?:so |too |very )?(?i:(?P<build>{_ANY}))(?: as (?:he"
        rf"|she) was)?, (?P<who>{NAME})(?!'s)",
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is) {_VERY}(?P<build>{_ANY})(?=[,.;]| (?:and|but|for (?:his"
        rf"|her) age)\b)",
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is) {_VERY}(?P<build>small)(?=[,.;]| (?:and|but) (?:quick|slight"
        rf"|dark|round"
        rf"|broad|neat|wiry|old|thin|strong|stout)\b)",
        rf"(?P<who>{DOES}) (?:was|is) the (?P<build>short|small|tall|thin|fat|stout|slim)(?:t|n|m)?est (?:man"
        rf"|woman|boy|girl"
        rf"|person|fencer|of)\b",
        rf"(?P<who>{NAME}), the (?P<build>short|small|tall|thin|fat|stout|slim)(?:t|n|m)?est"
        r" (?:man|woman|boy|girl|person|of (?:them|the|all))\b",
        rf"(?P<who>{NAME}) [^.;:]{{1,40}}, being (?:so |too |very )?(?P<build>{_ANY})(?=[,.;])",
        rf"^\W*(?i:(?P<build>{_ANY})), (?:\w+,? )?(?P<who>{NAME})(?!'s)",
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is) so (?P<build>{_ANY}) (?:that|he|she)\b",
        rf"\b[Aa]n? {_VERY}(?P<build>{_ANY_PERSON}),? (?:[\w-]+ )?{_PERSON}, (?P<who>{NAME})(?=[,.])",
        rf"(?P<who>{NAME}), (?P<build>{_ANY}) and [\w-]+,",
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is) as (?P<build>{_ANY}) as an? \w+",
        rf"(?P<who>{DOES}) [a-z]+ed (?:his|her) (?:\w+,? )?(?P<build>{_ANY}),? (?:\w+ )?(?:frame|figure|body|build)\b",
        rf"(?P<who>{NAME}), an? (?:\w+ )?(?P<build>little|small|tiny) (?:man|woman|person|fellow) (?:not|barely"
        rf"|hardly|scarcely)\b",
        rf"(?P<who>{WHOSE}) (?P<build>{_ANY}),? (?:[\w-]+ )?(?:frame|figure|body|build)\b",
        rf"(?P<who>{DOES}),? (?:who )?(?:was|is) (?:much |far |even )?(?P<build>short|small|tall|thin|fat|stout|slim)"
        r"(?:t|n|m)?er than (?:every|all|any|most|both|either|the rest|his (?:own )?\w+s\b|her (?:own )?\w+s\b)",
    )
)


def check_builds(cast: Cast) -> Iterator[Finding]:
    if cast.reading.words.isdisjoint(_WORDS):
        return
    known = {id(person): told for person in cast.people.values() if (told := _known_builds(person))}
    for line in cast.lines_with(_WORDS) if known else ():
        for pattern in _TOLD:
            for match in pattern.finditer(line.text):
                meant = cast.person_at(line, match)
                if meant is None or id(meant[0]) not in known:
                    continue
                build, statement = next(
                    (each for each in known[id(meant[0])] if _are_opposites(each[0], match["build"])),
                    ("", ""),
                )
                span = line.span(*match.span())
                if build and cast.reading.is_asserted(*span) and not cast.reading.is_past(*span):
                    why = f"{meant[0].name} is {build}, not {match['build']}."
                    yield cast.finding(
                        meant[0], span, statement, why, strength="proven" if meant[1] else "likely"
                    )


@lru_cache(maxsize=4096)
def _known_builds(person: Person) -> tuple[tuple[str, str], ...]:
    """Return the words for a person's build, each with the statement that has it."""
    return tuple((found["build"], found.group()) for found in stated(_KNOWN, person.told))


def _are_opposites(one: str, other: str) -> bool:
    return any(
        (one in left and other in right) or (one in right and other in left) for left, right in _OPPOSITES
    )
