"""The world as agents read it: frozen plain data, and a request's changes to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any, Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from agents.engine.envelope import canonical_json

S = TypeVar("S")
T = TypeVar("T")

# Worlds of which a process remembers what it has worked out.
MAX_WORLDS: Final = 32
MAX_ELEMENTS: Final = 8192
CONFIG_FIELDS = ("name", "genre", "tone", "tech_level", "magic_system", "physics")


class Rule(BaseModel):
    """A free rule of a world ("No one can teleport."). ``id`` is "" for a rule that came with a request."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    text: str


class Element(BaseModel):
    """A character, location, item or other element of a world."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    kind: str
    name: str
    summary: str = ""
    traits: Mapping[str, Any] = Field(default_factory=dict)

    def as_prompt_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": self.kind, "name": self.name}
        if self.summary:
            data["summary"] = self.summary
        if self.traits:
            data["traits"] = dict(self.traits)
        return data


class WorldView(BaseModel):
    """Frozen facts that an agent may read. Worlds that differ only in the order of elements have equal hashes."""

    model_config = ConfigDict(frozen=True)

    name: str = ""
    genre: str = ""
    tone: str = ""
    tech_level: str = ""
    magic_system: str = ""
    physics: str = ""
    rules: tuple[Rule, ...] = ()
    elements: tuple[Element, ...] = ()

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        return cls.model_validate(dict(data))

    def canonical_json(self) -> str:
        """Serialise with elements sorted; the order of rules is significant and kept."""
        plain = self.model_dump(mode="json")
        plain["elements"].sort(key=lambda element: (element["kind"], element["name"], element["id"]))
        return canonical_json(plain)

    @property
    def hash(self) -> str:
        # Not a cached property: a copy of the model with changes would take it along.
        return _hash_of(self)

    def as_prompt_data(self) -> dict[str, Any]:
        """Return the facts for a model, without ids and empty values."""
        data: dict[str, Any] = {field: getattr(self, field) for field in CONFIG_FIELDS}
        data["rules"] = [rule.text for rule in self.rules]
        data["elements"] = [element.as_prompt_data() for element in self.ordered_elements()]
        return {key: value for key, value in data.items() if value not in ("", [])}

    def ordered_elements(self) -> list[Element]:
        """Sort the elements by kind, name and id: the order in which a model reads them."""
        return sorted(self.elements, key=lambda element: (element.kind, element.name, element.id))

    def without_elements(self) -> Self:
        return self.model_copy(update={"elements": ()})

    def rule_texts(self) -> tuple[str, ...]:
        return tuple(rule.text for rule in self.rules)

    def element_texts(self) -> tuple[str, ...]:
        """Return the names and summaries of all elements."""
        return tuple(text for element in self.elements for text in (element.name, element.summary) if text)

    def find(self, kind: str, name: str) -> Element | None:
        wanted = name.strip().casefold()
        return next(
            (e for e in self.elements if e.kind == kind and e.name.strip().casefold() == wanted), None
        )


class _Same:
    """An object as a key of a cache: equal to itself alone, so that nothing of it is compared."""

    __slots__ = ("it",)

    def __init__(self, it: object) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.it is self.it


def once_a_world(work_out: Callable[[WorldView], T]) -> Callable[[WorldView], T]:
    """Make a function remember its results for the worlds that it was last asked for."""
    return _once(work_out, MAX_WORLDS)


def once_an_element(work_out: Callable[[Element], T]) -> Callable[[Element], T]:
    """Make a function remember its results for elements; worlds that a request changes have them in common."""
    return _once(work_out, MAX_ELEMENTS)


def _once(work_out: Callable[[S], T], maxsize: int) -> Callable[[S], T]:
    remembered = lru_cache(maxsize=maxsize)(lambda same: work_out(same.it))
    return wraps(work_out)(lambda it: remembered(_Same(it)))


@once_a_world
def _hash_of(world: WorldView) -> str:
    return hashlib.sha256(world.canonical_json().encode()).hexdigest()


def merge_world(
    world: WorldView | None, config: Mapping[str, str], extra_rules: Sequence[str] = ()
) -> WorldView:
    """Return ``world`` with a request's changes; ``world`` itself if there are none.

    Non-blank fields of ``config`` replace the world's. ``extra_rules`` are appended, without duplicates. Raises
    ``KeyError`` for an unknown field.
    """
    base = world or WorldView()
    unknown = set(config) - set(CONFIG_FIELDS)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    changes: dict[str, Any] = {field: text.strip() for field, text in config.items() if text.strip()}
    added = tuple(_new_rules(base.rule_texts(), extra_rules))
    if not changes and not added:
        return base
    return base.model_copy(update={**changes, "rules": base.rules + added})


def _new_rules(known: Iterable[str], texts: Iterable[str]) -> Iterable[Rule]:
    seen = {_comparable(text) for text in known}
    for text in texts:
        if text.strip() and _comparable(text) not in seen:
            seen.add(_comparable(text))
            yield Rule(text=text.strip())


def _comparable(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
