"""Whether a text keeps to the rules of its world, with every objection quoted from the text."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any, ClassVar, Final, Literal

from pydantic import Field

from agents.engine.base import Agent, Answer, Assignment, Output
from agents.engine.checks import check
from agents.engine.confidence import observations
from agents.engine.confidence.signals import Signal
from agents.engine.fields import RULE_CHARS, AgentInput, ContentText, KindText, ModelText
from agents.engine.request.prompt_files import Prompt, load_prompt
from agents.engine.sources import citable_prompt_data, find_source
from agents.engine.text.matching import flatten, is_quoted_from
from agents.engine.text.vocabulary import FILM_WORDS
from agents.engine.world import WorldView
from agents.llm.base import LLMReply

# What a violation cites that sets one passage of the text against another.
THE_TEXT: Final = "text"

# Suggestions for the schema; any short text is accepted.
CONTENT_TYPES: Final = (
    "text",
    "narrative",
    "scene",
    "dialogue",
    "video_prompt",
    "location",
    "character",
    "other",
)


class ConsistencyInput(AgentInput):
    """The text to hold against the world."""

    content: ContentText
    content_type: KindText = Field(
        default="text",
        description=f"Kind of the text, in a word: {', '.join(CONTENT_TYPES)}, or a word of your own.",
        examples=["narrative"],
    )


class Violation(Answer):
    """One objection: which rule, the words that break it (exactly as in the text), how bad, and why.

    ``source_id`` is the id of the rule or the element, the name of a field of the world, or "text" where the text
    contradicts itself; then ``rule`` are the other words of the text.
    """

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
    """A violation as it is shown: proven, ``rule`` in the world's own words. Early reports cite nothing."""

    source_id: str = ""


class ConsistencyOutput(Output):
    is_consistent: bool
    violations: list[ReportedViolation]
    explanation: str
    suggestions: list[str]


class ConsistencyAgent(Agent[ConsistencyInput, ConsistencyAnswer, ConsistencyOutput]):
    type: ClassVar[str] = "consistency"
    label: ClassVar[str] = "Consistency"
    input_model = ConsistencyInput
    output_model = ConsistencyOutput
    text_fields = ("explanation",)

    def prompt(self, work: Assignment[ConsistencyInput]) -> Prompt:
        return load_prompt("consistency")

    def answer_model(self, work: Assignment[ConsistencyInput]) -> builtins.type[ConsistencyAnswer]:
        return ConsistencyAnswer

    def max_tokens(self, work: Assignment[ConsistencyInput]) -> int:
        return 8192

    def task_data(self, work: Assignment[ConsistencyInput]) -> dict[str, Any]:
        data: dict[str, Any] = {"content_type": work.asked.content_type, "content": work.asked.content}
        if work.settings.language:
            data["wanted"] = {"language": work.settings.language}
        return data

    def show(self, world: WorldView) -> dict[str, Any]:
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
            explanation=answer.explanation.strip(),
            # A suggestion mends a violation; with none left there is nothing to mend.
            suggestions=[text.strip() for text in answer.suggestions if text.strip() and not is_all_dropped],
            model=reply.model,
            tokens_used=reply.usage.total,
        )

    def observe(self, work: Assignment[ConsistencyInput], answer: ConsistencyAnswer) -> Sequence[Signal]:
        found, content = answer.violations, work.asked.content
        allowed = FILM_WORDS if work.asked.content_type == "video_prompt" else ()
        parts = {
            "for every violation a rule and an explanation": all(
                violation.rule.strip() and violation.explanation.strip() for violation in found
            ),
            "a suggestion": not found or any(text.strip() for text in answer.suggestions),
        }
        report = "\n".join(f"{v.rule}\n{v.quote}\n{v.explanation}" for v in found)
        return (
            observations.complete(parts),
            observations.quotes_verified([violation.quote for violation in found], content),
            observations.sources_verified(
                [violation.source_id for violation in found if _rule(work, violation) is None], len(found)
            ),
            observations.verdict_agrees(answer.is_consistent, len(found)),
            *observations.findings_reported(check(content, work.world, allowed), report),
        )


def _proven(work: Assignment[ConsistencyInput], answer: ConsistencyAnswer) -> list[ReportedViolation]:
    """The violations whose quotation stands in the text and whose source stands in the world."""
    shown = []
    for violation in answer.violations:
        cited = _rule(work, violation)
        if cited is not None and is_quoted_from(violation.quote, work.asked.content):
            source_id, rule = cited
            shown.append(ReportedViolation(**violation.model_dump() | {"source_id": source_id, "rule": rule}))
    return shown


def _rule(work: Assignment[ConsistencyInput], violation: Violation) -> tuple[str, str] | None:
    """The id and the words of what a violation cites; None where the world, or the text, has no such thing."""
    said, content = violation.rule.strip(), work.asked.content
    if violation.source_id.strip() == THE_TEXT:
        one, other = flatten(said).rstrip("."), flatten(violation.quote).rstrip(".")
        is_other = one not in other and other not in one and is_quoted_from(said, content)
        return (THE_TEXT, said) if is_other else None
    source = find_source(work.world, violation.source_id)
    if source is None:
        return None
    # What is shown as the rule are the world's own words, whatever the model makes of them.
    return source.id, said if said and flatten(said) in flatten(source.text) else source.text[:RULE_CHARS]
