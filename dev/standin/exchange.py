"""One request and its answer on the wire, well-behaved or not."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from dev.standin.asked import too_large
from dev.standin.errors import ApiError, invalid
from dev.standin.faults import Fault
from dev.standin.journal import Call
from dev.standin.writing import dump

# Linger for no time at all: what closes then is reset.
_NO_GOODBYE: Final = struct.pack("ii", 1, 0)

ORGANIZATION_ID: Final = "00000000-0000-4000-8000-000000000000"


class Exchange:
    """Writes straight to ASGI and, where an answer has to break, to the connection below it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, call: Call) -> None:
        self.request = Request(scope, receive)
        self.call = call
        self._receive = receive
        self._send = send
        self._transport = cast(asyncio.Transport, scope["state"]["transport"])

    @property
    def is_gone(self) -> bool:
        """Whether the caller has hung up, or we have."""
        return self._transport.is_closing()

    async def json(self, limit_bytes: int) -> Any:
        """The body. 413 when it is too large: read to its end all the same, so that the answer can be read too."""
        parts, size = [], 0
        async for part in self.request.stream():
            size += len(part)
            if size <= limit_bytes:
                parts.append(part)
        if size > limit_bytes:
            raise too_large(limit_bytes)
        try:
            return json.loads(b"".join(parts))
        except (ValueError, RecursionError) as error:
            raise invalid(f"The request body is not valid JSON: {error}") from error

    async def start(
        self,
        status: int,
        content_type: str,
        *,
        length: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Without ``length`` the body goes out in chunks and ends with ``finish``."""
        self.call.status = status
        sent = {
            "content-type": content_type,
            "request-id": self.call.request_id,
            "anthropic-organization-id": ORGANIZATION_ID,
            **(headers or {}),
        }
        if length is not None:
            sent["content-length"] = str(length)
        raw = [(name.encode(), value.encode()) for name, value in sent.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def write(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def finish(self, data: bytes = b"") -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": False})

    async def answer(
        self, payload: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """A whole answer in JSON. It counts as delivered if the caller is still there."""
        await self.answer_bytes(encoded(payload), "application/json", status=status, headers=headers)

    async def answer_bytes(
        self,
        data: bytes,
        content_type: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        delivers: bool = True,
    ) -> None:
        """``delivers`` is False for an answer that tells nothing of what it cost."""
        await self.start(status, content_type, length=len(data), headers=headers)
        # Before the last byte: who reads the log when the answer is there finds it complete.
        self.call.is_delivered = delivers and status < 300 and not self.is_gone
        await self.finish(data)

    async def refuse(self, error: ApiError) -> None:
        await self.answer(error.payload(self.call.request_id), status=error.status, headers=error.headers)

    async def fail(self, fault: Fault, headers: Mapping[str, str]) -> None:
        """What comes instead of any work."""
        match fault.kind:
            case "reset":
                await self.reset()
            case "hang":
                await self.wait_gone(fault.seconds)
            case "reply":
                text = fault.payload if isinstance(fault.payload, str) else dump(fault.payload)
                await self.answer_bytes(text.encode(), fault.content_type, delivers=False)
            case _:
                raise as_error(fault, headers)

    async def reset(self) -> None:
        """End the connection with a reset instead of a goodbye."""
        connection = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_GOODBYE)
        self._transport.abort()
        await self.wait_gone(5)

    async def hang_up(self) -> None:
        """Send what was written, then close in the middle of it."""
        self._transport.close()
        await self.wait_gone(5)

    async def wait_gone(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while (await self._next())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            await self.reset()

    async def _next(self) -> Message:
        return await self._receive()


def as_error(fault: Fault, headers: Mapping[str, str] | None = None) -> ApiError:
    return ApiError(
        fault.status,
        fault.message,
        kind=fault.error,
        error_code=fault.error_code,
        headers={**(headers or {}), **fault.headers},
    )


def encoded(payload: Any) -> bytes:
    return dump(payload).encode("utf-8", "surrogatepass")
