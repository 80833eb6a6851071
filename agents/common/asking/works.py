"""Everything that agents can be asked for, from their input types."""

from __future__ import annotations

import functools
import typing
from dataclasses import dataclass
from typing import Any, Final

from pydantic.fields import FieldInfo

from agents.common.output_form import label_of
from agents.engine.registry import AGENTS

# The field by which one agent offers several kinds of work.
KIND: Final = "type"


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work that can be asked for: an agent, and which of its kinds if it has several."""

    agent_type: str
    kind: str
    label: str
    about: str


# Words for what the agents do; one without an entry is shown by its own name and description.
_WORDS: Final = {
    ("narrative", "narrative"): ("Scene", "A scene of the story, in prose"),
    ("narrative", "video_prompt"): ("Video prompt", "A scene as a list of shots, for a video model"),
    ("spatial", ""): ("Place", "How a place looks, feels and is laid out"),
    ("consistency", ""): ("Check", "Checks a text against the rules of its world"),
}


@functools.cache
def works() -> tuple[Work, ...]:
    """Return everything that can be asked for, by agent."""
    found = []
    for agent_type, agent in AGENTS.items():
        info = agent.input_model.model_fields.get(KIND)
        kinds = choices_of(info) if info is not None else ()
        for kind in kinds or ("",):
            about = (agent.input_model.__doc__ or "").strip().partition("\n")[0]
            label, about = _WORDS.get((agent_type, kind), (label_of(kind or agent_type), about))
            found.append(Work(agent_type, kind, label, about))
    return tuple(found)


def work_named(agent_type: str, kind: str) -> Work:
    """Return the work of this agent and kind, or the nearest that there is."""
    offered = works()
    of_agent = [work for work in offered if work.agent_type == agent_type]
    return next((work for work in of_agent if work.kind == kind), (of_agent or offered)[0])


def agents_offered() -> list[tuple[str, str]]:
    """Return each agent with what it can be asked for, in a writer's words: ``Scene, video prompt``."""
    labels: dict[str, str] = {}
    for work in works():
        before = labels.get(work.agent_type)
        labels[work.agent_type] = f"{before}, {work.label.lower()}" if before else work.label
    return list(labels.items())


def choices_of(info: FieldInfo) -> tuple[str, ...]:
    plain = plain_type(info.annotation)
    return tuple(map(str, typing.get_args(plain))) if typing.get_origin(plain) is typing.Literal else ()


def plain_type(annotation: Any) -> Any:
    """Return a type without ``None`` and annotations."""
    inner = _without_none(annotation)
    return _without_none(typing.get_args(inner)[0]) if typing.get_origin(inner) is typing.Annotated else inner


def _without_none(annotation: Any) -> Any:
    options = [part for part in typing.get_args(annotation) if part is not type(None)]
    return options[0] if type(None) in typing.get_args(annotation) and len(options) == 1 else annotation
