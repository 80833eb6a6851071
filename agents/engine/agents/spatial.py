"""Places: what they look like, what stands out in them, how they are laid out."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from pydantic import Field

from agents.engine.agents.second_opinion import second_opinion
from agents.engine.attempt import Attempt
from agents.engine.base import Agent, Answer, Assignment, Output
from agents.engine.confidence import observations
from agents.engine.confidence.signals import Signal
from agents.engine.fields import MAX_LANDMARKS, AgentInput, DetailsText, KindText, ModelText, NameText
from agents.engine.request.prompt_files import Prompt, load_prompt
from agents.engine.text.matching import paragraphs
from agents.llm.base import LLMReply

DESCRIPTION_WORDS: Final = (80, 600)

# Suggestions for the schema; any short text is accepted.
PLACE_TYPES: Final = (
    "city",
    "town",
    "village",
    "wilderness",
    "structure",
    "interior",
    "ruin",
    "landscape",
    "other",
)


class SpatialInput(AgentInput):
    """Which place, of what type, and what has to be there."""

    location_name: NameText
    type: KindText = Field(
        default="other",
        description=f"Kind of the place, in a word: {', '.join(PLACE_TYPES)}, or a word of your own.",
        examples=["city"],
    )
    details: DetailsText = ""
    landmarks: list[NameText] = Field(default_factory=list, max_length=MAX_LANDMARKS)


class Landmark(Answer):
    name: ModelText
    description: ModelText


class SpatialAnswer(Answer):
    description: ModelText
    landmarks: list[Landmark]
    atmosphere: ModelText
    map_layout: ModelText


class SpatialOutput(Output):
    """A place. Its name and type are those that were asked for, whatever the model calls it."""

    location_name: str
    type: str
    description: str
    landmarks: list[Landmark]
    atmosphere: str
    map_layout: str


class SpatialAgent(Agent[SpatialInput, SpatialAnswer, SpatialOutput]):
    type: ClassVar[str] = "spatial"
    label: ClassVar[str] = "Spatial"
    input_model = SpatialInput
    output_model = SpatialOutput
    fixed_fields = ("model", "tokens_used", "type")
    text_fields = ("location_name", "description")

    def prompt(self, work: Assignment[SpatialInput]) -> Prompt:
        return load_prompt("spatial")

    def answer_model(self, work: Assignment[SpatialInput]) -> builtins.type[SpatialAnswer]:
        return SpatialAnswer

    def max_tokens(self, work: Assignment[SpatialInput]) -> int:
        return 6144

    def task_data(self, work: Assignment[SpatialInput]) -> dict[str, Any]:
        asked, settings = work.asked, work.settings
        least, most = DESCRIPTION_WORDS
        wanted: dict[str, Any] = {"min_words": least, "max_words": most}
        if settings.tone:
            wanted["tone"] = settings.tone
        if settings.language:
            wanted["language"] = settings.language
        known = work.world.find("location", asked.location_name)
        data: dict[str, Any] = {
            "location_name": asked.location_name,
            "type": asked.type,
            "details": asked.details,
            "landmarks": list(asked.landmarks),
            "known": {"summary": known.summary, "traits": dict(known.traits)} if known else {},
        }
        return {key: value for key, value in data.items() if value} | {"wanted": wanted}

    def names_in(self, asked: SpatialInput) -> Sequence[str]:
        return [asked.location_name, *asked.landmarks]

    def main_text(self, answer: SpatialAnswer) -> str:
        return answer.description

    def compose(
        self, work: Assignment[SpatialInput], answer: SpatialAnswer, reply: LLMReply
    ) -> SpatialOutput:
        return SpatialOutput(
            location_name=work.asked.location_name,
            type=work.asked.type,
            description=answer.description.strip(),
            landmarks=answer.landmarks,
            atmosphere=answer.atmosphere.strip(),
            map_layout=answer.map_layout.strip(),
            model=reply.model,
            tokens_used=reply.usage.total,
        )

    def observe(self, work: Assignment[SpatialInput], answer: SpatialAnswer) -> Sequence[Signal]:
        parts = {
            "a description in two or three paragraphs": 2 <= len(paragraphs(answer.description)) <= 3,
            "landmarks, each with a name and a description": bool(answer.landmarks)
            and all(mark.name.strip() and mark.description.strip() for mark in answer.landmarks),
            "an atmosphere": bool(answer.atmosphere.strip()),
            "a map layout": bool(answer.map_layout.strip()),
        }
        # A landmark that is only spoken of has no entry of its own, so the list of names is what counts.
        named = "\n".join(landmark.name for landmark in answer.landmarks)
        return (
            observations.complete(parts),
            observations.word_range(answer.description, *DESCRIPTION_WORDS),
            observations.landmarks_present(work.asked.landmarks, named),
            observations.clean_prose(answer.description),
            *observations.against_world(_told(answer), work.world),
        )

    def opinions(
        self, work: Assignment[SpatialInput], answer: SpatialAnswer, attempt: Attempt
    ) -> Sequence[Signal]:
        return (second_opinion(_told(answer), "location", work, attempt),)


def _told(answer: SpatialAnswer) -> str:
    """What an answer says of the world."""
    marks = [f"{landmark.name}: {landmark.description}" for landmark in answer.landmarks]
    return "\n".join([answer.description, *marks, answer.atmosphere, answer.map_layout])
