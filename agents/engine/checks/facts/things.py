"""Places, homes and owners as descriptions tell them: "an inn in Overcote", "belongs to Rhys Vane"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.restatement import Restatement
from agents.engine.sources import CHARACTER, trait_text
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import NUMBER
from agents.engine.world import Element

_NAME: Final = r"(?P<name>(?:the )?(?-i:[A-Z])[\w'’-]+(?: (?:of |the )*(?-i:[A-Z])[\w'’-]+){0,3})"
_ENDS: Final = r"(?=$|[,.;:)]| (?:and|with|who|where|since|now|by|for|on)\b)"
_OWNED: Final = lazy_pattern(
    rf"(?:belongs to|belonging to|(?:the )?property of|owned by) {_NAME}(?!['’]s){_ENDS}", re.IGNORECASE
)
_LIES: Final = lazy_pattern(rf"(?:an?|the) (?:[\w'-]+,? ){{1,4}}?in {_NAME}{_ENDS}", re.IGNORECASE)
_LIVES: Final = lazy_pattern(
    rf"(?:lives|dwells|resides|lodges|makes (?:her|his) home)(?: (?!in\b|at\b)[\w'-]+){{0,5}}? (?:in"
    rf"|at) {_NAME}{_ENDS}",
    re.IGNORECASE,
)
_NOT_NOW: Final = re.compile(
    r"\b(?:once|was|were|until|used to|formerly|before|near|outside|or)\b", re.IGNORECASE
)
_OWNER_KEYS: Final = frozenset(("belongs to", "owned by", "property of"))
_HOME_KEYS: Final = frozenset(("home", "hometown", "residence", "lives in", "lives at"))
_PARTS: Final = lazy_pattern(
    rf"(?:an?|the) (?:[\w'-]+,? ){{1,4}}?(?:with|of) (?P<number>{NUMBER}) (?P<noun>[\w-]+s)\b", re.IGNORECASE
)
_MORE_PARTS: Final = lazy_pattern(rf"(?P<number>{NUMBER}) (?P<noun>[\w-]+s)(?=$|[,.;])", re.IGNORECASE)
_NO_PARTS: Final = re.compile(
    r"(?:years?|days?|miles|men|souls|people|families|pounds|guns|feet|hundred|thousand)$", re.IGNORECASE
)


def things(element: Element, clauses: tuple[Clause, ...], names: Set[str]) -> Iterator[Restatement]:
    """Yield where something lies or somebody lives, if the place has one of the ``names``, and who owns a thing."""
    for key, value in element.traits.items():
        name, told = key.casefold().replace("_", " "), str(value).strip()
        if name in _OWNER_KEYS and element.kind == "item":
            yield Restatement(told, trait_text(key, value), "owner")
        elif name in _HOME_KEYS and element.kind == CHARACTER and told in names:
            yield Restatement(f"lives in {told}", trait_text(key, value), "relations")
    for clause in clauses:
        if _NOT_NOW.search(clause.quote):
            continue
        if element.kind == "item" and (owned := _OWNED.match(clause.predicate)) is not None:
            yield Restatement(owned["name"], clause.quote, "owner")
        kind, pattern = ("lives in", _LIVES) if element.kind == CHARACTER else ("located in", _LIES)
        place = pattern.match(clause.predicate) if element.kind in (CHARACTER, "location") else None
        if place is not None and place["name"] in names - {element.name}:
            yield Restatement(f"{kind} {place['name']}", clause.quote, "relations")
    if element.kind != CHARACTER:
        yield from _parts(element, clauses[:2])


def _parts(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield how many of its parts something has: "A town with two bridges"."""
    pattern = _PARTS
    for clause in clauses:
        found = pattern.match(clause.predicate)
        if found is None:
            return
        pattern = _MORE_PARTS
        if not _NO_PARTS.match(found["noun"]):
            yield Restatement(f"{element.name} has {found['number']} {found['noun']}.", clause.quote)
