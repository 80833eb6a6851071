"""HTTP requests and their responses on the wire, with the errors and faults that can replace them."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from dev.standin.instruments.faults import Fault
from dev.standin.instruments.journal import Call

_ERROR_TYPES: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}

# Zero seconds of linger: closing the socket sends a reset.
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


class ApiError(Exception):
    """An error response; its ``kind`` follows from the status by default."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "",
        error_code: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind or _ERROR_TYPES.get(status, "api_error" if status >= 500 else _ERROR_TYPES[400])
        self.message = message
        self.error_code = error_code
        self.headers = dict(headers or {})

    def payload(self, request_id: str) -> dict[str, Any]:
        error: dict[str, Any] = {"type": self.kind, "message": self.message}
        if self.error_code:
            error["details"] = {"error_code": self.error_code}
        return {"type": "error", "error": error, "request_id": request_id}


def invalid(message: str) -> ApiError:
    return ApiError(400, message)


def as_error(fault: Fault, headers: Mapping[str, str] | None = None) -> ApiError:
    """Return the error response of a fault; its own headers come last."""
    merged = {**(headers or {}), **fault.headers}
    return ApiError(
        fault.status, fault.message, kind=fault.error, error_code=fault.error_code, headers=merged
    )


class Exchange:
    """A request and its response, written to ASGI or, to break it, to the connection below."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, call: Call) -> None:
        self.request = Request(scope, receive)
        self.call = call
        self.fault: Fault | None = None
        self._receive = receive
        self._send = send
        self._transport = cast(asyncio.Transport, scope["state"]["transport"])

    @property
    def is_gone(self) -> bool:
        """Tell whether either side has closed the connection."""
        return self._transport.is_closing()

    async def json(self) -> Any:
        """Return the body, or None for an empty one."""
        body = await self.request.body()
        try:
            return json.loads(body) if body else None
        except (ValueError, RecursionError) as error:
            raise invalid(f"The request body is not valid JSON: {error}") from error

    async def start(self, status: int, content_type: str, headers: Mapping[str, str] | None = None) -> None:
        """Start the response; its body goes out in chunks until ``finish``."""
        self.call.status = status
        lines = {"content-type": content_type, "request-id": self.call.request_id, **(headers or {})}
        raw = [(name.encode(), value.encode()) for name, value in lines.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def write(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def drip(self, data: bytes, pause_s: float) -> None:
        for at in range(len(data)):
            if self.is_gone:
                return
            await self.write(data[at : at + 1])
            await asyncio.sleep(pause_s)

    async def finish(self, data: bytes = b"") -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": False})

    async def answer(self, payload: Any) -> None:
        """Send a whole response in JSON."""
        await self.answer_bytes(encoded(payload), "application/json")

    async def answer_bytes(self, data: bytes, content_type: str) -> None:
        await self.start(200, content_type, {"content-length": str(len(data))})
        # Set before the last byte: a client that has the response finds the log complete.
        self.call.is_delivered = self.call.used is not None and not self.is_gone
        await self.finish(data)

    async def refuse(self, error: ApiError) -> None:
        data = encoded(error.payload(self.call.request_id))
        await self.start(
            error.status, "application/json", {"content-length": str(len(data)), **error.headers}
        )
        await self.finish(data)

    async def fail(self, fault: Fault, headers: Mapping[str, str]) -> None:
        """Carry out a fault that replaces any work."""
        match fault.kind:
            case "reset":
                await self.reset()
            case "hang":
                await self.wait_until_gone(fault.seconds)
            case "reply":
                text = fault.payload if isinstance(fault.payload, str) else dump(fault.payload)
                await self.answer_bytes(text.encode(), fault.content_type)
            case _:
                raise as_error(fault, headers)

    async def reset(self) -> None:
        """Reset the connection instead of closing it."""
        connection = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._transport.abort()
        await self.wait_until_gone(5)

    async def hang_up(self) -> None:
        """Flush the output, then close the connection in the middle of the response."""
        self._transport.close()
        await self.wait_until_gone(5)

    async def wait_until_gone(self, seconds: float) -> None:
        """Wait for the client to disconnect, and reset the connection after ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                while (await self._receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            await self.reset()


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def encoded(payload: Any) -> bytes:
    return dump(payload).encode("utf-8", "surrogatepass")
