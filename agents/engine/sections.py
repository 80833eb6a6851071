"""The two texts of a request. Everything that users or worlds wrote is sealed as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.engine.envelope import seal
from agents.engine.guidance import Guidance
from agents.engine.request.prompt_files import Prompt
from agents.engine.request.world_parts import WorldParts
from agents.engine.results import Revision


def system_text(prompt: Prompt, parts: WorldParts, guidance: Guidance) -> str:
    """Join what depends on the universe, its style guide and the prompt alone, so that a provider can cache it."""
    sections = [prompt.instructions, seal("world", parts.shared)]
    if guidance.rules:
        sections.append(seal("style_guide", guidance.rules))
    return "\n\n".join(sections)


def user_text(
    prompt: Prompt,
    parts: WorldParts,
    guidance: Guidance,
    task_data: Mapping[str, Any],
    revision: Revision | None,
) -> str:
    """Join what belongs to one job: its task, the elements and examples chosen for it, and its input."""
    sections = [prompt.task]
    if parts.changes:
        sections.append(seal("changes", parts.changes))
    if parts.elements is not None:
        sections.append(seal("elements", parts.elements))
    if guidance.examples:
        sections.append(seal("examples", [example.as_prompt_data() for example in guidance.examples]))
    sections.append(seal("input", task_data))
    if revision is not None:
        asked = {"note": revision.note, "previous_output": dict(revision.previous_output)}
        sections.append(seal("revision", asked))
    return "\n\n".join(sections)
