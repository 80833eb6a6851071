"""The message that the events of a stream add up to. Knows nothing of the SDK's types."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final, Protocol

from agents.llm.anthropic.errors import answer_error, payload_error

# What other events say is not needed for a message; the API may add some at any time.
_READ: Final = frozenset(
    {"message_start", "content_block_start", "content_block_delta", "message_delta", "message_stop"}
)

# Many times what any model writes: a stream that does not stop must not fill the memory until its time is over.
_MOST_CHARS: Final = 2_000_000

# How often, at most, it is told how many words there are.
_TELL_EVERY_S: Final = 1.0


class StreamEvent(Protocol):
    """A server-sent event, as it came over the wire."""

    @property
    def event(self) -> str | None: ...

    @property
    def data(self) -> str: ...


async def streamed_message(
    events: AsyncIterator[StreamEvent],
    told: Callable[[int], None],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """The message, when its last event has come; ``events`` is read no further.

    ``told`` gets the words so far: 0 when the message begins, then at most once a second. ``LLMError`` for an error
    event, by its type, and for what ends early or is no message; without a latency, which only the caller knows.
    """
    message = _Message()
    tell_at = 0.0
    async for event in events:
        name = event.event or ""
        if name == "error":
            raise payload_error(_decoded(event.data))
        if name not in _READ:
            continue
        try:
            message.add(name, _decoded(event.data))
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise answer_error("The answer is not a message.", 0) from error
        if name == "message_stop":
            return message.whole
        if name == "message_start":
            told(0)
            tell_at = clock() + _TELL_EVERY_S
        elif name == "content_block_delta" and clock() >= tell_at:
            told(message.words())
            tell_at = clock() + _TELL_EVERY_S
    raise answer_error("The answer ended early." if message.whole else "The answer is not a message.", 0)


def _decoded(data: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise answer_error("The answer is not a message.", 0) from error


class _Message:
    """``whole`` is as a message that came at once, as far as it has come; {} before its first event."""

    def __init__(self) -> None:
        self.whole: dict[str, Any] = {}
        self._chars = 0

    def add(self, name: str, data: Any) -> None:
        """Any of the usual errors of wrong data for what does not fit to what came before."""
        if (name == "message_start") == bool(self.whole):
            raise KeyError(name)
        match name:
            case "message_start":
                self.whole = {**data["message"], "content": [], "stop_reason": None}
            case "content_block_start":
                self._begin_block(data["index"], data["content_block"])
            case "content_block_delta" if data["delta"]["type"] == "text_delta":
                # Thoughts, signatures and citations are nothing that an agent reads.
                self.whole["content"][data["index"]]["text"] += data["delta"]["text"]
                self._chars += len(data["delta"]["text"])
                if self._chars > _MOST_CHARS:
                    raise KeyError(self._chars)
            case "message_delta":
                self.whole["stop_reason"] = data["delta"]["stop_reason"]
                # Its counts are of the whole message. What is not told again stays as it was.
                told = {kind: count for kind, count in data["usage"].items() if count is not None}
                self.whole["usage"] = {**self.whole["usage"], **told}

    def words(self) -> int:
        return sum(len(block.get("text", "").split()) for block in self.whole["content"])

    def _begin_block(self, index: Any, block: Any) -> None:
        if index != len(self.whole["content"]) or not isinstance(block.get("text", ""), str):
            raise KeyError(index)
        self.whole["content"].append({**block})
