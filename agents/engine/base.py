"""The run that all agents share: build, call, validate, score."""

from __future__ import annotations

import builtins
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.engine.attempt import Attempt
from agents.engine.confidence import observations
from agents.engine.confidence.review_policy import decide
from agents.engine.confidence.signals import Signal, score
from agents.engine.envelope import canonical_json, seal
from agents.engine.fields import AgentInput, FieldError, InvalidInput, field_errors, refuse_unstorable
from agents.engine.request.api_schema import api_schema
from agents.engine.request.prompt_files import Prompt
from agents.engine.request.world_parts import WorldParts, divide
from agents.engine.results import AgentFailure, AgentResult, CallRecord, OnPhase, Revision, RunSettings
from agents.engine.text.matching import texts_in
from agents.engine.world import WorldView, merge_world
from agents.llm.base import LLMClient, LLMError, LLMReply, LLMRequest, UnusableReply

# About 50,000 tokens: what a model reads of a world has to leave room for the work itself. Of a world's elements a
# model reads what fits; its rules hold all of them.
WORLD_CHARS: Final = 200_000

# With one repair to an attempt, a model should see more than the first of its mistakes.
_FAULTS_TOLD: Final = 3


class Answer(BaseModel):
    """The part of an output that the model writes. A field too many is dropped, and noted in the score."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Output(BaseModel):
    """What every output has. ``model`` is "mock" for the built-in model; ``tokens_used`` is the sum of all
    tokens.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    tokens_used: int


In = TypeVar("In", bound=AgentInput)
Ans = TypeVar("Ans", bound=Answer)
Out = TypeVar("Out", bound=Output)


@dataclass(frozen=True, slots=True)
class Assignment(Generic[In]):
    """One piece of work, all of it known.

    ``own`` is the universe's world, ``world`` the same with what the input changes, ``parts`` what is read of it.
    """

    asked: In
    own: WorldView
    world: WorldView
    parts: WorldParts
    settings: RunSettings
    revision: Revision | None


class Agent(ABC, Generic[In, Ans, Out]):
    """A prompt, an input type, an output type. Agents keep no state: one object serves all threads."""

    type: ClassVar[str]
    label: ClassVar[str]
    # "type" is the agent's own word in this class, so the built-in is named in full.
    input_model: builtins.type[In]
    output_model: builtins.type[Out]
    # What a person who edits an output cannot change: facts about how it was made.
    fixed_fields: ClassVar[tuple[str, ...]] = ("model", "tokens_used")
    # Without a text in each of these an output is no output.
    text_fields: ClassVar[tuple[str, ...]]

    def validate_input(self, data: Mapping[str, Any], *, world: WorldView | None = None) -> In:
        """``data`` as a typed input; ``InvalidInput`` names every wrong field by a pointer relative to the
        input.

        With ``world`` it is also checked that its rules and what the input adds to them fit before a model.
        """
        try:
            asked = self.input_model.model_validate(dict(data))
        except ValidationError as error:
            raise InvalidInput(field_errors(error)) from None
        size = len(canonical_json(_merged(world, asked).without_elements().as_prompt_data()))
        if size > WORLD_CHARS:
            message = f"The world has {size} characters of rules; an agent reads at most {WORLD_CHARS}."
            raise InvalidInput([FieldError("/world_config", message, "world_too_large")])
        return asked

    def check_edit(self, edited: Mapping[str, Any], original: Mapping[str, Any]) -> dict[str, Any]:
        """A person's edit of ``original`` as an output of this agent, JSON-ready.

        Held against the same type as the agent's own output; the fixed fields stay as they were and counts
        are counted anew. ``InvalidInput`` names every wrong field by a pointer relative to the output.
        """
        fixed = {name: original[name] for name in self.fixed_fields if name in original}
        refuse_unstorable(edited)
        try:
            output = self.output_shape(original).model_validate({**edited, **fixed})
        except ValidationError as error:
            raise InvalidInput(field_errors(error)) from None
        for name in self.text_fields:
            if not str(getattr(output, name)).strip():
                raise InvalidInput([FieldError(f"/{name}", f"The field {name} may not be blank.", "blank")])
        return self.recounted(output).model_dump(mode="json")

    def output_shape(self, output: Mapping[str, Any]) -> builtins.type[Out]:
        """The exact type of an output, for agents that have several."""
        return self.output_model

    def recounted(self, output: Out) -> Out:
        """``output`` with everything that is counted from its text counted anew."""
        return output

    def run(
        self,
        input_data: Mapping[str, Any],
        world: WorldView | None,
        settings: RunSettings,
        llm: LLMClient,
        revision: Revision | None = None,
        on_phase: OnPhase | None = None,
        calls: list[CallRecord] | None = None,
    ) -> AgentResult:
        """Do one attempt. Raises ``AgentFailure`` and nothing else for everything that can go wrong in it.

        ``on_phase`` is told what it is at, as in ``results.Phase``; what that raises comes out here. ``calls``
        takes each call as soon as it is over, for a caller that has to know of them whatever happens here.
        """
        attempt = Attempt(llm, settings.timeout_s, on_phase, calls)
        try:
            work = self.assign(input_data, world, settings, revision)
        except InvalidInput as error:
            raise AgentFailure(error.code, error.message, kind="permanent") from error
        request = self.build(work)
        try:
            answer, how, reply = attempt.answer(request, partial(self.read, work))
        except LLMError as error:
            raise AgentFailure.of_error(error, tuple(attempt.calls)) from error

        attempt.tell("checking")
        signals = [*how, observations.stop_reason(reply.stop_reason), *self.observe(work, answer)]
        if settings.second_opinion:
            signals += self.opinions(work, answer, attempt)
        # All that was paid for is told, whichever call it went into.
        output = self.compose(work, answer, replace(reply, usage=attempt.usage))
        confidence = score(signals)
        needs_review, reasons = decide(confidence, settings.threshold, signals, settings.review_because)
        return AgentResult(
            output=output.model_dump(mode="json"),
            signals=tuple(signals),
            confidence=confidence,
            needs_review=needs_review,
            reasons=reasons,
            calls=tuple(attempt.calls),
            is_mock=reply.is_mock,
            request=request,
            world_choice=work.parts.choice,
        )

    def request_for(
        self,
        input_data: Mapping[str, Any],
        world: WorldView | None,
        settings: RunSettings,
        revision: Revision | None = None,
    ) -> LLMRequest:
        """What ``run`` would ask first, asking nobody. ``InvalidInput`` where it could not."""
        return self.build(self.assign(input_data, world, settings, revision))

    def assign(
        self,
        input_data: Mapping[str, Any],
        world: WorldView | None,
        settings: RunSettings,
        revision: Revision | None = None,
    ) -> Assignment[In]:
        """The work that an input asks for; ``InvalidInput`` as in ``validate_input``."""
        asked = self.validate_input(input_data, world=world)
        own, merged = world or WorldView(), _merged(world, asked)
        told = [asked.model_dump(), *((revision.note, revision.previous_output) if revision else ())]
        parts = divide(
            own,
            merged,
            self.show,
            budget_tokens=settings.world_tokens,
            names=self.names_in(asked),
            texts=list(texts_in(told)),
        )
        return Assignment(asked, own, merged, parts, settings, revision)

    def build(self, work: Assignment[In]) -> LLMRequest:
        """The request for one attempt. Everything that users or worlds wrote is sealed as data.

        The system text is the same for all work on one universe by one prompt, and nothing of the request is in it: a
        provider keeps it for the next.
        """
        prompt, parts = self.prompt(work), work.parts
        user = [prompt.task]
        if parts.changes:
            user.append(seal("changes", parts.changes))
        if parts.elements is not None:
            user.append(seal("elements", parts.elements))
        user.append(seal("input", self.task_data(work)))
        if work.revision is not None:
            revision = {"note": work.revision.note, "previous_output": dict(work.revision.previous_output)}
            user.append(seal("revision", revision))
        return LLMRequest(
            agent=self.type,
            model=work.settings.model,
            system=f"{prompt.instructions}\n\n{seal('world', parts.shared)}",
            user="\n\n".join(user),
            schema=api_schema(self.answer_model(work)),
            max_tokens=self.max_tokens(work),
            timeout_s=work.settings.timeout_s,
            prompt_name=prompt.name,
            prompt_version=prompt.version,
            attempt=work.settings.attempt,
            job=work.settings.job,
            lane=work.settings.lane,
            universe=work.settings.universe,
        )

    @abstractmethod
    def prompt(self, work: Assignment[In]) -> Prompt: ...

    @abstractmethod
    def answer_model(self, work: Assignment[In]) -> builtins.type[Ans]: ...

    @abstractmethod
    def max_tokens(self, work: Assignment[In]) -> int: ...

    @abstractmethod
    def task_data(self, work: Assignment[In]) -> dict[str, Any]:
        """What goes between the ``<input>`` tags."""

    def show(self, world: WorldView) -> dict[str, Any]:
        """A world, or a part of it, as the model reads it."""
        return world.as_prompt_data()

    def names_in(self, asked: In) -> Sequence[str]:
        """What an input asks for by name."""
        return ()

    @abstractmethod
    def main_text(self, answer: Ans) -> str:
        """The text without which an answer is no answer."""

    @abstractmethod
    def compose(self, work: Assignment[In], answer: Ans, reply: LLMReply) -> Out: ...

    @abstractmethod
    def observe(self, work: Assignment[In], answer: Ans) -> Sequence[Signal]:
        """The signals besides form and stop reason."""

    def opinions(self, work: Assignment[In], answer: Ans, attempt: Attempt) -> Sequence[Signal]:
        """What another reader says of the answer; nothing of an output that is no text of the world's own."""
        return ()

    def read(self, work: Assignment[In], reply: LLMReply) -> tuple[Ans, Signal]:
        """The answer in a reply, and how its form was; ``UnusableReply`` says what is wrong with it."""
        if not reply.text.strip():
            raise UnusableReply("empty_output", "The model answered with no text.", reply=reply)
        fenced = _fenced(reply.text)
        try:
            plain = json.loads(reply.text if fenced is None else fenced)
            answer = self.answer_model(work).model_validate(plain)
        except (ValidationError, ValueError, RecursionError) as error:
            message = f"The model's answer is not what was agreed: {_faults(error)}"
            raise UnusableReply("invalid_output", message, reply=reply) from error
        if not self.main_text(answer).strip():
            raise UnusableReply(
                "empty_output", "The model answered in the agreed form, with nothing in it.", reply=reply
            )
        return answer, observations.schema_valid(
            fenced is not None, set(plain) - set(answer.__class__.model_fields)
        )


def _merged(world: WorldView | None, asked: AgentInput) -> WorldView:
    return merge_world(world, asked.world_config.fields(), asked.world_config.rules)


def _fenced(text: str) -> str | None:
    """What stands in a text that is one Markdown block; None for any other.

    No pattern, because one that goes back and forth over a long run of empty lines stands still with all threads.
    """
    opening, _, rest = text.strip().partition("\n")
    if opening.rstrip() not in {"```", "```json"} or not rest.endswith("```"):
        return None
    return rest.removesuffix("```")


def _faults(error: Exception) -> str:
    if isinstance(error, ValidationError):
        faults = field_errors(error)[:_FAULTS_TOLD]
        return " ".join(f"{fault.pointer or '/'}: {fault.message}" for fault in faults)
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON (line {error.lineno}, column {error.colno})."
    return "it is nested too deeply."
