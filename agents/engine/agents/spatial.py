"""The agent that describes places: appearance, landmarks, atmosphere and layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from pydantic import Field

from agents.engine.agents.second_opinion import second_opinion
from agents.engine.assignment import Assignment, Output, preferences
from agents.engine.attempt import Attempt
from agents.engine.base import Agent
from agents.engine.confidence import observations
from agents.engine.confidence.script_signal import scripts
from agents.engine.confidence.signals import Signal
from agents.engine.fields import MAX_LANDMARKS, AgentInput, DetailsText, KindText, ModelText, NameText
from agents.engine.reply_parsing import Answer
from agents.engine.text.matching import paragraphs, texts_in
from agents.llm.base import LLMReply

DESCRIPTION_WORDS: Final = (80, 600)

# Suggestions for the schema; any short text is accepted.
PLACE_TYPES: Final = "city, town, village, wilderness, structure, interior, ruin, landscape, other"


class SpatialInput(AgentInput):
    """A place to describe, and the landmarks that it must have."""

    location_name: NameText = Field(title="Name of the place", json_schema_extra={"x-names": "location"})
    type: KindText = Field(
        default="other",
        title="Kind of place",
        description=f"One word: {PLACE_TYPES}, or your own.",
        examples=["city"],
        json_schema_extra={"x-suggestions": PLACE_TYPES},
    )
    details: DetailsText = Field(
        "",
        title="What is known about it?",
        description="Where it lies, who lives there, what it is for.",
        json_schema_extra={"x-names": "any"},
    )
    landmarks: list[NameText] = Field(
        default_factory=list,
        max_length=MAX_LANDMARKS,
        title="Landmarks that must appear",
    )


class Landmark(Answer):
    name: ModelText
    description: ModelText


class SpatialAnswer(Answer):
    description: ModelText
    landmarks: list[Landmark]
    atmosphere: ModelText
    map_layout: ModelText


class SpatialOutput(Output):
    """A place. Name and type are those of the input, whatever the model calls it."""

    location_name: str
    type: str
    description: str
    landmarks: list[Landmark]
    atmosphere: str
    map_layout: str


class SpatialAgent(Agent[SpatialInput, SpatialAnswer, SpatialOutput]):
    type: ClassVar[str] = "spatial"
    input_model = SpatialInput
    output_model = SpatialOutput
    answer_type = SpatialAnswer
    answer_tokens = 6144
    fixed_fields = ("model", "tokens_used", "type")
    text_fields = ("location_name", "description")

    def task_data(self, work: Assignment[SpatialInput]) -> dict[str, Any]:
        typed = work.input
        min_words, max_words = DESCRIPTION_WORDS
        wanted = {
            "min_words": min_words,
            "max_words": max_words,
            **preferences(work.settings, "tone", "language"),
        }
        known = work.world.find("location", typed.location_name)
        data: dict[str, Any] = {
            "location_name": typed.location_name,
            "type": typed.type,
            "details": typed.details,
            "landmarks": list(typed.landmarks),
            "known": {"summary": known.summary, "traits": dict(known.traits)} if known else {},
        }
        return {key: value for key, value in data.items() if value} | {"wanted": wanted}

    def requested_names(self, typed: SpatialInput) -> Sequence[str]:
        return [typed.location_name, *typed.landmarks]

    def main_text(self, answer: SpatialAnswer) -> str:
        return answer.description

    def compose(
        self, work: Assignment[SpatialInput], answer: SpatialAnswer, reply: LLMReply
    ) -> SpatialOutput:
        return SpatialOutput(
            location_name=work.input.location_name,
            type=work.input.type,
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
        # Only names of landmarks count: one that is merely mentioned has no entry of its own.
        named = "\n".join(landmark.name for landmark in answer.landmarks)
        return (
            observations.complete(parts),
            observations.word_range(answer.description, *DESCRIPTION_WORDS),
            observations.landmarks_present(work.input.landmarks, named),
            observations.clean_prose(
                answer.description, *texts_in(answer.model_dump(exclude={"description"}))
            ),
            *scripts(*texts_in(answer.model_dump())),
            *observations.against_world(
                _checked_text(answer),
                work.world,
                only_mentioned=work.only_mentioned,
                intentional=work.settings.intentional,
            ),
            *self.language_signals(work, answer.description, work.input.details),
        )

    def second_opinions(
        self, work: Assignment[SpatialInput], answer: SpatialAnswer, attempt: Attempt
    ) -> Sequence[Signal]:
        return (second_opinion(_checked_text(answer), "location", work, attempt),)


def _checked_text(answer: SpatialAnswer) -> str:
    marks = [f"{landmark.name}: {landmark.description}" for landmark in answer.landmarks]
    return "\n".join([answer.description, *marks, answer.atmosphere, answer.map_layout])
