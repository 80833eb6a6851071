"""The agent that writes scenes and prompts for videos."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Literal

from pydantic import ConfigDict, Field

from agents.engine.agents.second_opinion import second_opinion
from agents.engine.assignment import Assignment, Output, preferences
from agents.engine.attempt import Attempt
from agents.engine.base import Agent
from agents.engine.confidence import observations
from agents.engine.confidence.script_signal import scripts
from agents.engine.confidence.signals import Signal
from agents.engine.fields import (
    MAX_CHARACTERS,
    AgentInput,
    Character,
    FieldError,
    ModelText,
    PromptText,
    WordRangeInput,
)
from agents.engine.reply_parsing import Answer
from agents.engine.request.prompt_files import Prompt, load_prompt
from agents.engine.text.matching import count_words, texts_in
from agents.engine.text.vocabulary import FILM_WORDS
from agents.engine.world import WorldView
from agents.llm.base import LLMReply

NARRATIVE_WORDS: Final = (300, 1000)
VIDEO_PROMPT_WORDS: Final = (60, 400)


class NarrativeInput(AgentInput):
    """A scene or a video prompt to write, and the characters who must appear in it."""

    prompt: PromptText = Field(
        title="What happens?",
        description="Who does what, where, and how it should feel.",
        json_schema_extra={"x-names": "any"},
    )
    type: Literal["narrative", "video_prompt"] = "narrative"
    characters: list[Character] = Field(
        default_factory=list,
        max_length=MAX_CHARACTERS,
        title="Who must appear?",
        description="Agents know the characters of the universe by name.",
        json_schema_extra={"x-names": "character"},
    )
    word_range: WordRangeInput | None = Field(None, title="Length in words")


class Shot(Answer):
    """A shot of a video."""

    # Part of the answer's schema, which the model reads.
    model_config = ConfigDict(
        json_schema_extra={"description": "One shot: what is seen, how the camera moves, how long it lasts."}
    )

    description: ModelText
    camera: ModelText
    duration_s: int


class NarrativeAnswer(Answer):
    title: ModelText
    content: ModelText


class VideoPromptAnswer(NarrativeAnswer):
    shots: list[Shot]
    camera: ModelText
    mood: ModelText


class NarrativeOutput(Output):
    """A scene. ``word_count`` is computed, not taken from the model."""

    type: Literal["narrative", "video_prompt"]
    title: str
    content: str
    word_count: int


class VideoPromptOutput(NarrativeOutput):
    shots: list[Shot]
    camera: str
    mood: str


class NarrativeAgent(Agent[NarrativeInput, NarrativeAnswer, NarrativeOutput]):
    type: ClassVar[str] = "narrative"
    input_model = NarrativeInput
    output_model = NarrativeOutput
    fixed_fields = ("model", "tokens_used", "type", "word_count")
    text_fields = ("title", "content")

    def output_shape(self, output: Mapping[str, Any]) -> builtins.type[NarrativeOutput]:
        return VideoPromptOutput if output.get("type") == "video_prompt" else NarrativeOutput

    def contradictions(self, output: NarrativeOutput) -> Sequence[FieldError]:
        if not isinstance(output, VideoPromptOutput):
            return ()
        if not output.shots:
            return (FieldError("/shots", "A video prompt has at least one shot.", "blank"),)
        return [
            FieldError(f"/shots/{index}/{name}", message, code)
            for index, shot in enumerate(output.shots)
            for name, is_wrong, message, code in (
                ("description", not shot.description.strip(), "Say what is seen.", "blank"),
                ("duration_s", shot.duration_s <= 0, "A shot lasts at least a second.", "out_of_range"),
            )
            if is_wrong
        ]

    def recounted(self, output: NarrativeOutput) -> NarrativeOutput:
        return output.model_copy(update={"word_count": count_words(output.content)})

    def prompt(self, work: Assignment[NarrativeInput]) -> Prompt:
        return load_prompt(work.input.type)

    def prompt_names(self) -> tuple[str, ...]:
        return ("narrative", "video_prompt")

    def answer_model(self, work: Assignment[NarrativeInput]) -> builtins.type[NarrativeAnswer]:
        return VideoPromptAnswer if work.input.type == "video_prompt" else NarrativeAnswer

    def max_tokens(self, work: Assignment[NarrativeInput]) -> int:
        # Four tokens a word leave room for JSON and for languages that take more tokens than English.
        return 2048 + 4 * word_range_for(work)[1]

    def task_data(self, work: Assignment[NarrativeInput]) -> dict[str, Any]:
        typed = work.input
        min_words, max_words = word_range_for(work)
        wanted = {
            "min_words": min_words,
            "max_words": max_words,
            **preferences(work.settings, "tone", "language"),
        }
        return {
            "prompt": typed.prompt,
            "type": typed.type,
            "characters": [_described(character, work.world) for character in typed.characters],
            "wanted": wanted,
        }

    def requested_names(self, typed: NarrativeInput) -> Sequence[str]:
        return [character.name for character in typed.characters]

    def main_text(self, answer: NarrativeAnswer) -> str:
        return answer.content

    def compose(
        self, work: Assignment[NarrativeInput], answer: NarrativeAnswer, reply: LLMReply
    ) -> NarrativeOutput:
        parts: dict[str, Any] = {
            "type": work.input.type,
            "title": answer.title.strip(),
            "content": answer.content.strip(),
            "word_count": count_words(answer.content),
            "model": reply.model,
            "tokens_used": reply.usage.total,
        }
        if isinstance(answer, VideoPromptAnswer):
            return VideoPromptOutput(
                **parts, shots=answer.shots, camera=answer.camera.strip(), mood=answer.mood.strip()
            )
        return NarrativeOutput(**parts)

    def observe(self, work: Assignment[NarrativeInput], answer: NarrativeAnswer) -> Sequence[Signal]:
        parts = {"a title": bool(answer.title.strip())}
        text = _checked_text(answer)
        allowed = FILM_WORDS if isinstance(answer, VideoPromptAnswer) else ()
        if isinstance(answer, VideoPromptAnswer):
            parts["shots, each described and with a camera and a length"] = bool(answer.shots) and all(
                shot.description.strip() and shot.camera.strip() and shot.duration_s > 0
                for shot in answer.shots
            )
            parts["the camera work"] = bool(answer.camera.strip())
            parts["a mood"] = bool(answer.mood.strip())
        return (
            observations.complete(parts),
            observations.word_range(answer.content, *word_range_for(work)),
            observations.characters_present(self.requested_names(work.input), text),
            observations.clean_prose(answer.content, *texts_in(answer.model_dump(exclude={"content"}))),
            *scripts(*texts_in(answer.model_dump())),
            *observations.against_world(
                text,
                work.world,
                allowed,
                only_mentioned=work.only_mentioned,
                intentional=work.settings.intentional,
            ),
            *self.language_signals(work, answer.content, work.input.prompt),
        )

    def second_opinions(
        self, work: Assignment[NarrativeInput], answer: NarrativeAnswer, attempt: Attempt
    ) -> Sequence[Signal]:
        return (second_opinion(_checked_text(answer), "scene", work, attempt),)


def word_range_for(work: Assignment[NarrativeInput]) -> tuple[int, int]:
    """Return the input's word range, else the user's preference (for scenes), else the default."""
    if work.input.word_range is not None:
        return work.input.word_range.low, work.input.word_range.high
    if work.input.type == "video_prompt":
        return VIDEO_PROMPT_WORDS
    return work.settings.word_range or NARRATIVE_WORDS


def _checked_text(answer: NarrativeAnswer) -> str:
    """Return the parts that describe the world, which camera work does not."""
    shots = answer.shots if isinstance(answer, VideoPromptAnswer) else ()
    return "\n".join([answer.title, answer.content, *(shot.description for shot in shots)])


def _described(character: Any, world: WorldView) -> dict[str, Any]:
    """Return a requested character, completed from the world where the request has no details."""
    known = world.find("character", character.name)
    description = character.description or (known.summary if known else "")
    traits = list(character.traits) or (dict(known.traits) if known else {})
    data = {"name": character.name, "description": description, "traits": traits}
    return {key: value for key, value in data.items() if value}
