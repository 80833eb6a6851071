"""Traits of each kind of element: optional typed keys, plus free keys that hold texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from universes import limits
from universes.choices import ElementKind
from universes.errors import FieldError, Invalid
from universes.fields import fold
from universes.invisible import is_blank
from universes.words import validation_words


def _whole_number(value: Any) -> Any:
    """Read ``"27"`` and ``27.0`` as 27."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip()[:20])
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _list_of_texts(value: Any) -> Any:
    """Read ``"one"`` as ``["one"]``."""
    return [value] if isinstance(value, str) and not is_blank(value) else value


Text = Annotated[str, Field(max_length=limits.TRAIT_TEXT)]
Texts = Annotated[list[Text], Field(max_length=limits.TRAIT_LIST), BeforeValidator(_list_of_texts)]
Count = Annotated[int, Field(ge=0, le=10**15), BeforeValidator(_whole_number)]


class Traits(BaseModel):
    """Base of all kinds. A value has the declared type or only one meaning in it; an undeclared key holds a text."""

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
    """Validate traits for ``kind`` and drop null values; raise ``Invalid`` with pointers below ``/traits``.

    A declared key may be spelled in another way, such as ``Age`` for ``age``.
    """
    problems = list(_key_problems(traits))
    declared = {_key_of(name): name for name in TRAITS_OF[kind].model_fields}
    spelling = {declared.get(_key_of(name), name): name for name in traits}
    checked: dict[str, Any] = {}
    try:
        checked = (
            TRAITS_OF[kind]
            .model_validate({name: traits[given] for name, given in spelling.items()})
            .model_dump(exclude_none=True)
        )
    except ValidationError as error:
        problems += [
            FieldError(
                _pointer([spelling[str(item["loc"][0])], *item["loc"][1:]]),
                validation_words(item),
                item["type"],
            )
            for item in error.errors(include_url=False)
        ]
    if problems:
        raise Invalid(f"The traits do not fit a {kind.label.lower()}.", problems)
    return checked


def _key_problems(traits: Mapping[str, Any]) -> list[FieldError]:
    if len(traits) > limits.TRAITS:
        return [FieldError("/traits", f"An element has at most {limits.TRAITS} traits.", "too_many")]
    problems = [
        FieldError(_pointer([key]), f"A trait's name has 1 to {limits.TRAIT_KEY} characters.", "invalid_key")
        for key in traits
        if is_blank(key) or len(key) > limits.TRAIT_KEY
    ]
    first: dict[str, str] = {}
    for key in traits:
        there = first.setdefault(_key_of(key), key)
        if there != key:
            detail = f"This is the same trait as “{there}”, in another spelling."
            problems.append(FieldError(_pointer([key]), detail, "repeated_trait"))
    return problems


def _key_of(name: str) -> str:
    """Return what is equal for all spellings of a trait's name."""
    return fold(name.replace("_", " "))


def _pointer(path: Sequence[int | str]) -> str:
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
    return "/" + "/".join(["traits", *parts])
