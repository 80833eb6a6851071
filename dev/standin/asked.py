"""One request for a message: read, and held against everything that the API requires and forbids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dev.standin.catalogue import EFFORTS, Catalogue, Model
from dev.standin.errors import ApiError, invalid
from dev.standin.prompts import Prompt, read_prompt
from dev.standin.schemas import check_format

_SAMPLING: Final = ("temperature", "top_p", "top_k")
_KNOWN: Final = frozenset(
    {
        *("model", "messages", "max_tokens", "system", "stream", "stop_sequences", "metadata", "speed"),
        *("output_config", "thinking", "tools", "tool_choice", "cache_control", "container", "diagnostics"),
        *("inference_geo", "service_tier", "user_profile_id"),
    }
)
# What counts tokens takes no more than this.
_NOT_COUNTED: Final = frozenset({"max_tokens", "stream", "stop_sequences", "metadata", "service_tier"})

# Without thinking a model works at these efforts only.
_CALM_EFFORTS: Final = frozenset({"low", "medium", "high"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is in order. ``max_tokens`` is None where only the prompt is counted."""

    body: Mapping[str, Any]
    model: Model
    prompt: Prompt
    schema: Mapping[str, Any] | None
    max_tokens: int | None
    thinks: bool
    is_streamed: bool


def read_request(body: Any, catalogue: Catalogue, *, counting: bool = False) -> Asked:
    """Raises the ``ApiError`` that the API would answer with."""
    if not isinstance(body, Mapping):
        raise invalid("The request body is not a JSON object.")
    needed = ("model", "messages") if counting else ("model", "max_tokens", "messages")
    for name in needed:
        if name not in body:
            raise invalid(f"{name}: Field required")
    _check_names(body, counting)
    model = catalogue.callable(body["model"])
    max_tokens = None if counting else _max_tokens(body["max_tokens"], model)
    _check_messages(body["messages"])
    _check_system(body.get("system", []))
    config = body.get("output_config") or {}
    thinks = _thinks(body, config, model)
    check_format(config)
    prompt = read_prompt(body, model.id)
    if prompt.tokens > model.max_input_tokens:
        raise invalid(f"prompt is too long: {prompt.tokens} tokens > {model.max_input_tokens} maximum")
    return Asked(
        body=body,
        model=model,
        prompt=prompt,
        schema=(config.get("format") or {}).get("schema"),
        max_tokens=max_tokens,
        thinks=thinks,
        is_streamed=bool(body.get("stream", False)),
    )


def _check_names(body: Mapping[str, Any], counting: bool) -> None:
    for name in _SAMPLING:
        if name in body:
            raise invalid(f"`{name}` is deprecated for this model.")
    known = _KNOWN - _NOT_COUNTED if counting else _KNOWN
    for name in body:
        if name not in known:
            raise invalid(f"{name}: Extra inputs are not permitted")
    tools = body.get("tools") or []
    if not isinstance(tools, list) or not all(isinstance(tool, Mapping) for tool in tools):
        raise invalid("tools: Input should be a list of tools")


def _max_tokens(value: Any, model: Model) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise invalid("max_tokens: Input should be a valid integer, greater than or equal to 0")
    if value > model.max_tokens:
        raise invalid(
            f"max_tokens: {value} > {model.max_tokens}, which is the maximum allowed number of output tokens for "
            f"{model.id}"
        )
    return value


def _check_messages(turns: Any) -> None:
    if not isinstance(turns, list) or not turns:
        raise invalid("messages: at least one message is required")
    for at, turn in enumerate(turns):
        if not isinstance(turn, Mapping) or turn.get("role") not in {"user", "assistant"}:
            raise invalid(f"messages.{at}.role: Input should be 'user' or 'assistant'")
        _check_content(turn.get("content"), f"messages.{at}.content")
    if turns[0]["role"] != "user":
        raise invalid('messages: first message must use the "user" role')
    if turns[-1]["role"] == "assistant":
        raise invalid(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )


def _check_system(system: Any) -> None:
    if system not in ("", []):
        _check_content(system, "system")


def _check_content(content: Any, where: str) -> None:
    if isinstance(content, str):
        if not content:
            raise invalid(f"{where}: text content must be non-empty")
        return
    if not isinstance(content, list) or not content:
        raise invalid(f"{where}: Input should be a valid string or a list of content blocks")
    for at, block in enumerate(content):
        if not isinstance(block, Mapping) or not isinstance(block.get("type"), str):
            raise invalid(f"{where}.{at}.type: Field required")
        if block["type"] == "text" and (not isinstance(block.get("text"), str) or not block["text"]):
            raise invalid(f"{where}.{at}: text content blocks must be non-empty")


def _thinks(body: Mapping[str, Any], config: Any, model: Model) -> bool:
    """Whether the model thinks before it answers; 400 for settings that do not go together."""
    if not isinstance(config, Mapping):
        raise invalid("output_config: Input should be an object")
    effort = config.get("effort")
    if effort is not None and effort not in EFFORTS:
        raise invalid("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'")
    if effort is not None and not model.has_effort:
        raise invalid("output_config.effort: This model does not support the effort parameter.")
    thinking = body.get("thinking")
    if thinking is None:
        return model.thinks_unasked
    kind = thinking.get("type") if isinstance(thinking, Mapping) else thinking
    if kind not in model.thinking:
        raise invalid(f'"thinking.type.{kind}" is not supported for this model.')
    if kind == "enabled" and not 1024 <= thinking.get("budget_tokens", 0) < body.get("max_tokens", 0):
        raise invalid("thinking.budget_tokens: Input should be at least 1024 and less than max_tokens")
    if kind in {"disabled", "between_tools"} and (effort or "medium") not in _CALM_EFFORTS:
        raise invalid(f'"thinking.type.{kind}" is not supported at effort "{effort}".')
    return kind in {"adaptive", "enabled"}


def too_large(limit_bytes: int) -> ApiError:
    return ApiError(413, f"Request exceeds the maximum allowed number of bytes ({limit_bytes}).")
