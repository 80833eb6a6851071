"""Assembly of a message from the events of a stream, without the SDK's types."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final, Protocol

from agents.llm.anthropic.errors import answer_error, payload_error

# Other events carry no part of a message; the API may add some at any time.
_EVENTS: Final = frozenset(
    {"message_start", "content_block_start", "content_block_delta", "message_delta", "message_stop"}
)

# Many times the longest answer, so that an endless stream does not fill the memory.
_MAX_CHARS: Final = 2_000_000

# Minimum interval between two progress reports.
_REPORT_EVERY_S: Final = 1.0


class StreamEvent(Protocol):
    """Server-sent event."""

    @property
    def event(self) -> str | None: ...

    @property
    def data(self) -> str: ...


async def streamed_message(
    events: AsyncIterator[StreamEvent],
    report: Callable[[str], None],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Return the message once its last event has come; read ``events`` no further.

    ``report`` gets the text so far: "" when the message begins, then at most once a second. Raise ``LLMError``,
    without a latency, for an error event, an early end or invalid events.
    """
    message = _Message()
    report_at = 0.0
    async for event in events:
        name = event.event or ""
        if name == "error":
            raise payload_error(_decoded(event.data))
        if name not in _EVENTS:
            continue
        try:
            message.add(name, _decoded(event.data))
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise answer_error("The answer is not a message.", 0) from error
        if name == "message_stop":
            return message.whole
        if name == "message_start":
            report("")
            report_at = clock() + _REPORT_EVERY_S
        elif name == "content_block_delta" and clock() >= report_at:
            report(message.text())
            report_at = clock() + _REPORT_EVERY_S
    raise answer_error("The answer ended early." if message.whole else "The answer is not a message.", 0)


def _decoded(data: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise answer_error("The answer is not a message.", 0) from error


class _Message:
    """Message under assembly: ``whole`` is the part so far, {} before the first event."""

    def __init__(self) -> None:
        self.whole: dict[str, Any] = {}
        self._chars = 0

    def add(self, name: str, data: Any) -> None:
        """Append an event; raise ``KeyError`` or the like if it does not fit."""
        if (name == "message_start") == bool(self.whole):
            raise KeyError(name)
        match name:
            case "message_start":
                self.whole = {**data["message"], "content": [], "stop_reason": None}
            case "content_block_start":
                self._begin_block(data["index"], data["content_block"])
            case "content_block_delta" if data["delta"]["type"] == "text_delta":
                # Agents do not read thoughts, signatures and citations.
                self.whole["content"][data["index"]]["text"] += data["delta"]["text"]
                self._chars += len(data["delta"]["text"])
                if self._chars > _MAX_CHARS:
                    raise KeyError(self._chars)
            case "message_delta":
                self.whole["stop_reason"] = data["delta"]["stop_reason"]
                # Counts are of the whole message; absent ones stay as they were.
                counts = {kind: count for kind, count in data["usage"].items() if count is not None}
                self.whole["usage"] = {**self.whole["usage"], **counts}

    def text(self) -> str:
        return "".join(block.get("text", "") for block in self.whole["content"])

    def _begin_block(self, index: Any, block: Any) -> None:
        if index != len(self.whole["content"]) or not isinstance(block.get("text", ""), str):
            raise KeyError(index)
        self.whole["content"].append({**block})
