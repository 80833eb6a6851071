"""What a world states, each statement with an id that an objection can cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.world import CONFIG_FIELDS, Element, WorldView

# The element's kind of a person.
CHARACTER: Final = "character"


@dataclass(frozen=True, slots=True)
class Source:
    """One rule, one element or one field of the frame.

    ``id`` is the rule's or the element's own; for one without (it came with a request) it is the same as ``ref``. A
    field of the frame has its name for both. ``ref`` is short and holds within one world alone: it is what a model
    reads and cites. ``text`` is all that the world says there.
    """

    id: str
    ref: str
    text: str


def sources_of(world: WorldView) -> tuple[Source, ...]:
    """Everything that can be cited, the frame first, then the rules in their order, then the elements."""
    frame = [
        Source(name, name, text)
        for name in CONFIG_FIELDS
        if name != "name" and (text := getattr(world, name))
    ]
    rules = [Source(rule.id or ref, ref, rule.text) for ref, rule in rules_of(world)]
    elements = [Source(element.id or ref, ref, element_text(element)) for ref, element in elements_of(world)]
    return (*frame, *rules, *elements)


def citable_prompt_data(world: WorldView) -> dict[str, Any]:
    """What a model reads that has to cite: the facts of ``as_prompt_data``, rules and elements with references."""
    data = world.as_prompt_data()
    if world.rules:
        data["rules"] = [{"id": ref, "text": rule.text} for ref, rule in rules_of(world)]
    if world.elements:
        refs = [ref for ref, _ in elements_of(world)]
        data["elements"] = [{"id": ref, **plain} for ref, plain in zip(refs, data["elements"], strict=True)]
    return data


def rules_of(world: WorldView) -> Iterable[tuple[str, Any]]:
    """The rules with their short references: r1, r2, …"""
    return ((f"r{number}", rule) for number, rule in enumerate(world.rules, start=1))


def elements_of(world: WorldView) -> Iterable[tuple[str, Element]]:
    """The elements with their short references: e1, e2, …, in the order in which a model reads them."""
    ordered = world.ordered_elements()
    return ((f"e{number}", element) for number, element in enumerate(ordered, start=1))


def find_source(world: WorldView, cited: str) -> Source | None:
    """The source with this id or short reference."""
    wanted = cited.strip()
    every = sources_of(world) if wanted else ()
    return next((source for source in every if wanted in (source.id, source.ref)), None)


def element_text(element: Element) -> str:
    """All that is said of an element; each of its traits reads as ``trait_text`` has it."""
    traits = [trait_text(key, value) for key, value in element.traits.items()]
    return " ".join(part for part in (f"{element.name}.", element.summary, *traits) if part)


def trait_text(key: str, value: Any) -> str:
    """One trait as a statement: "eyes: grey"."""
    return f"{key}: {_plain(value)}"


def _plain(value: Any) -> str:
    # Asked first, because nearly all are texts and asking for a Mapping is slow.
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(trait_text(str(key), part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(part) for part in value)
    return str(value)
