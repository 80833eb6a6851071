"""Export as an OnlyWorlds world file; relations become links where OnlyWorlds has a field for them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from universes.choices import CanonStatus, ElementKind
from universes.models import Element, Relation, Scene, Universe
from universes.relations import inverse_of, phrase
from universes.transfer.exports.passports import with_documents
from universes.transfer.formats.onlyworlds import KINDS, RELATION_OF

_CATEGORY: Final[Mapping[str, str]] = {
    ElementKind.CHARACTER: "Character",
    ElementKind.LOCATION: "Location",
    ElementKind.ITEM: "Object",
    ElementKind.FACTION: "Institution",
    ElementKind.EVENT: "Event",
    ElementKind.CONCEPT: "Construct",
    ElementKind.SPECIES: "Species",
    ElementKind.TECHNOLOGY: "Construct",
}
_FIELD_OF: Final = {kind: field for field, kind in RELATION_OF.items()}
_SINGLE: Final = {"birthplace", "location", "parent_location"}


def export(universe: Universe) -> Iterator[str]:
    world = {"name": universe.name, "description": universe.description, "version": "1.0.0"}
    yield f'{{"World": {_text(world)}'
    links = _links(universe)
    for category in KINDS:
        kinds = [kind for kind, name in _CATEGORY.items() if name == category]
        yield f",\n{json.dumps(category)}: ["
        number = -1
        for number, row in enumerate(_rows(universe, category, kinds, links)):
            yield f"{',' if number else ''}\n{_text(row)}"
        yield "]"
    yield "}\n"


def _rows(
    universe: Universe, category: str, kinds: list[str], links: Mapping[Any, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    elements = Element.objects.filter(universe=universe, kind__in=kinds).exclude(
        canon_status=CanonStatus.RETIRED
    )
    for element, passport in with_documents(elements.order_by("created_at", "pk")):
        yield {
            "id": str(element.pk),
            "name": element.name,
            "description": element.summary,
            **{_field(key): value for key, value in element.traits.items()},
            **links.get(element.pk, {}),
            "passport": passport,
            "world": str(universe.pk),
        }
    if category == "Narrative":
        scenes = Scene.objects.filter(universe=universe).canon().in_story_order()
        for scene, passport in with_documents(scenes):
            yield {
                "id": str(scene.pk),
                "name": scene.title,
                "description": "",
                "story": scene.text,
                "passport": passport,
                "world": str(universe.pk),
            }


def _links(universe: Universe) -> dict[Any, dict[str, Any]]:
    """Return the relations of each element as fields: a link where there is one, and a sentence otherwise."""
    links: defaultdict[Any, dict[str, Any]] = defaultdict(dict)
    relations = Relation.objects.filter(universe=universe).living()
    for relation in relations.select_related("from_element", "to_element").order_by("created_at", "pk"):
        sides = [(relation.kind, relation.from_element, relation.to_element)]
        if (inverse := inverse_of(relation.kind)) is not None:
            sides.append((inverse, relation.to_element, relation.from_element))
        for kind, one, other in sides:
            field = _FIELD_OF.get(kind)
            fields = links[one.pk]
            if field is None and one != relation.from_element:
                continue
            if field is None:
                said = phrase(kind, other.name, relation.since, relation.until)
                fields["relations"] = f"{fields['relations']}; {said}" if "relations" in fields else said
            elif field in _SINGLE and field not in fields:
                fields[field] = str(other.pk)
            elif field not in _SINGLE:
                fields.setdefault(field, []).append(str(other.pk))
    return links


def _field(key: str) -> str:
    return "_".join(key.lower().split())


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
