"""Kinship that the facts of a world state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.cast.stated_kin import kin_at
from agents.engine.checks.characters.kin.forms import ANY_KIN_WORD, KIN_OF_ROLE, LISTED
from agents.engine.checks.statements import stated
from agents.engine.text.names.index import NameIndex
from agents.engine.text.reading import read_fact
from agents.engine.text.vocabulary import INVERSE_KIN, KIN
from agents.engine.text.word_forms import folded
from agents.engine.world import Element


@dataclass(frozen=True, slots=True)
class Tie:
    """A stated relationship: ``person`` is ``kin`` (a class of KIN) to ``other``, as the facts of ``source`` say."""

    person: Person
    other: Person
    kin: str
    statement: str
    source: Person


def kin_to(tie: Tie, person: Person) -> str:
    """Return what ``person``, one of the two, is to the other."""
    return tie.kin if tie.person is person else INVERSE_KIN[tie.kin]


def listed_relatives(person: Person, kin: str) -> str | None:
    """Return the statement that lists those to whom a person is ``kin``: "mother of Peter and Lucy"."""
    return next(
        (
            known.group()
            for known in stated(LISTED, person.element.summary)
            if KIN[folded(known["kin"])] == kin
        ),
        None,
    )


def ties_between(cast: Cast, people: Collection[Person]) -> Mapping[frozenset[str], list[Tie]]:
    """Return the ties between people by the source ids of both; the facts of both may state the same tie."""
    pairs: defaultdict[frozenset[str], list[Tie]] = defaultdict(list)
    for tie in (*_stated_ties(people), *_siblings(cast, people)):
        pairs[frozenset((tie.person.source_id, tie.other.source_id))].append(tie)
    return pairs


def _stated_ties(people: Iterable[Person]) -> Iterator[Tie]:
    """Yield the relationships that summaries and relations state between people of the text."""
    people = list(people)
    index = NameIndex.of(tuple(person.name for person in people))
    for person in people:
        said = _kin_text(person.element)
        if not stated(ANY_KIN_WORD, said):
            continue
        summary = read_fact(said)
        for mention in index.mentions(summary, are_names=True):
            other = people[mention.index]
            if other is person:
                continue
            known = kin_at(summary.plain, mention.start, mention.end)
            if known is not None:
                kin, start, end = known
                yield Tie(person, other, KIN[folded(kin)], summary.plain[start:end], person)
        for found in stated(KIN_OF_ROLE, person.element.summary):
            bearers = [
                other for other in people if other is not person and found["role"].lower() in _titles(other)
            ]
            if len(bearers) == 1:
                yield Tie(person, bearers[0], KIN[folded(found["kin"])], found.group(), person)


def _siblings(cast: Cast, people: Iterable[Person]) -> Iterator[Tie]:
    """Yield the kinship of people who have a parent in common."""
    children: defaultdict[str, list[tuple[Person, Person, str]]] = defaultdict(list)
    for person in people:
        for parent, source, statement in cast.parents(person):
            for other, _, _ in children[parent.source_id]:
                yield Tie(other, person, "sibling", statement, source)
            children[parent.source_id].append((person, source, statement))


def _titles(person: Person) -> tuple[str, str]:
    """Return the words for the office of a person: "pastor" for Pastor Lunde, "reeve" for a town reeve."""
    return person.name.split()[0].lower(), person.role


def _kin_text(element: Element) -> str:
    """Return the summary with the relations that have not ended, "sister of Tom Voss"."""
    relations = element.traits.get("relations", ())
    lasting = (
        [said for said in map(str, relations) if "until" not in said] if isinstance(relations, list) else []
    )
    return ". ".join([element.summary, *lasting]) if lasting else element.summary
