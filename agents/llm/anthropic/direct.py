"""Streamed messages over the SDK's connections, without its layers between a request and its socket.

The SDK builds a request, a response and their options through five layers, which takes three times as long as to send
and read them. Everything but a streamed message, and calls that the SDK retries, still goes through it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import httpx2
from anthropic import AsyncAnthropic

from agents.llm.anthropic.errors import answer_error, connection_error, http_error
from agents.llm.anthropic.messages import message_arguments
from agents.llm.anthropic.sse import server_events
from agents.llm.anthropic.stream import streamed_message
from agents.llm.base import LLMRequest
from agents.llm.headers import rate_limit_headers

# Maximum number of bytes of an error's body that are read.
_MAX_ERROR_BYTES: Final = 100_000


@dataclass(slots=True)
class ResponseStart:
    """Headers of an answer, for errors that come after them."""

    request_id: str = ""
    rate_limit_headers: Mapping[str, str] = field(default_factory=dict)
    has_begun: bool = False

    def begin(self, headers: Mapping[str, str]) -> None:
        self.has_begun = True
        self.request_id = headers.get("request-id") or ""
        self.rate_limit_headers = rate_limit_headers(headers)


class DirectMessages:
    """Sender of messages for one SDK client with the HTTP client that it uses."""

    def __init__(self, sdk: AsyncAnthropic, http: httpx2.AsyncClient, *, connect_s: float) -> None:
        self._url = f"{str(sdk.base_url).rstrip('/')}/v1/messages"
        self._transport: Any = http._transport_for_url(httpx2.URL(self._url))
        self._timeout = aiohttp.ClientTimeout(sock_connect=connect_s)
        self._headers = {
            **{name: value for name, value in sdk.default_headers.items() if isinstance(value, str)},
            "content-type": "application/json",
        }

    async def stream(
        self, request: LLMRequest, start: ResponseStart, report: Callable[[str], None], *, last_bytes_s: float
    ) -> dict[str, Any]:
        """Return the message that answers ``request``; raise an ``LLMError`` without a latency."""
        arguments = {**message_arguments(request), "stream": True}
        body = json.dumps(arguments, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        try:
            return await self._send(body, start, report, last_bytes_s)
        except aiohttp.ClientError as error:
            if start.has_begun:
                raise answer_error("The answer was cut off on its way.", 0) from error
            raise connection_error(error, 0) from error

    async def _send(
        self, body: bytes, start: ResponseStart, report: Callable[[str], None], last_bytes_s: float
    ) -> dict[str, Any]:
        session, proxy = self._connections()
        async with session.post(
            self._url,
            data=body,
            headers=self._headers,
            timeout=self._timeout,
            proxy=proxy,
            # A redirect would send the key to an unknown address.
            allow_redirects=False,
        ) as response:
            if not response.ok or response.status >= 300:
                raise http_error(
                    response.status, response.headers, await response.content.read(_MAX_ERROR_BYTES)
                )
            start.begin(response.headers)
            events = server_events(response.content.iter_any())
            message = await streamed_message(events, report)
            # Read the stream to its end, so that the connection can be used again.
            with contextlib.suppress(TimeoutError, aiohttp.ClientError):
                await _read_to_end(response, last_bytes_s)
            return message

    def _connections(self) -> tuple[aiohttp.ClientSession, str | None]:
        """Return the session of the SDK's transport, made on the first use as the transport makes it."""
        transport = self._transport
        if not isinstance(transport.client, aiohttp.ClientSession):
            transport.client = transport.get_client()
        return transport.client, str(transport.proxy.url) if transport.proxy else None


async def _read_to_end(response: aiohttp.ClientResponse, within_s: float) -> None:
    if response.content.at_eof():
        return
    async with asyncio.timeout(within_s):
        async for _ in response.content.iter_any():
            pass
