"""Traits of each kind of element: optional typed keys, plus free keys that hold texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from universes import limits
from universes.choices import ElementKind
from universes.errors import FieldError, Invalid
from universes.invisible import BLANK
from universes.words import validation_words

Text = Annotated[str, Field(max_length=limits.TRAIT_TEXT)]
Texts = Annotated[list[Text], Field(max_length=limits.TRAIT_LIST)]
Count = Annotated[int, Field(ge=0, le=10**15)]


class Traits(BaseModel):
    """Base of all kinds. Types are exact (``"7"`` is not a number); an undeclared key holds a text."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, Text]


class CharacterTraits(Traits):
    age: Count | None = None
    species: Text | None = None
    role: Text | None = None
    appearance: Text | None = None
    personality: Text | None = None
    goals: Texts | None = None
    abilities: Texts | None = None


class LocationTraits(Traits):
    type: Text | None = None
    region: Text | None = None
    climate: Text | None = None
    population: Count | None = None
    atmosphere: Text | None = None
    map_layout: Text | None = None
    landmarks: Texts | None = None


class ItemTraits(Traits):
    owner: Text | None = None
    material: Text | None = None
    powers: Texts | None = None


class FactionTraits(Traits):
    leader: Text | None = None
    size: Count | None = None
    goals: Texts | None = None
    allies: Texts | None = None
    enemies: Texts | None = None


class EventTraits(Traits):
    date: Text | None = None
    place: Text | None = None
    participants: Texts | None = None
    consequences: Texts | None = None


class ConceptTraits(Traits):
    field: Text | None = None
    examples: Texts | None = None


class SpeciesTraits(Traits):
    lifespan_years: Count | None = None
    habitat: Text | None = None
    appearance: Text | None = None
    abilities: Texts | None = None


class TechnologyTraits(Traits):
    tech_level: Text | None = None
    inventor: Text | None = None
    uses: Texts | None = None
    limits: Texts | None = None


TRAITS_OF: dict[ElementKind, type[Traits]] = {
    ElementKind.CHARACTER: CharacterTraits,
    ElementKind.LOCATION: LocationTraits,
    ElementKind.ITEM: ItemTraits,
    ElementKind.FACTION: FactionTraits,
    ElementKind.EVENT: EventTraits,
    ElementKind.CONCEPT: ConceptTraits,
    ElementKind.SPECIES: SpeciesTraits,
    ElementKind.TECHNOLOGY: TechnologyTraits,
}


def validate_traits(kind: ElementKind, traits: Mapping[str, Any]) -> dict[str, Any]:
    """Validate traits for ``kind`` and drop null values; raise ``Invalid`` with pointers below ``/traits``."""
    problems = list(_key_problems(traits))
    checked: dict[str, Any] = {}
    try:
        checked = TRAITS_OF[kind].model_validate(dict(traits)).model_dump(exclude_none=True)
    except ValidationError as error:
        problems += [
            FieldError(_pointer(item["loc"]), validation_words(item), item["type"])
            for item in error.errors(include_url=False)
        ]
    if problems:
        raise Invalid(f"The traits do not fit a {kind.label.lower()}.", problems)
    return checked


def _key_problems(traits: Mapping[str, Any]) -> list[FieldError]:
    if len(traits) > limits.TRAITS:
        return [FieldError("/traits", f"An element has at most {limits.TRAITS} traits.", "too_many")]
    return [
        FieldError(_pointer([key]), f"A trait's name has 1 to {limits.TRAIT_KEY} characters.", "invalid_key")
        for key in traits
        if not key.strip(BLANK) or len(key) > limits.TRAIT_KEY
    ]


def _pointer(path: tuple[int | str, ...] | list[str]) -> str:
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
    return "/" + "/".join(["traits", *parts])
