"""A read-only snapshot of a world, for agents."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from universes.choices import CanonStatus, ElementKind
from universes.models import Element, Relation, Universe, WorldConfig, WorldRule
from universes.relations import inverse_of, phrase
from universes.services.years import years_of_events

# The key among an element's traits.
RELATIONS: Final = "relations"
# The source of what the timeline states.
TIMELINE: Final = "timeline"
# Traits that date an event; the year of the timeline stands beside none of them.
_DATES: Final = ("year", "date")


@dataclass(frozen=True, slots=True)
class RuleFact:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ElementFact:
    id: str
    kind: str
    name: str
    summary: str
    traits: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WorldSnapshot:
    """Facts of one universe at one moment: world config, rules in the author's order, canon elements, dated events.

    Equal worlds make equal snapshots on every database: elements are ordered by kind, name and id, traits by key.
    """

    name: str
    genre: str
    tone: str
    tech_level: str
    magic_system: str
    physics: str
    rules: tuple[RuleFact, ...]
    elements: tuple[ElementFact, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the snapshot as plain JSON values with keys in a fixed order; a copy that callers may change."""
        return {
            "name": self.name,
            "genre": self.genre,
            "tone": self.tone,
            "tech_level": self.tech_level,
            "magic_system": self.magic_system,
            "physics": self.physics,
            "rules": [{"id": rule.id, "text": rule.text} for rule in self.rules],
            "elements": [
                {
                    "id": element.id,
                    "kind": element.kind,
                    "name": element.name,
                    "summary": element.summary,
                    "traits": _sorted(element.traits),
                }
                for element in self.elements
            ],
        }


def world_snapshot(universe: Universe) -> WorldSnapshot:
    """Read the world of ``universe`` in five queries, or six with a timeline, without drafts and retired entries.

    The relations of an element stand among its traits, as ``RELATIONS``. An event of a timeline in years stands among
    the elements, with its year, or lends it to the element of its name.
    """
    config = WorldConfig.objects.filter(universe=universe).first() or WorldConfig(universe=universe)
    rules = WorldRule.objects.filter(universe=universe).order_by("position")
    elements = (
        Element.objects.filter(universe=universe).canon().only("id", "kind", "name", "summary", "traits")
    )
    stated, years = _stated_relations(universe), _years(universe)
    facts = [
        ElementFact(
            str(element.pk),
            element.kind,
            element.name,
            element.summary,
            _sorted(_with_relations(_dated(element, years), stated.get(element.pk))),
        )
        for element in elements
    ]
    facts += (
        ElementFact(f"{TIMELINE}: {title}"[:200], ElementKind.EVENT, title, "", {"year": year})
        for title, year in years.values()
    )
    return WorldSnapshot(
        name=universe.name,
        genre=config.genre,
        tone=config.tone,
        tech_level=config.tech_level,
        magic_system=config.magic_system,
        physics=config.physics,
        rules=tuple(RuleFact(str(rule.pk), rule.text) for rule in rules),
        # Sorted here because the databases collate names differently.
        elements=tuple(sorted(facts, key=lambda fact: (fact.kind, fact.name, fact.id))),
    )


def world_stamp(universe_id: uuid.UUID) -> str | None:
    """Return a text that differs once anything has changed of which ``world_snapshot`` tells, in one query.

    It is made of the versions of the rows by which the database itself tells them apart, so no writer has to keep it.
    Drafts, scenes and retired entries are no part of it. Read it before the snapshot. None if the database numbers no
    versions.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, {"universe": universe_id, "canon": CanonStatus.CANON})
        return str(cursor.fetchone()[0])


# Each version of a row has its transaction and its place. A scene's moment tells only whether moments are years, which
# matters only beside events.
_VERSION: Final = "hashtextextended({row}.xmin::text || {row}.ctid::text || {row}.{key}::text, 0)"
_VERSIONS: Final = " UNION ALL ".join(
    f"SELECT {_VERSION.format(row=row, key=key)} FROM {source}"  # noqa: S608  no part of it is input
    for row, key, source in (
        ("c", "universe_id", "world_configs c WHERE c.universe_id = %(universe)s"),
        ("r", "id", "world_rules r WHERE r.universe_id = %(universe)s"),
        ("e", "id", "elements e WHERE e.universe_id = %(universe)s AND e.canon_status = %(canon)s"),
        ("l", "id", "element_relations l WHERE l.universe_id = %(universe)s"),
        ("v", "id", "story_events v WHERE v.universe_id = %(universe)s"),
        (
            "m",
            "scene_id",
            "scene_moments m JOIN scenes s ON s.id = m.scene_id WHERE s.universe_id = %(universe)s"
            " AND EXISTS (SELECT FROM story_events WHERE universe_id = %(universe)s)",
        ),
    )
)
_STAMP: Final = f"SELECT coalesce(sum(version), 0) FROM ({_VERSIONS}) AS versions (version)"  # noqa: S608


def _stated_relations(universe: Universe) -> dict[uuid.UUID, list[str]]:
    """Return the statements about each element, "sister of Tom Voss", in a fixed order."""
    stated: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    relations = Relation.objects.filter(universe=universe).canon()
    names = ("from_element__name", "to_element__name")
    rows = relations.values_list("kind", "since", "until", "from_element", "to_element", *names)
    for kind, since, until, from_id, to_id, from_name, to_name in rows:
        stated[from_id].append(phrase(kind, to_name, since, until))
        if (inverse := inverse_of(kind)) is not None:
            stated[to_id].append(phrase(inverse, from_name, since, until))
    return {element_id: sorted(statements) for element_id, statements in stated.items()}


def _years(universe: Universe) -> dict[str, tuple[str, str]]:
    """Return title and year of each event of a timeline in years, by the title in lower case."""
    return {title.casefold(): (title, str(year)) for title, year in years_of_events(universe.pk).items()}


def _dated(element: Element, years: dict[str, tuple[str, str]]) -> Mapping[str, Any]:
    """Return the traits of an element, with the year of the event of its name, which is taken out of ``years``."""
    event = years.pop(element.name.casefold(), None) if years else None
    if (
        event is None
        or element.kind != ElementKind.EVENT
        or any(key.casefold() in _DATES for key in element.traits)
    ):
        return element.traits
    return {**element.traits, "year": event[1]}


def _with_relations(traits: Mapping[str, Any], statements: list[str] | None) -> Mapping[str, Any]:
    if not statements:
        return traits
    own = traits.get(RELATIONS, [])
    return {**traits, RELATIONS: [*(own if isinstance(own, list) else [own]), *statements]}


def _sorted(value: Any) -> Any:
    """Return a copy with the keys of every object sorted, because PostgreSQL does not keep their order."""
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value
