"""Parsing of a model's reply into a typed answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.engine.confidence import observations
from agents.engine.confidence.signals import Signal
from agents.engine.fields import field_errors
from agents.llm.base import LLMReply, UnusableReply

# An attempt has one repair, so the model should see more than the first of its errors.
_MAX_ERRORS_SHOWN: Final = 3


class Answer(BaseModel):
    """The part of an output that the model writes. Unknown fields are dropped and lower the score."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


Ans = TypeVar("Ans", bound=Answer)


def parse_reply(reply: LLMReply, model: type[Ans], main_text: Callable[[Ans], str]) -> tuple[Ans, Signal]:
    """Return the answer and the signal of its form. Raises ``UnusableReply``, whose message names the errors."""
    if not reply.text.strip():
        raise UnusableReply("empty_output", "The model answered with no text.", reply=reply)
    fenced = _inside_fence(reply.text)
    try:
        plain = json.loads(reply.text if fenced is None else fenced)
        answer = model.model_validate(plain)
    except (ValidationError, ValueError, RecursionError) as error:
        message = f"The model's answer is not what was agreed: {_described(error)}"
        raise UnusableReply("invalid_output", message, reply=reply) from error
    if not main_text(answer).strip():
        message = "The model answered in the agreed form, with nothing in it."
        raise UnusableReply("empty_output", message, reply=reply)
    return answer, observations.schema_valid(fenced is not None, set(plain) - set(model.model_fields))


def _inside_fence(text: str) -> str | None:
    """Return the content of a text that is one Markdown code block; None for any other text.

    Not a regular expression: backtracking over a long run of empty lines would block all threads.
    """
    opening, _, rest = text.strip().partition("\n")
    if opening.rstrip() not in {"```", "```json"} or not rest.endswith("```"):
        return None
    return rest.removesuffix("```")


def _described(error: Exception) -> str:
    if isinstance(error, ValidationError):
        errors = field_errors(error)[:_MAX_ERRORS_SHOWN]
        return " ".join(f"{field.pointer or '/'}: {field.message}" for field in errors)
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON (line {error.lineno}, column {error.colno})."
    return "it is nested too deeply."
