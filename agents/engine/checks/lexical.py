"""Word-level checks: anachronisms, magic in a world without it, and words that break the tone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from agents.engine.checks.dates import story_year, technology_year
from agents.engine.checks.finding import Finding
from agents.engine.sources import rules_of
from agents.engine.text.lexicon import find_forbidden, has_no_magic, tech_level_of
from agents.engine.text.prose import Prose
from agents.engine.text.terms import MADE_IN, TechLevel
from agents.engine.text.vocabulary import CRUEL, PROFANE, SLANG
from agents.engine.world import WorldView

# Magic that is shown without being named.
_SHOWN_MAGIC: Final = re.compile(
    r"\b(?:by (?:magic|sorcery|witchcraft|enchantment)|(?:with|at) a (?:gesture|word|wave of (?:her|his) "
    r"hand)[^.]{0,40}"
    r"\b(?:rose into the air|lifted [^.]{1,30} into the air|levitated|burst into flame|vanished|lit "
    r"(?:itself|themselves))"
    r"|the (?:spell|enchantment|incantation|curse|rune) (?:on|had|was|worked|lit|broke|held))\b",
    re.IGNORECASE,
)
_GENTLE: Final = re.compile(
    r"\b(?:cos[yi]\w*|cozy|family|children'?s?|all ages|gentle|wholesome|no blood|no violence|nothing cruel)\b",
    re.IGNORECASE,
)
_FORMAL: Final = re.compile(r"\b(?:no (?:modern )?slang|solemn|formal|restrained|dignified)\b", re.IGNORECASE)
_CLEAN: Final = re.compile(r"\bno (?:swearing|profanity|cursing|bad language)\b", re.IGNORECASE)
# Figurative uses.
_FIGURATIVE_MAGIC: Final = re.compile(
    r"\b(?:no spell|under (?:her|his|its) spell|spell of|magic of|pure magic|like magic|as if by magic"
    r"|works? magic|magic (?:in|about))\b",
    re.IGNORECASE,
)


def check_words(world: WorldView, prose: Prose, allowed: Iterable[str] = ()) -> Iterator[Finding]:
    own = (*world.element_texts(), *allowed)
    yield from _ahead(world, prose, own)
    yield from _magic(world, prose, own)
    yield from _tone(world, prose)


def _ahead(world: WorldView, prose: Prose, own: tuple[str, ...]) -> Iterator[Finding]:
    level = tech_level_of(world.tech_level, world.genre)
    if level is not None:
        is_level = bool(world.tech_level.strip()) and tech_level_of(world.tech_level) is not None
        source_id, described = ("tech_level", world.tech_level) if is_level else ("genre", world.genre)
        # Magic is checked separately, so its terms are allowed here.
        for hit in find_forbidden(prose.text, tech_level=described, allowed=(world.magic_system, *own)):
            if prose.is_asserted(hit.start, hit.start + len(hit.text), in_speech=True):
                yield Finding("tech", source_id, described, hit.text, hit.start, f"“{hit.text}” {hit.why}.")
    yield from _not_yet_made(world, prose, own, level)


def _not_yet_made(
    world: WorldView, prose: Prose, own: tuple[str, ...], level: TechLevel | None
) -> Iterator[Finding]:
    """Yield things of the world's own age that were invented after its year: a laptop in 1926."""
    now = technology_year(world) or story_year(world)
    if now is None or level is None:
        return
    year, source_id, statement = now
    known = " ".join((world.tech_level, *own)).casefold()
    for made, pattern in MADE_IN:
        if made <= year:
            continue
        for found in pattern.finditer(prose.text):
            if found.group().casefold() in known:
                continue
            if prose.is_asserted(found.start(), found.end(), in_speech=True):
                why = f"“{found.group()}” was first made about {made}; it is {year}."
                yield Finding("tech", source_id, statement, found.group(), found.start(), why)


def _magic(world: WorldView, prose: Prose, own: tuple[str, ...]) -> Iterator[Finding]:
    denied = _no_magic(world)
    if denied is None:
        return
    source_id, statement = denied
    hits = find_forbidden(prose.text, tech_level="", magic_system="none", allowed=own)
    spans = [(hit.start, hit.start + len(hit.text)) for hit in hits]
    spans += [found.span() for found in _SHOWN_MAGIC.finditer(prose.text)]
    for start, end in spans:
        sentence = prose.sentence_at(start)
        if not _FIGURATIVE_MAGIC.search(sentence.text) and prose.is_asserted(start, end):
            why = f"“{prose.text[start:end]}” speaks of magic in a world without magic."
            yield Finding("magic", source_id, statement, prose.text[start:end], start, why)


def _no_magic(world: WorldView) -> tuple[str, str] | None:
    """Return the source id and the wording of the world's denial of magic, if there is one."""
    if has_no_magic(world.magic_system):
        return "magic_system", world.magic_system
    for ref, rule in rules_of(world):
        if has_no_magic("", [rule.text]):
            return rule.id or ref, rule.text
    return None


def _tone(world: WorldView, prose: Prose) -> Iterator[Finding]:
    wanted = (
        (_GENTLE, CRUEL, False, "is cruel, and this world is not"),
        (_GENTLE, PROFANE, True, "is a curse, and this world has none"),
        (_CLEAN, PROFANE, True, "is a curse, and this world has none"),
        (_FORMAL, SLANG, True, "is slang, and this world has none"),
    )
    seen: set[int] = set()
    for asks, words, in_speech, why in wanted:
        if not asks.search(world.tone):
            continue
        for found in re.finditer(rf"(?<![\w-])(?:{words})(?![\w-])", prose.text, re.IGNORECASE):
            vouched = in_speech or prose.is_asserted(found.start(), found.end())
            if vouched and found.start() not in seen:
                seen.add(found.start())
                yield Finding(
                    "tone", "tone", world.tone, found.group(), found.start(), f"“{found.group()}” {why}."
                )
