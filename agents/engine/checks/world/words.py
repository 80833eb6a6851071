"""Word-level checks: anachronisms, and magic in a world without it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from agents.engine.checks.finding import Finding, Kind, Strength, finding_at
from agents.engine.checks.world.shown_magic import shown_magic
from agents.engine.checks.world.story_time import last_year
from agents.engine.sources import rules_of
from agents.engine.text.figures import use_of
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.lexicon import (
    TermIndex,
    has_no_magic,
    is_mixed,
    is_negated,
    later_terms,
    magic_terms,
    tech_level_of,
    term_key,
)
from agents.engine.text.reading import Reading
from agents.engine.text.terms import MADE_IN
from agents.engine.text.word_lists.scan import terms_in
from agents.engine.text.word_pattern import WordPattern
from agents.engine.world import WorldView, once_a_world

# More places of one word are not looked at.
_MAX_PLACES: Final = 50
# Figurative uses.
_FIGURATIVE_MAGIC: Final = lazy_pattern(
    r"\b(?:(?:it|that|this|which|music|evening|night|moon|moonlight|song|voice|silence|beauty|story"
    r"|words) (?:had )?cast (?:a|its|their) spell"
    r"|no spell|under (?:her|his|its) spell|spell of|magic of|pure magic|like magic|as if by magic"
    r"|works? magic|magic (?:in|about))\b",
    re.IGNORECASE,
)


def check_words(world: WorldView, reading: Reading, allowed: Iterable[str] = ()) -> Iterator[Finding]:
    own = (*world.element_texts(), *allowed)
    yield from _ahead(world, reading, own)
    yield from _magic(world, reading, own)


def check_foreign_words(
    world: WorldView, reading: Reading, code: str, allowed: Iterable[str] = ()
) -> Iterator[Finding]:
    """Yield the anachronisms and the magic in a text in another language than English that has a word list."""
    level, (source_id, described) = tech_level_of(world.tech_level, world.genre), _described_level(world)
    denied = denial_of_magic(world)
    own = " ".join((world.tech_level, world.genre, *world.element_texts(), *allowed)).casefold()
    seen: set[str] = set()
    for term in terms_in(reading.source, code, level, magic=denied is not None):
        key = term.text.casefold()
        if key in seen or key in own:
            continue
        seen.add(key)
        is_magic = term.kind == "magic" and denied is not None
        cited, statement = denied if is_magic and denied is not None else (source_id, described)
        why = f"“{term.text}” {_IS_MAGIC if is_magic else _is_ahead(described)}."
        passage = reading.source[max(0, term.start - 80) : term.end + 80]
        yield Finding(
            "magic" if is_magic else "tech", cited, statement, term.text, term.start, why, passage=passage
        )


_IS_MAGIC: Final = "speaks of magic in a world without magic"


def _is_ahead(described: str) -> str:
    return f"is ahead of the technology of this world ({described.strip()})"


def _described_level(world: WorldView) -> tuple[str, str]:
    """Return the source id and the wording of the world's age."""
    is_level = bool(world.tech_level.strip()) and tech_level_of(world.tech_level) is not None
    return ("tech_level", world.tech_level) if is_level else ("genre", world.genre)


def _ahead(world: WorldView, reading: Reading, own: tuple[str, ...]) -> Iterator[Finding]:
    level = tech_level_of(world.tech_level, world.genre)
    if level is not None:
        source_id, described = _described_level(world)
        # Magic is checked separately, so its terms are allowed here.
        known = (world.tech_level, world.genre, world.magic_system, *own)
        for start, end, strength in _out_of_place(reading, later_terms(level), known, in_speech=True):
            yield _word_finding(
                reading, (start, end), "tech", source_id, described, _is_ahead(described), strength
            )
    yield from _not_yet_made(world, reading, own)


def _not_yet_made(world: WorldView, reading: Reading, own: tuple[str, ...]) -> Iterator[Finding]:
    """Yield things of the world's own age that were invented after its year: a laptop in 1926."""
    now = last_year(world)
    if now is None or is_mixed(world.tech_level) or is_mixed(world.genre):
        return
    year, source_id, statement = now
    if next(MADE_WORDS.find(reading), None) is None:
        return
    for made, words in _MADE:
        if made <= year:
            continue
        for found in islice(words.find(reading), _MAX_PLACES):
            if found.group().casefold() in " ".join((world.tech_level, *own)).casefold():
                continue
            if _strength(reading, *found.span(), in_speech=True) == "proven":
                when = f"it is {year}" if str(year) in statement else f"the story is set no later than {year}"
                why = f"was first made about {made}; {when}"
                yield _word_finding(reading, found.span(), "tech", source_id, statement, why, "proven")
                break


def _magic(world: WorldView, reading: Reading, own: tuple[str, ...]) -> Iterator[Finding]:
    denied = denial_of_magic(world)
    if denied is None:
        return
    source_id, statement = denied
    for start, end, strength in _out_of_place(reading, magic_terms(), own, in_speech=False):
        sentence = reading.sentence_at(start)
        if not _FIGURATIVE_MAGIC.search(sentence.text):
            yield _word_finding(reading, (start, end), "magic", source_id, statement, _IS_MAGIC, strength)
    for found in islice(shown_magic(reading), _MAX_PLACES):
        sentence = reading.sentence_at(found.start())
        is_thing = _strength(reading, *found.span(), in_speech=False) == "proven"
        if is_thing and not _FIGURATIVE_MAGIC.search(sentence.text):
            yield _word_finding(reading, found.span(), "magic", source_id, statement, _IS_MAGIC, "proven")


def _out_of_place(
    reading: Reading, terms: TermIndex, own: Iterable[str], *, in_speech: bool
) -> Iterator[tuple[int, int, Strength]]:
    """Yield the first proven place of each term, else the first place that gives a hint of it."""
    found: dict[str, tuple[int, int, Strength]] = {}
    tried: Counter[str] = Counter()
    for start, end in terms.find(reading):
        key = term_key(reading.plain[start:end])
        tried[key] += 1
        if tried[key] > _MAX_PLACES or (key in found and found[key][2] == "proven"):
            continue
        strength = _strength(reading, start, end, in_speech=in_speech)
        if strength is not None and (key not in found or strength == "proven"):
            found[key] = (start, end, strength)
    if not found:
        return
    # Searched only now: a world's own texts may be long.
    own_texts = " \n ".join(own).casefold()
    for key, place in found.items():
        if not _is_known(key, own_texts):
            yield place


def _is_known(key: str, own: str) -> bool:
    pattern = rf"(?<![\w-]){re.escape(key)}(?:s|es)?(?!\w)".replace("\\ ", r"[\s-]+")
    return any(not is_negated(own, found.start()) for found in re.finditer(pattern, own))


def _strength(reading: Reading, start: int, end: int, *, in_speech: bool) -> Strength | None:
    sentence = reading.sentence_at(start)
    use = use_of(
        term_key(reading.plain[start:end]), sentence.text, start - sentence.start, end - sentence.start
    )
    if use == "figure" or not reading.is_asserted(start, end, in_speech=in_speech):
        return None
    return "proven" if use == "thing" else "hint"


def _word_finding(
    reading: Reading,
    span: tuple[int, int],
    kind: Kind,
    source_id: str,
    statement: str,
    why: str,
    strength: Strength,
) -> Finding:
    words = reading.quote(*span)[0]
    doubt = ", unless it is a figure of speech" if strength == "hint" else ""
    return finding_at(
        reading,
        span,
        kind=kind,
        source_id=source_id,
        statement=statement,
        why=f"“{words}” {why}{doubt}.",
        strength=strength,
    )


@once_a_world
def denial_of_magic(world: WorldView) -> tuple[str, str] | None:
    """Return the source id and the wording of the world's denial of magic, if there is one."""
    if has_no_magic(world.magic_system):
        return "magic_system", world.magic_system
    for ref, rule in rules_of(world):
        if has_no_magic("", [rule.text]):
            return rule.id or ref, rule.text
    return None


def _any_of(words: str) -> WordPattern:
    return WordPattern.of(rf"(?<![\w-])(?:{words})(?![\w-])")


MADE_WORDS: Final = _any_of("|".join(words for _, words in MADE_IN))
_MADE: Final = tuple((year, _any_of(words)) for year, words in MADE_IN)
