"""A world divided into what all jobs of a universe share and what one request adds to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.envelope import canonical_json
from agents.engine.request.selection import choose
from agents.engine.world import CONFIG_FIELDS, WorldView

CHARS_PER_TOKEN: Final = 4

# How an agent shows a world to a model: ``WorldView.as_prompt_data``, or the same with references.
Show = Callable[[WorldView], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class WorldParts:
    """A world as it goes into one request.

    ``shared`` is byte for byte the same for each job of a universe, so that a provider can cache it. ``changes`` is
    what the request says otherwise, empty for nothing: fields that replace the world's, rules that come after its own.
    ``elements`` are those that were chosen for this job out of a large world, and ``choice`` is which and why, for
    people; both are None where all are in ``shared``.
    """

    shared: dict[str, Any]
    changes: dict[str, Any]
    elements: list[dict[str, Any]] | None = None
    choice: dict[str, Any] | None = None


def divide(
    own: WorldView,
    merged: WorldView,
    show: Show,
    *,
    budget_tokens: int,
    names: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> WorldParts:
    """The parts of ``merged``, which is ``own`` with what a request changes.

    Of a world beyond the budget the frame and all rules are shared, and no element: nothing that is shared then changes
    when canon grows. Elements are chosen by the ``names`` and ``texts`` of the job, as ``selection`` has it.
    """
    budget_chars = budget_tokens * CHARS_PER_TOKEN
    shared, changes = show(own), _changes(own, merged, show)
    # Summaries alone say of most large worlds that they are; the exact length takes longer.
    is_large = (
        sum(len(element.summary) for element in own.elements) > budget_chars or _size(shared) > budget_chars
    )
    if not is_large or not own.elements:
        return WorldParts(shared, changes)
    shown = shared.pop("elements")
    used = _size(shared) + (_size(changes) if changes else 0)
    elements = own.ordered_elements()
    chosen = choose(elements, shown, names, texts, budget_chars - used)
    # A model reads them in the world's order, which says nothing of why they are there.
    selected = [shown[one.place] for one in sorted(chosen, key=lambda one: one.place)]
    choice = {
        "budget_tokens": budget_tokens,
        "tokens": -(-(used + _size(selected)) // CHARS_PER_TOKEN),
        "elements_in_world": len(elements),
        "chosen": [
            {"id": elements[one.place].id, "name": elements[one.place].name, "why": one.why} for one in chosen
        ],
        "left_out": len(elements) - len(chosen),
    }
    return WorldParts(shared, changes, selected, choice)


def _changes(own: WorldView, merged: WorldView, show: Show) -> dict[str, Any]:
    fields = {name: getattr(merged, name) for name in CONFIG_FIELDS}
    changes: dict[str, Any] = {name: text for name, text in fields.items() if text != getattr(own, name)}
    # Shown as part of the whole world, so that they keep the references that they have in it.
    if added := show(merged.without_elements()).get("rules", [])[len(own.rules) :]:
        changes["rules"] = added
    return changes


def _size(value: Any) -> int:
    return len(canonical_json(value))
