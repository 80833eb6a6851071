"""The message that answers a request, whole or as the events of a stream."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from dev.standin import writing
from dev.standin.asked import Asked
from dev.standin.faults import OUTPUT_KINDS, Fault
from dev.standin.tokens import CHARS_PER_TOKEN, Tokens, count

# What a refusal and an empty answer cost: the tokens that end a turn.
_END_TOKENS: Final = 1
_EVENT_CHARS: Final = 64
_SIGNATURE: Final = "c3RhbmQtaW4gc2lnbmF0dXJl"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model made. ``text`` is None where it made no text at all."""

    id: str
    model: str
    text: str | None
    thinks: bool
    stop_reason: str
    used: Tokens
    is_batch: bool = False

    def message(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": self._content(),
            "container": None,
            "diagnostics": None,
            "stop_reason": self.stop_reason,
            "stop_sequence": None,
            "stop_details": self._stop_details(),
            "usage": usage(self.used, is_batch=self.is_batch),
        }

    def _content(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = []
        if self.thinks:
            blocks.append({"type": "thinking", "thinking": "", "signature": _SIGNATURE})
        if self.text is not None:
            blocks.append({"type": "text", "text": self.text, "citations": None})
        return blocks

    def _stop_details(self) -> dict[str, Any] | None:
        if self.stop_reason != "refusal":
            return None
        return {"type": "refusal", "category": "general_harms", "explanation": "This could be harmful."}

    def events(self) -> Iterator[tuple[bytes, int]]:
        """The events of a stream, each with the output tokens that it brings."""
        start = self.message() | {"content": [], "stop_reason": None, "stop_details": None}
        start["usage"] = usage(replace(self.used, output=_END_TOKENS, thinking=0), is_batch=self.is_batch)
        yield event("message_start", message=start), 0
        yield event("ping"), 0
        for index, block in enumerate(self._content()):
            yield from _block_events(index, block, self.used.thinking)
        totals = usage(self.used, is_batch=self.is_batch)
        kept = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
        yield (
            event(
                "message_delta",
                delta={
                    "stop_reason": self.stop_reason,
                    "stop_sequence": None,
                    "stop_details": self._stop_details(),
                    "container": None,
                },
                usage={name: totals[name] for name in (*kept, "output_tokens_details", "server_tool_use")},
            ),
            0,
        )
        yield event("message_stop"), 0


def compose(
    asked: Asked,
    prompt_used: Tokens,
    *,
    seed: int,
    message_id: str,
    answer: Any = None,
    output_tokens: int | None = None,
    fault: Fault | None = None,
    is_batch: bool = False,
) -> Reply:
    """``answer`` is what to say: an object as JSON, a text as it is, None for something that fits the schema.

    Nothing is longer than ``max_tokens``: what does not fit is cut off, with the stop reason that says so.
    """
    rng = random.Random(f"{seed}:{asked.prompt.digest}")
    thinking = rng.randint(20, 200) if asked.thinks else 0
    text: str | None = _said(asked, answer, output_tokens, rng)
    stop_reason = "end_turn"
    kind = fault.kind if fault and fault.kind in OUTPUT_KINDS else ""
    match kind:
        case "truncated":
            text, stop_reason = (text or "")[: len(text or "") // 2], "max_tokens"
        case "refused":
            text, stop_reason = None, "refusal"
        case "empty":
            text = None
        case "wrong_json":
            text = '{"unexpected":true}'
        case "not_json":
            text = "Here is what you asked for: " + writing.sentence(rng, 12)
    output = thinking + (count(text) if text else _END_TOKENS)
    most = asked.max_tokens if asked.max_tokens is not None else output
    if output > most:
        thinking = min(thinking, most)
        text = (text or "")[: (most - thinking) * CHARS_PER_TOKEN] or None
        output, stop_reason = most, "max_tokens"
    return Reply(
        id=message_id,
        model=asked.model.id,
        text=text,
        thinks=asked.thinks and kind != "refused" and most > 0,
        stop_reason=stop_reason,
        used=replace(prompt_used, output=output, thinking=thinking),
        is_batch=is_batch,
    )


def usage(used: Tokens, *, is_batch: bool = False) -> dict[str, Any]:
    return {
        "input_tokens": used.input,
        "output_tokens": used.output,
        "cache_read_input_tokens": used.cache_read,
        "cache_creation_input_tokens": used.cache_write,
        "cache_creation": {
            "ephemeral_5m_input_tokens": used.cache_write_5m,
            "ephemeral_1h_input_tokens": used.cache_write_1h,
        },
        "output_tokens_details": {"thinking_tokens": used.thinking},
        "server_tool_use": None,
        "service_tier": "batch" if is_batch else "standard",
        "inference_geo": "global",
        "speed": "standard",
    }


def event(name: str, **data: Any) -> bytes:
    payload = writing.dump({"type": name, **data})
    return f"event: {name}\ndata: {payload}\n\n".encode("utf-8", "surrogatepass")


def _said(asked: Asked, answer: Any, output_tokens: int | None, rng: random.Random) -> str:
    if isinstance(answer, str):
        return answer
    if answer is not None:
        return json.dumps(answer, ensure_ascii=False)
    if asked.schema is not None:
        return writing.write(asked.schema, rng, output_tokens=output_tokens)
    plain = writing.sentence(rng, output_tokens * CHARS_PER_TOKEN if output_tokens else 20)
    return plain[: output_tokens * CHARS_PER_TOKEN] if output_tokens else plain


def _block_events(index: int, block: dict[str, Any], thinking: int) -> Iterator[tuple[bytes, int]]:
    if block["type"] == "thinking":
        yield event("content_block_start", index=index, content_block={**block, "signature": ""}), 0
        delta = {"type": "signature_delta", "signature": block["signature"]}
        yield event("content_block_delta", index=index, delta=delta), thinking
    else:
        yield event("content_block_start", index=index, content_block={**block, "text": ""}), 0
        for at in range(0, len(block["text"]), _EVENT_CHARS):
            piece = block["text"][at : at + _EVENT_CHARS]
            delta = {"type": "text_delta", "text": piece}
            yield event("content_block_delta", index=index, delta=delta), count(piece)
    yield event("content_block_stop", index=index), 0
