"""Parsing of a model's reply into a typed answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.engine.confidence import observations
from agents.engine.confidence.signals import Signal
from agents.engine.fields import field_errors
from agents.engine.nearly_json import NotReadable, read_object
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
    try:
        plain, slips = read_object(reply.text)
        answer = model.model_validate(plain)
    except (ValidationError, NotReadable) as error:
        message = f"The model's answer is not what was agreed: {_described(error)}"
        raise UnusableReply("invalid_output", message, reply=reply) from error
    if not main_text(answer).strip():
        message = "The model answered in the agreed form, with nothing in it."
        raise UnusableReply("empty_output", message, reply=reply)
    return answer, observations.schema_valid(slips, set(plain) - set(model.model_fields))


def _described(error: ValidationError | NotReadable) -> str:
    if isinstance(error, NotReadable):
        return str(error)
    errors = field_errors(error)[:_MAX_ERRORS_SHOWN]
    return " ".join(f"{field.pointer or '/'}: {field.message}" for field in errors)
