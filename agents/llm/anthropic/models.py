"""Life cycle of a model, as its provider reports it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from agents.llm.anthropic.client import AnthropicClient, AsyncAnthropic
from agents.llm.anthropic.errors import answer_error

Stage = Literal["active", "deprecated", "retired"]

_TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLifecycle:
    """Stage and dates of a model.

    ``retires_at`` may be revised and may lie in the past: only the stage ``retired`` means retired.
    """

    stage: Stage
    deprecated_at: datetime | None
    retires_at: datetime | None


def fetch_lifecycle(client: AnthropicClient, model: str, timeout_s: float = _TIMEOUT_S) -> ModelLifecycle:
    """Return the life cycle of ``model``, or raise an ``LLMError`` as a call does.

    ``ProviderAccountError`` (``model_not_found``) means an unknown name or a wrong address; a retired model is known.
    ``TransientError`` (``bad_response``) means an answer without a life cycle.
    """

    async def request(sdk: AsyncAnthropic) -> bytes:
        raw = await sdk.models.with_raw_response.retrieve(model)
        return await raw.read()

    try:
        # Parsed by hand, because the SDK turns a missing field into None, and a gateway may leave the stage out.
        return _lifecycle(json.loads(client.ask(request, timeout_s)))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise answer_error(f"The answer has no life cycle of {model}.", 0) from error


def _lifecycle(payload: Any) -> ModelLifecycle:
    stage = payload["lifecycle"]
    if stage not in ("active", "deprecated", "retired"):
        raise ValueError(stage)
    return ModelLifecycle(
        stage=stage,
        deprecated_at=_timestamp(payload.get("deprecated_at")),
        retires_at=_timestamp(payload.get("retires_at")),
    )


def _timestamp(text: str | None) -> datetime | None:
    if text is None:
        return None
    timestamp = datetime.fromisoformat(text)
    return timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)
