"""Division of a world into the part that all jobs of a universe share and the part of one request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.envelope import canonical_json
from agents.engine.request.selection import choose
from agents.engine.world import CONFIG_FIELDS, WorldView

CHARS_PER_TOKEN: Final = 4

# ``Agent.prompt_data``.
PromptData = Callable[[WorldView], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class WorldParts:
    """A world as it goes into one request.

    - ``shared``: identical bytes for every job of a universe, so that a provider can cache them.
    - ``changes``: the request's fields that replace the world's, and its additional rules.
    - ``elements``: those selected for this job from a large world; None if ``shared`` has them all.
    - ``choice``: the record of that selection, for people; None without one.
    """

    shared: dict[str, Any]
    changes: dict[str, Any]
    elements: list[dict[str, Any]] | None = None
    choice: dict[str, Any] | None = None


def divide(
    own: WorldView,
    merged: WorldView,
    prompt_data: PromptData,
    *,
    budget_tokens: int,
    names: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> WorldParts:
    """Divide ``merged``, which is ``own`` with a request's changes.

    If a world exceeds the budget, only its fields and rules are shared, so that the shared part stays the same as canon
    grows. Elements are then selected by the ``names`` and ``texts`` of the job.
    """
    budget_chars = budget_tokens * CHARS_PER_TOKEN
    shared, changes = prompt_data(own), _changes(own, merged, prompt_data)
    # The summaries alone usually settle it; the exact size is slow to compute.
    is_large = (
        sum(len(element.summary) for element in own.elements) > budget_chars or _size(shared) > budget_chars
    )
    if not is_large or not own.elements:
        return WorldParts(shared, changes)
    shown = shared.pop("elements")
    used = _size(shared) + (_size(changes) if changes else 0)
    elements = own.ordered_elements()
    chosen = choose(elements, shown, names, texts, budget_chars - used)
    # Back to the world's order, so that the order reveals nothing about the selection.
    selected = [shown[index] for index in sorted(pick.index for pick in chosen)]
    choice = {
        "budget_tokens": budget_tokens,
        "tokens": -(-(used + _size(selected)) // CHARS_PER_TOKEN),
        "elements_in_world": len(elements),
        "chosen": [
            {"id": elements[pick.index].id, "name": elements[pick.index].name, "why": pick.why}
            for pick in chosen
        ],
        "left_out": len(elements) - len(chosen),
    }
    return WorldParts(shared, changes, selected, choice)


def _changes(own: WorldView, merged: WorldView, prompt_data: PromptData) -> dict[str, Any]:
    fields = {name: getattr(merged, name) for name in CONFIG_FIELDS}
    changes: dict[str, Any] = {name: text for name, text in fields.items() if text != getattr(own, name)}
    # Rendered as part of the whole world, so that rules keep their references.
    if added := prompt_data(merged.without_elements()).get("rules", [])[len(own.rules) :]:
        changes["rules"] = added
    return changes


def _size(value: Any) -> int:
    return len(canonical_json(value))
