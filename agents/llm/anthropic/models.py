"""How far a model is in its life, as its provider has it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from agents.llm.anthropic.client import AnthropicClient, AsyncAnthropic
from agents.llm.anthropic.errors import answer_error

Stage = Literal["active", "deprecated", "retired"]

ASK_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLife:
    """``retires_at`` may be revised, and may lie in the past: only the stage ``retired`` says that it is over."""

    stage: Stage
    deprecated_at: datetime | None
    retires_at: datetime | None


def ask_life(client: AnthropicClient, model: str, timeout_s: float = ASK_S) -> ModelLife:
    """Raises ``LLMError`` as a call does: ``LineStopped`` (``model_not_found``) for a name or an address that is not
    known there, ``TransientError`` (``bad_response``) for an answer that does not say. A retired model is known.
    """

    async def question(sdk: AsyncAnthropic) -> bytes:
        raw = await sdk.models.with_raw_response.retrieve(model)
        return await raw.read()

    try:
        # By hand, because the SDK fills what is missing with nothing: a gateway that leaves the stage out would
        # otherwise say of each model that it is neither alive nor dead.
        return _life(json.loads(client.ask(question, timeout_s)))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise answer_error(f"The answer does not say how far {model} is in its life.", 0) from error


def _life(said: Any) -> ModelLife:
    stage = said["lifecycle"]
    if stage not in ("active", "deprecated", "retired"):
        raise ValueError(stage)
    return ModelLife(
        stage=stage,
        deprecated_at=_moment(said.get("deprecated_at")),
        retires_at=_moment(said.get("retires_at")),
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
