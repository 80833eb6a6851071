"""Citable sources of a world: its fields, rules and elements, each with an id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.world import CONFIG_FIELDS, Element, WorldView, once_a_world

CHARACTER: Final = "character"


@dataclass(frozen=True, slots=True)
class Source:
    """A rule, element or field of a world, with its full text.

    ``ref`` ("r3", "e12") is the short reference that a model reads and cites; it holds within one world only. ``id`` is
    the stored id; it equals ``ref`` for a rule that came with a request. A field has its name for both.
    """

    id: str
    ref: str
    text: str


def sources_of(world: WorldView) -> tuple[Source, ...]:
    """Return everything that can be cited: fields, then rules, then elements."""
    fields = [
        Source(name, name, text)
        for name in CONFIG_FIELDS
        if name != "name" and (text := getattr(world, name))
    ]
    rules = [Source(rule.id or ref, ref, rule.text) for ref, rule in rules_of(world)]
    elements = [Source(element.id or ref, ref, element_text(element)) for ref, element in elements_of(world)]
    return (*fields, *rules, *elements)


def citable_prompt_data(world: WorldView) -> dict[str, Any]:
    """Return ``as_prompt_data`` with the references of rules and elements."""
    data = world.as_prompt_data()
    if world.rules:
        data["rules"] = [{"id": ref, "text": rule.text} for ref, rule in rules_of(world)]
    if world.elements:
        refs = [ref for ref, _ in elements_of(world)]
        data["elements"] = [{"id": ref, **plain} for ref, plain in zip(refs, data["elements"], strict=True)]
    return data


def rules_of(world: WorldView) -> Iterable[tuple[str, Any]]:
    """Pair the rules with their references r1, r2 and so on."""
    return ((f"r{number}", rule) for number, rule in enumerate(world.rules, start=1))


@once_a_world
def elements_of(world: WorldView) -> tuple[tuple[str, Element], ...]:
    """Pair the elements, in the order in which a model reads them, with their references e1, e2 and so on."""
    ordered = world.ordered_elements()
    return tuple((f"e{number}", element) for number, element in enumerate(ordered, start=1))


def find_source(world: WorldView, cited: str) -> Source | None:
    """Return the source whose id or reference is ``cited``."""
    wanted = cited.strip()
    candidates = sources_of(world) if wanted else ()
    return next((source for source in candidates if wanted in (source.id, source.ref)), None)


def element_text(element: Element) -> str:
    """Return the full text of an element: name, summary and traits."""
    traits = [trait_text(key, value) for key, value in element.traits.items()]
    return " ".join(part for part in (f"{element.name}.", element.summary, *traits) if part)


def trait_text(key: str, value: Any) -> str:
    """Write a trait as a statement: "eyes: grey"."""
    return f"{key}: {_plain(value)}"


def _plain(value: Any) -> str:
    # Most values are strings, and isinstance with Mapping is slow.
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(trait_text(str(key), part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(part) for part in value)
    return str(value)
