"""The agent that checks a text against its world, with a quotation for every violation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final, Literal

from pydantic import ConfigDict, Field

from agents.engine.assignment import Assignment, Output, preferences
from agents.engine.base import Agent
from agents.engine.checks import report
from agents.engine.confidence import observations
from agents.engine.confidence.signals import Signal
from agents.engine.fields import RULE_CHARS, AgentInput, ContentText, FieldError, KindText, ModelText
from agents.engine.reply_parsing import Answer
from agents.engine.sources import citable_prompt_data, find_source
from agents.engine.text.matching import flatten, is_quoted_from
from agents.engine.text.vocabulary import FILM_WORDS
from agents.engine.world import WorldView
from agents.llm.base import LLMReply

# Source id of a violation in which the text contradicts itself.
THE_TEXT: Final = "text"

# Suggestions for the schema; any short text is accepted.
CONTENT_TYPES: Final = "text, narrative, scene, dialogue, video_prompt, location, character, other"


class ConsistencyInput(AgentInput):
    """A text to check against the world."""

    content: ContentText = Field(title="The text to check")
    content_type: KindText = Field(
        default="text",
        title="Kind of text",
        description=f"One word: {CONTENT_TYPES}, or your own.",
        examples=["narrative"],
        json_schema_extra={"x-suggestions": CONTENT_TYPES},
    )


class Violation(Answer):
    """A broken rule, with the words that break it."""

    # Part of the answer's schema, which the model reads.
    model_config = ConfigDict(
        json_schema_extra={
            "description": (
                "One objection: which rule, the words that break it (exactly as in the text), how bad, and why.\n\n"
                "``source_id`` is the id of the rule or the element, the name of a field of the world, or "
                '"text" where the text\ncontradicts itself; then ``rule`` are the other words of the text.'
            )
        }
    )

    source_id: ModelText
    rule: ModelText
    quote: ModelText
    severity: Literal["minor", "major", "critical"]
    explanation: ModelText


class ConsistencyAnswer(Answer):
    is_consistent: bool
    violations: list[Violation]
    explanation: ModelText
    suggestions: list[ModelText]


class ReportedViolation(Violation):
    """A proven violation, with ``rule`` in the world's own words. Early reports have no ``source_id``."""

    model_config = ConfigDict(json_schema_extra=None)

    source_id: str = ""


class ConsistencyOutput(Output):
    is_consistent: bool
    violations: list[ReportedViolation]
    explanation: str
    suggestions: list[str]


class ConsistencyAgent(Agent[ConsistencyInput, ConsistencyAnswer, ConsistencyOutput]):
    type: ClassVar[str] = "consistency"
    input_model = ConsistencyInput
    output_model = ConsistencyOutput
    answer_type = ConsistencyAnswer
    answer_tokens = 8192
    text_fields = ("explanation",)

    def contradictions(self, output: ConsistencyOutput) -> Sequence[FieldError]:
        if not (output.is_consistent and output.violations):
            return ()
        message = "A text with violations is not consistent: remove them, or say that it is not."
        return (FieldError("/is_consistent", message, "contradictory"),)

    def task_data(self, work: Assignment[ConsistencyInput]) -> dict[str, Any]:
        data: dict[str, Any] = {"content_type": work.input.content_type, "content": work.input.content}
        wanted = preferences(work.settings, "language")
        return data | {"wanted": wanted} if wanted else data

    def prompt_data(self, world: WorldView) -> dict[str, Any]:
        return citable_prompt_data(world)

    def main_text(self, answer: ConsistencyAnswer) -> str:
        return answer.explanation

    def compose(
        self, work: Assignment[ConsistencyInput], answer: ConsistencyAnswer, reply: LLMReply
    ) -> ConsistencyOutput:
        proven = _proven(work, answer)
        is_all_dropped = bool(answer.violations) and not proven
        return ConsistencyOutput(
            is_consistent=answer.is_consistent or is_all_dropped,
            violations=proven,
            explanation=_counted(answer.explanation.strip(), len(answer.violations), len(proven)),
            # Suggestions fix violations, so they go when no violation remains.
            suggestions=[text.strip() for text in answer.suggestions if text.strip() and not is_all_dropped],
            model=reply.model,
            tokens_used=reply.usage.total,
        )

    def observe(self, work: Assignment[ConsistencyInput], answer: ConsistencyAnswer) -> Sequence[Signal]:
        violations, content = answer.violations, work.input.content
        allowed = FILM_WORDS if work.input.content_type == "video_prompt" else ()
        parts = {
            "for every violation a rule and an explanation": all(
                violation.rule.strip() and violation.explanation.strip() for violation in violations
            ),
            "a suggestion": not violations or any(text.strip() for text in answer.suggestions),
        }
        checked = report(
            content,
            work.world,
            allowed,
            only_mentioned=work.only_mentioned,
            intentional=work.settings.intentional,
        )
        written = "\n".join(f"{v.rule}\n{v.quote}\n{v.explanation}" for v in violations)
        return (
            observations.complete(parts),
            observations.quotes_verified([violation.quote for violation in violations], content),
            observations.sources_verified(
                [violation.source_id for violation in violations if _cited_rule(work, violation) is None],
                len(violations),
            ),
            observations.verdict_agrees(answer.is_consistent, len(violations)),
            *observations.findings_reported(checked, written),
            *self.language_signals(work, answer.explanation, ""),
        )


def _counted(explanation: str, claimed: int, proven: int) -> str:
    """Add to the model's explanation how many of the violations that it claims are not listed, and why."""
    dropped = claimed - proven
    if not dropped:
        return explanation
    verb = "is" if dropped == 1 else "are"
    left_out = (
        f"{dropped} of {claimed} objections {verb} left out: what was quoted is not in the text, or what was "
        "cited is not in the world."
    )
    return f"{explanation}\n\n{left_out}".strip()


def _proven(work: Assignment[ConsistencyInput], answer: ConsistencyAnswer) -> list[ReportedViolation]:
    """Return the violations whose quotation is in the text and whose source is in the world."""
    proven = []
    for violation in answer.violations:
        cited = _cited_rule(work, violation)
        if cited is not None and is_quoted_from(violation.quote, work.input.content):
            source_id, rule = cited
            proven.append(
                ReportedViolation(**violation.model_dump() | {"source_id": source_id, "rule": rule})
            )
    return proven


def _cited_rule(work: Assignment[ConsistencyInput], violation: Violation) -> tuple[str, str] | None:
    """Return the id and the words of the violation's source; None if the world, or the text, has no such source."""
    rule, content = violation.rule.strip(), work.input.content
    if violation.source_id.strip() == THE_TEXT:
        first, second = flatten(rule).rstrip("."), flatten(violation.quote).rstrip(".")
        is_other_passage = first not in second and second not in first and is_quoted_from(rule, content)
        return (THE_TEXT, rule) if is_other_passage else None
    source = find_source(work.world, violation.source_id)
    if source is None:
        return None
    # A paraphrase by the model is replaced by the world's own words.
    return source.id, rule if rule and flatten(rule) in flatten(source.text) else source.text[:RULE_CHARS]
