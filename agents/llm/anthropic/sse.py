"""Server-sent events of a response, decoded without the SDK, which costs more than reading the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from agents.llm.anthropic.errors import answer_error

# Many times the longest event, so that an endless one does not fill the memory.
_MAX_BYTES: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class ServerEvent:
    event: str
    data: str


async def server_events(chunks: AsyncIterator[bytes]) -> AsyncIterator[ServerEvent]:
    """Yield the events in ``chunks``; one that is cut off by the end is dropped. Raise ``LLMError`` for an endless one.

    Lines may end in LF or CR LF. Comments, ids and retry times are ignored.
    """
    pending = b""
    async for chunk in chunks:
        pending += chunk
        if b"\r" in pending:
            pending = pending.replace(b"\r\n", b"\n")
        *blocks, pending = pending.split(b"\n\n")
        if len(pending) > _MAX_BYTES:
            raise answer_error("The answer is not a message.", 0)
        for block in blocks:
            event = _parsed(block.decode())
            if event is not None:
                yield event


def _parsed(block: str) -> ServerEvent | None:
    name = ""
    data: list[str] = []
    for line in block.split("\n"):
        field, _, value = line.partition(":")
        if field == "data":
            data.append(value.removeprefix(" "))
        elif field == "event":
            name = value.removeprefix(" ")
    return ServerEvent(name, "\n".join(data)) if name or data else None
