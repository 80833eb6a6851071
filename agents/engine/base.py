"""The run that all agents share: build a request, call a model, parse, check and score the answer."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Final, Generic

from pydantic import ValidationError
from pydantic_core import from_json

from agents.engine.assignment import Ans, Assignment, In, Out, PreparedWork, guidance_applied
from agents.engine.attempt import Attempt
from agents.engine.confidence import observations
from agents.engine.confidence.calibration import confidence_of
from agents.engine.confidence.language_signal import language
from agents.engine.confidence.review_policy import decide
from agents.engine.confidence.signals import Signal
from agents.engine.envelope import canonical_json
from agents.engine.fields import AgentInput, FieldError, InvalidInput, field_errors, refuse_unstorable
from agents.engine.reply_parsing import parse_reply
from agents.engine.request.api_schema import api_schema
from agents.engine.request.prompt_files import Prompt, load_prompt
from agents.engine.request.world_parts import divide
from agents.engine.results import AgentFailure, AgentResult, CallRecord, OnPhase, Revision, RunSettings
from agents.engine.sections import system_text, user_text
from agents.engine.text.languages.detection import language_of
from agents.engine.text.matching import texts_in
from agents.engine.world import WorldView, merge_world
from agents.llm.base import LLMClient, LLMError, LLMReply, LLMRequest

# About 50,000 tokens. Elements are selected to fit, but a request holds all rules, and the answer needs room as well.
MAX_WORLD_CHARS: Final = 200_000


class Agent(ABC, Generic[In, Ans, Out]):
    """A prompt, an input type and an output type. Agents are stateless: one object serves all threads."""

    type: ClassVar[str]
    # Inside this class "type" is the agent's own attribute, so the built-in needs its full name.
    input_model: builtins.type[In]
    output_model: builtins.type[Out]
    answer_type: builtins.type[Ans]
    answer_tokens: ClassVar[int]
    # Facts about how an output was made, which an edit cannot change.
    fixed_fields: ClassVar[tuple[str, ...]] = ("model", "tokens_used")
    # Fields of the output that may not be blank; the last one is shown while it is written.
    text_fields: ClassVar[tuple[str, ...]]

    def validate_input(self, data: Mapping[str, Any], *, world: WorldView | None = None) -> In:
        """Return ``data`` as a typed input.

        Raises ``InvalidInput`` with a pointer, relative to the input, for every wrong field; also when the rules of
        ``world`` and of the input together are too long for a model.
        """
        try:
            typed = self.input_model.model_validate(dict(data))
        except ValidationError as error:
            raise InvalidInput(field_errors(error)) from None
        size = len(canonical_json(_merged(world, typed).without_elements().as_prompt_data()))
        if size > MAX_WORLD_CHARS:
            message = f"The world has {size} characters of rules; an agent reads at most {MAX_WORLD_CHARS}."
            raise InvalidInput([FieldError("/world_config", message, "world_too_large")])
        return typed

    def text_so_far(self, answer: str) -> str:
        """Return the text in the beginning of an answer; "" if there is none yet, or if it is no JSON."""
        try:
            read = from_json(answer[max(answer.find("{"), 0) :], allow_partial="trailing-strings")
        except ValueError:
            return ""
        text = read.get(self.text_fields[-1], "") if isinstance(read, dict) else ""
        return text if isinstance(text, str) else ""

    def check_edit(self, edited: Mapping[str, Any], original: Mapping[str, Any]) -> dict[str, Any]:
        """Validate a person's edit of ``original`` and return it JSON-ready.

        The edit must fit the type of the agent's own output and must not contradict itself. Fixed fields keep their
        values and counts are renewed.
        Raises ``InvalidInput`` with a pointer, relative to the output, for every wrong field.
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
        if errors := self.contradictions(output):
            raise InvalidInput(list(errors))
        return self.recounted(output).model_dump(mode="json")

    def contradictions_in(self, output: Mapping[str, Any]) -> Sequence[FieldError]:
        """Return what makes a stored output contradict itself; it must not be accepted as it is."""
        try:
            return self.contradictions(self.output_shape(output).model_validate(output))
        except ValidationError:
            # Of an earlier release, whose outputs had other fields.
            return ()

    def contradictions(self, output: Out) -> Sequence[FieldError]:
        """Return the fields of an output that contradict each other, with pointers relative to the output."""
        return ()

    def output_shape(self, output: Mapping[str, Any]) -> builtins.type[Out]:
        """Return the exact type of an output, for agents that have several."""
        return self.output_model

    def recounted(self, output: Out) -> Out:
        """Renew the fields of ``output`` that are counted from its text."""
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
        """Prepare and run one attempt, as ``prepare`` and ``run_prepared`` do."""
        work = self.prepare(input_data, world, settings, revision)
        return self.run_prepared(work, llm, on_phase, calls)

    def prepare(
        self,
        input_data: Mapping[str, Any],
        world: WorldView | None,
        settings: RunSettings,
        revision: Revision | None = None,
    ) -> PreparedWork[In]:
        """Build the first request of an attempt; raise ``AgentFailure`` for an unusable input."""
        try:
            work = self.assign(input_data, world, settings, revision)
        except InvalidInput as error:
            raise AgentFailure(error.code, error.message, kind="permanent") from error
        return PreparedWork(work, self.build(work))

    def run_prepared(
        self,
        prepared: PreparedWork[In],
        llm: LLMClient,
        on_phase: OnPhase | None = None,
        calls: list[CallRecord] | None = None,
    ) -> AgentResult:
        """Run one attempt. Every failure of the work itself is an ``AgentFailure``.

        Exceptions from the ``on_phase`` callback pass through. ``calls`` receives each call as soon as it ends, for
        callers that must account for calls even if the run is interrupted.
        """
        work, request = prepared.assignment, prepared.request
        settings = work.settings
        attempt = Attempt(llm, settings.timeout_s, on_phase, calls)
        try:
            answer, form_signals, reply = attempt.answer(request, partial(self.parse, work))
        except LLMError as error:
            raise AgentFailure.of_error(error, tuple(attempt.calls)) from error

        attempt.report("checking")
        signals = [*form_signals, observations.stop_reason(reply.stop_reason), *self.observe(work, answer)]
        if settings.second_opinion:
            signals += self.second_opinions(work, answer, attempt)
        # The output accounts for the tokens of every call in the attempt.
        output = self.compose(work, answer, replace(reply, usage=attempt.usage))
        confidence = confidence_of(settings.calibration, signals)
        needs_review, reasons = decide(confidence, settings.threshold, signals, settings.forced_review_reason)
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
            guidance=guidance_applied(settings, request.prompt_version),
        )

    def request_for(
        self,
        input_data: Mapping[str, Any],
        world: WorldView | None,
        settings: RunSettings,
        revision: Revision | None = None,
    ) -> LLMRequest:
        """Return the first request that ``run`` would send. Raises ``InvalidInput``."""
        return self.build(self.assign(input_data, world, settings, revision))

    def assign(
        self,
        input_data: Mapping[str, Any],
        world: WorldView | None,
        settings: RunSettings,
        revision: Revision | None = None,
    ) -> Assignment[In]:
        """Validate the input and select the parts of the world to read. Raises ``InvalidInput``."""
        typed = self.validate_input(input_data, world=world)
        own_world, merged = world or WorldView(), _merged(world, typed)
        material = [typed.model_dump(), *((revision.note, revision.previous_output) if revision else ())]
        parts = divide(
            own_world,
            merged,
            self.prompt_data,
            budget_tokens=settings.world_tokens,
            names=self.requested_names(typed),
            texts=list(texts_in(material)),
        )
        return Assignment(typed, own_world, merged, parts, settings, revision)

    def build(self, work: Assignment[In]) -> LLMRequest:
        """Build the request from the prompt, the world and the task."""
        prompt, parts, guidance = self.prompt(work), work.parts, work.settings.guidance
        return LLMRequest(
            agent=self.type,
            model=work.settings.model,
            system=system_text(prompt, parts, guidance),
            user=user_text(prompt, parts, guidance, self.task_data(work), work.revision),
            schema=api_schema(self.answer_model(work)),
            max_tokens=self.max_tokens(work),
            timeout_s=work.settings.timeout_s,
            prompt_name=prompt.name,
            prompt_version=prompt.version,
            attempt=work.settings.attempt,
            variant=work.settings.variant,
            job=work.settings.job,
            lane=work.settings.lane,
            universe=work.settings.universe,
        )

    def parse(self, work: Assignment[In], reply: LLMReply) -> tuple[Ans, Signal]:
        """Return the answer in a reply and the signal of its form. Raises ``UnusableReply``."""
        return parse_reply(reply, self.answer_model(work), self.main_text)

    def prompt_data(self, world: WorldView) -> dict[str, Any]:
        """Return a world, or a part of it, as this agent's model reads it."""
        return world.as_prompt_data()

    def requested_names(self, typed: In) -> Sequence[str]:
        """Return the names that the input explicitly asks for."""
        return ()

    def second_opinions(self, work: Assignment[In], answer: Ans, attempt: Attempt) -> Sequence[Signal]:
        """Have another prompt check the answer; agents whose output is no part of the world return nothing."""
        return ()

    def language_signals(self, work: Assignment[In], text: str, request: str) -> tuple[Signal, ...]:
        """Return the signal of the language of ``text``, if there is something to say of it."""
        world = work.world
        described = " ".join([*world.rule_texts(), *(element.summary for element in world.elements[:20])])
        code = language_of(described)
        signal = language(text, work.settings.language, request, (code,) if code else ())
        return (signal,) if signal is not None else ()

    def prompt(self, work: Assignment[In]) -> Prompt:
        return load_prompt(self.type)

    def prompt_names(self) -> tuple[str, ...]:
        """Return the names of all prompts that the agent uses."""
        return (self.type,)

    def answer_model(self, work: Assignment[In]) -> builtins.type[Ans]:
        return self.answer_type

    def max_tokens(self, work: Assignment[In]) -> int:
        return self.answer_tokens

    @abstractmethod
    def task_data(self, work: Assignment[In]) -> dict[str, Any]:
        """Return the data between the ``<input>`` tags."""

    @abstractmethod
    def main_text(self, answer: Ans) -> str:
        """Return the text without which the answer counts as empty."""

    @abstractmethod
    def compose(self, work: Assignment[In], answer: Ans, reply: LLMReply) -> Out: ...

    @abstractmethod
    def observe(self, work: Assignment[In], answer: Ans) -> Sequence[Signal]:
        """Return the signals about content; ``run`` adds those about form and stop reason."""


def _merged(world: WorldView | None, typed: AgentInput) -> WorldView:
    return merge_world(world, typed.world_config.fields(), typed.world_config.rules)
