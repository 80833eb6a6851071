"""Types of one run: what it is given, what it returns, and the record of what shaped it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from agents.engine.fields import AgentInput
from agents.engine.reply_parsing import Answer
from agents.engine.request.world_parts import WorldParts
from agents.engine.results import Revision, RunSettings
from agents.engine.world import WorldView
from agents.llm.base import LLMRequest


class Output(BaseModel):
    """Fields of every output. ``model`` is "mock" for the built-in model; ``tokens_used`` sums all calls."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    tokens_used: int


In = TypeVar("In", bound=AgentInput)
Ans = TypeVar("Ans", bound=Answer)
Out = TypeVar("Out", bound=Output)


@dataclass(frozen=True, slots=True)
class Assignment(Generic[In]):
    """Everything that one run needs.

    ``own_world`` is the universe's world, ``world`` the same with the input's changes, ``parts`` the share of it that
    goes into the request.
    """

    input: In
    own_world: WorldView
    world: WorldView
    parts: WorldParts
    settings: RunSettings
    revision: Revision | None

    @property
    def only_mentioned(self) -> tuple[str, ...]:
        """The names of characters of whom the text only speaks."""
        return tuple(mention.name for mention in self.input.mentions)


@dataclass(frozen=True, slots=True)
class PreparedWork(Generic[In]):
    """An assignment and the first request that is built from it."""

    assignment: Assignment[In]
    request: LLMRequest


def preferences(settings: RunSettings, *names: Literal["tone", "language"]) -> dict[str, str]:
    """Return the preferences that are set, for the ``wanted`` part of the task data."""
    return {name: value for name in names if (value := getattr(settings, name))}


def guidance_applied(settings: RunSettings, prompt_version: str) -> dict[str, Any]:
    """Return the record of what shaped an output besides its world and its request, JSON-ready."""
    guidance = settings.guidance
    return {
        "guide_version": guidance.guide_version,
        "without_new_rules": guidance.without_new_rules,
        "examples": [example.id for example in guidance.examples],
        "tone": settings.tone,
        "language": settings.language,
        "word_range": list(settings.word_range) if settings.word_range else None,
        "prompt_version": prompt_version,
    }
