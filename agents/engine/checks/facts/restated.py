"""A world with its facts restated in the words that the checks read.

Creators say the same in many ways: "drowned off the point", "lost at sea", "did not survive the winter". Instead of
each check, this module knows them, and adds the one way that the checks read: "Deceased.". A finding quotes the
world's own words all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Final

from agents.engine.checks.facts.abilities import abilities
from agents.engine.checks.facts.ages import ages
from agents.engine.checks.facts.bodies import bodies
from agents.engine.checks.facts.clauses import Clause, clauses_of
from agents.engine.checks.facts.deaths import deaths
from agents.engine.checks.facts.kin import kin
from agents.engine.checks.facts.looks import looks
from agents.engine.checks.facts.occupations import occupations
from agents.engine.checks.facts.restatement import LISTS, TOLD, Restatement
from agents.engine.checks.facts.rules import restated_rules
from agents.engine.checks.facts.sheet import sheet
from agents.engine.checks.facts.species import species
from agents.engine.checks.facts.things import things
from agents.engine.checks.facts.trait_names import renamed
from agents.engine.checks.finding import Finding
from agents.engine.sources import CHARACTER, elements_of, rules_of
from agents.engine.world import Element, WorldView, once_a_world, once_an_element

Reader = Callable[[Element, tuple[Clause, ...]], Iterator[Restatement]]
_OF_PEOPLE: Final[tuple[Reader, ...]] = (deaths, ages, looks, occupations, species, bodies, abilities, kin)
# Fields of a world that are read as rules.
_FIELDS: Final = ("physics", "magic_system")


@dataclass(frozen=True, slots=True)
class Restated:
    """A world with restated facts, and what was restated of each source."""

    world: WorldView
    told: Mapping[str, tuple[Restatement, ...]]

    def in_own_words(self, finding: Finding, own: str) -> Finding:
        """Return a finding that quotes ``own``, the text of its source, also if the checks have read other words."""
        said = finding.statement
        if said in own:
            return finding
        # Some checks quote all of a source, and what was restated of it stands at its end.
        if own and said.startswith(own.rstrip(" .")):
            quote = own
        else:
            told = self.told.get(finding.source_id, ())
            quote = next((restatement.quote for restatement in told if said in restatement.statement), "")
        return replace(finding, statement=quote, why=finding.why.replace(f"“{said}”", f"“{quote}”"))


@once_a_world
def restated(world: WorldView) -> Restated:
    """Return a world with what it says in other words than those that the checks read added in these."""
    told: defaultdict[str, tuple[Restatement, ...]] = defaultdict(tuple)
    elements: dict[int, Element] = {}
    names = frozenset(element.name for element in world.elements if element.kind != CHARACTER)
    for ref, element in elements_of(world):
        found = tuple(_of_element(element, names))
        if found:
            told[element.id or ref] += found
            elements[id(element)] = _with(element, found)
    rules = []
    for ref, rule in rules_of(world):
        found = restated_rules(rule.text)
        told[rule.id or ref] += found
        rules.append(rule.model_copy(update={"text": _added(rule.text, found)}) if found else rule)
    fields: dict[str, str] = {}
    for name in _FIELDS:
        if found := restated_rules(getattr(world, name)):
            told[name] += found
            fields[name] = _added(getattr(world, name), found)
    if not any(told.values()):
        return Restated(world, {})
    changed = tuple(elements.get(id(element), element) for element in world.elements)
    return Restated(
        world.model_copy(update={"elements": changed, "rules": tuple(rules), **fields}), dict(told)
    )


def _added(text: str, found: Iterable[Restatement]) -> str:
    """Return a text with restatements of its sentences behind it."""
    return " ".join((f"{text.rstrip(' .')}.", *(said.words for said in found)))


def _of_element(element: Element, names: Set[str]) -> Iterator[Restatement]:
    if element.kind != CHARACTER:
        yield from things(element, clauses_of(element), names)
        return
    yield from _of_person(element)
    described, quotes = _described(element)
    for said in things(described, clauses_of(element), names):
        yield said._replace(quote=quotes.get(said.quote, said.quote))


@once_an_element
def _of_person(element: Element) -> tuple[Restatement, ...]:
    described, quotes = _described(element)
    clauses = clauses_of(element)
    found = (said for reader in _OF_PEOPLE for said in reader(described, clauses))
    return (
        *sheet(element),
        *renamed(element),
        *(said._replace(quote=quotes.get(said.quote, said.quote)) for said in found),
    )


def _entries(element: Element) -> tuple[Restatement, ...]:
    """Return what an element tells in other places than in traits that the checks know."""
    return (*sheet(element), *renamed(element))


def _described(element: Element) -> tuple[Element, Mapping[str, str]]:
    """Return an element with the entries of a sheet in its summary as traits, and by these the words of the summary."""
    entries = _entries(element)
    return (
        (_with(element, entries), {said.statement: said.quote for said in entries})
        if entries
        else (element, {})
    )


def _with(element: Element, found: Iterable[Restatement]) -> Element:
    """Return an element with restatements: sentences at the end of its summary, and traits that it does not have."""
    sentences = [element.summary]
    # One that users have given this name is no restatement.
    traits = {key: value for key, value in element.traits.items() if key != TOLD}
    for said in found:
        if not said.key:
            sentences.append(said.words)
        elif said.key in LISTS:
            known = traits.get(said.key, ())
            traits[said.key] = [*(known if isinstance(known, list | tuple) else [known]), said.words]
        else:
            traits.setdefault(said.key, said.words)
    summary = " ".join(f"{part.rstrip(' .')}." for part in sentences if part.strip())
    return element.model_copy(update={"summary": summary, "traits": traits})
