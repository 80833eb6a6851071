"""Whether a text keeps to the rules of its world, with every objection quoted from the text."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from agents.engine import observations
from agents.engine.base import Agent, Answer, Assignment, Output
from agents.engine.confidence import Signal
from agents.engine.fields import AgentInput, ContentText, ModelText
from agents.engine.prompt_files import Prompt, load_prompt
from agents.llm.base import LLMReply

ContentType = Literal["text", "scene", "dialogue", "location", "character", "other"]


class ConsistencyInput(AgentInput):
    """The text to hold against the world."""

    content: ContentText
    content_type: ContentType = "text"


class Violation(Answer):
    """One objection: which rule, the words that break it (exactly as in the text), how bad, and why."""

    rule: ModelText
    quote: ModelText
    severity: Literal["minor", "major", "critical"]
    explanation: ModelText


class ConsistencyAnswer(Answer):
    is_consistent: bool
    violations: list[Violation]
    explanation: ModelText
    suggestions: list[ModelText]


class ConsistencyOutput(Output):
    is_consistent: bool
    violations: list[Violation]
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

    def main_text(self, answer: ConsistencyAnswer) -> str:
        return answer.explanation

    def compose(
        self, work: Assignment[ConsistencyInput], answer: ConsistencyAnswer, reply: LLMReply
    ) -> ConsistencyOutput:
        return ConsistencyOutput(
            is_consistent=answer.is_consistent,
            violations=answer.violations,
            explanation=answer.explanation.strip(),
            suggestions=[text.strip() for text in answer.suggestions if text.strip()],
            model=reply.model,
            tokens_used=reply.usage.total,
        )

    def observe(self, work: Assignment[ConsistencyInput], answer: ConsistencyAnswer) -> Sequence[Signal]:
        found, content = answer.violations, work.asked.content
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
            observations.verdict_agrees(answer.is_consistent, len(found)),
            observations.hits_reported(observations.hits_in(content, work.world), report),
        )
