"""Synchronous client of the Anthropic API: one SDK client on one event loop in one thread per process.

Worker threads call ``complete``; the requests share one event loop, so that hundreds can be in flight at the cost of
one thread. The SDK retries only where a request allows it: retries belong to the job.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
import time
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from typing import Any, Final, TypeVar

import anthropic
import httpx2
from anthropic import AsyncAnthropic as AsyncAnthropic

from agents.llm.anthropic.direct import DirectMessages, ResponseStart
from agents.llm.anthropic.errors import answer_error, connection_error, lost, status_error
from agents.llm.anthropic.messages import message_arguments, reply_of
from agents.llm.anthropic.stream import streamed_message
from agents.llm.base import (
    LLMError,
    LLMReply,
    LLMRequest,
    ProviderAccountError,
    RequestRejected,
    TransientError,
    UnusableReply,
)
from agents.llm.progress import ProgressChannel

T = TypeVar("T")

DEFAULT_BASE_URL: Final = "https://api.anthropic.com"

_CONNECT_S: Final = 5.0

# Extra time that the caller's thread gives the loop to keep the wall clock itself.
_LOOP_GRACE_S: Final = 5.0

# Time for the end of a stream after the end of its message.
_LAST_BYTES_S: Final = 0.2


class AnthropicClient:
    """``LLMClient`` for the Anthropic API, or any server of its Messages protocol.

    ``base_url`` None means the public API; the environment is not read. ``max_in_flight`` bounds the connections;
    further calls wait, on their own wall clock. Thread-safe, and safe to inherit by ``fork``: a child starts a loop of
    its own. Raise ``ValueError`` for a key that cannot be sent in a header.
    """

    is_mock = False

    def __init__(
        self, api_key: str, base_url: str | None = None, max_in_flight: int = 64, *, proxy: str | None = None
    ) -> None:
        if not api_key or not api_key.isascii() or not api_key.isprintable() or " " in api_key:
            raise ValueError("The API key is empty or has characters that cannot be sent.")
        self._api_key = api_key
        self._base_url = base_url or DEFAULT_BASE_URL
        self._max_in_flight = max_in_flight
        self._proxy = proxy
        self._lock = threading.Lock()
        self._loop_thread: _LoopThread | None = None
        self._is_closed = False
        self._inherited: list[_LoopThread] = []
        _clients.add(self)

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
        """Answer ``request``, or raise an ``LLMError``, within ``timeout_s`` and a few seconds at worst.

        Time that ``on_text`` takes is not counted.
        """
        started = time.monotonic()
        response, progress = ResponseStart(), ProgressChannel()

        def send(loop_thread: _LoopThread) -> Awaitable[dict[str, Any]]:
            if request.max_retries:
                return _stream(loop_thread.sdk, request, response, progress.send)
            return loop_thread.direct.stream(request, response, progress.send, last_bytes_s=_LAST_BYTES_S)

        def listen(answer: Future[dict[str, Any]], until: float) -> None:
            if on_text is not None:
                progress.deliver(on_text, answer, until)

        try:
            message = self._answer(send, request.timeout_s, started, listen)
            return reply_of(
                message,
                request_id=response.request_id,
                latency_ms=_since(started),
                rate_limit_headers=response.rate_limit_headers,
            )
        except LLMError as error:
            # An answer that broke off has a request id, too: the provider bills it by this id.
            error.request_id = error.request_id or response.request_id
            error.rate_limit_headers = error.rate_limit_headers or response.rate_limit_headers
            error.latency_ms = error.latency_ms or _since(started)
            error.may_be_billed |= response.has_begun and not isinstance(error, UnusableReply)
            raise

    def ask(self, send: Callable[[AsyncAnthropic], Awaitable[T]], timeout_s: float) -> T:
        """Return the result of ``send``, over the same connections and with the same errors as ``complete``.

        It runs on the loop's thread, so it must not block; ``timeout_s`` is its wall clock.
        """
        return self._answer(lambda loop_thread: send(loop_thread.sdk), timeout_s, time.monotonic())

    def close(self) -> None:
        """Close connections, loop and thread; calls in flight raise ``TransientError``."""
        with self._lock:
            loop_thread, self._loop_thread, self._is_closed = self._loop_thread, None, True
        if loop_thread is not None:
            loop_thread.close()

    def _answer(
        self,
        send: Callable[[_LoopThread], Awaitable[T]],
        timeout_s: float,
        started: float,
        listen: Callable[[Future[T], float], None] | None = None,
    ) -> T:
        """Run ``send`` on the loop; ``listen`` gets its future and deadline, and returns when it is done."""
        until = started + timeout_s + _LOOP_GRACE_S
        # Under the lock, so that close() ends every call that started before it, and none starts after it.
        with self._lock:
            loop_thread = self._start_loop_thread(started)
            call = _translate_errors(loop_thread, send, timeout_s, started)
            future = asyncio.run_coroutine_threadsafe(call, loop_thread.loop)
        try:
            if listen is not None:
                listen(future, until)
            return _result(future, until, timeout_s, started)
        finally:
            future.cancel()

    def _start_loop_thread(self, started: float) -> _LoopThread:
        if self._is_closed:
            raise _closed(started)
        if self._loop_thread is None:
            self._loop_thread = _LoopThread(self._api_key, self._base_url, self._max_in_flight, self._proxy)
        return self._loop_thread

    def _forget_after_fork(self) -> None:
        # The parent's thread does not exist in a child. Its objects are kept open, because closing them would shut
        # down sockets that the parent still uses.
        self._lock = threading.Lock()
        if self._loop_thread is not None:
            self._inherited.append(self._loop_thread)
            self._loop_thread = None


class _LoopThread:
    """Event loop in a thread of its own, with the SDK's client."""

    def __init__(self, api_key: str, base_url: str, max_in_flight: int, proxy: str | None) -> None:
        self.loop = asyncio.new_event_loop()
        http = anthropic.DefaultAioHttpClient(
            # The key and the users' texts go only where the settings say: a proxy is an argument, never an
            # environment variable. Certificates may come from SSL_CERT_FILE, which opens no new destination.
            trust_env=False,
            proxy=proxy,
            verify=httpx2.create_ssl_context(trust_env=True),
            # A redirect would send the key to an unknown address.
            follow_redirects=False,
            limits=httpx2.Limits(max_connections=max_in_flight, max_keepalive_connections=max_in_flight),
        )
        self.sdk = anthropic.AsyncAnthropic(
            api_key=api_key,
            base_url=base_url,
            max_retries=0,
            # Each call has a wall clock of its own.
            timeout=httpx2.Timeout(None, connect=_CONNECT_S),
            http_client=http,
        )
        self.direct = DirectMessages(self.sdk, http, connect_s=_CONNECT_S)
        self.thread = threading.Thread(target=self._run, name="anthropic-client", daemon=True)
        self.thread.start()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._shut_down(), self.loop)
        self.thread.join(_LOOP_GRACE_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.close()

    async def _shut_down(self) -> None:
        calls = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await self.sdk.close()
        # Let the loop process the closed sockets.
        await asyncio.sleep(0.01)
        self.loop.stop()


_clients: weakref.WeakSet[AnthropicClient] = weakref.WeakSet()


def _forget_loops_after_fork() -> None:
    for client in list(_clients):
        client._forget_after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_loops_after_fork)


def _result(future: Future[T], until: float, timeout_s: float, started: float) -> T:
    try:
        return future.result(max(0.0, until - time.monotonic()))
    except CancelledError:
        raise _closed(started) from None
    except TimeoutError:
        raise _timeout(timeout_s, started) from None


async def _stream(
    sdk: AsyncAnthropic, request: LLMRequest, start: ResponseStart, report: Callable[[str], None]
) -> dict[str, Any]:
    """Return the message that answers ``request``."""
    if request.max_retries:
        sdk = sdk.with_options(max_retries=request.max_retries)
    create = sdk.messages.with_streaming_response.create
    async with create(**message_arguments(request), stream=True) as response:
        start.begin(response.headers)
        events = anthropic.AsyncStream.raw_events(response.http_response)
        message = await streamed_message(events, report)
        # Read the stream to its end, so that the connection can be used again.
        with contextlib.suppress(TimeoutError, httpx2.HTTPError, ValueError):
            async with asyncio.timeout(_LAST_BYTES_S):
                async for _ in events:
                    pass
        return message


async def _translate_errors(
    loop_thread: _LoopThread, send: Callable[[_LoopThread], Awaitable[T]], timeout_s: float, started: float
) -> T:
    """Return the result of ``send``, or raise an ``LLMError``."""
    try:
        async with asyncio.timeout(timeout_s):
            return await send(loop_thread)
    except TimeoutError:
        raise _timeout(timeout_s, started) from None
    except anthropic.APIStatusError as error:
        raise status_error(error, _since(started)) from error
    except anthropic.APIConnectionError as error:
        raise connection_error(error, _since(started)) from error
    except httpx2.HTTPError as error:
        # The SDK wraps errors before an answer begins, but not those of its body.
        raise answer_error("The answer was cut off on its way.", _since(started)) from error
    except anthropic.CredentialsError as error:
        raise ProviderAccountError(
            "authentication", "No API key is available.", latency_ms=_since(started)
        ) from error
    except (anthropic.AnthropicError, json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise answer_error("The answer cannot be read.", _since(started)) from error
    except (TypeError, ValueError) as error:
        # The SDK cannot serialise the request, for example because of a lone surrogate.
        message = f"The request cannot be sent: {type(error).__name__}."
        raise RequestRejected("bad_request", message, latency_ms=_since(started)) from error


def _timeout(timeout_s: float, started: float) -> LLMError:
    message = f"No complete answer came within {timeout_s:g} seconds."
    return lost(TransientError("timeout", message, latency_ms=_since(started)))


def _closed(started: float) -> LLMError:
    message = "The client was closed during the call."
    return lost(TransientError("connection", message, latency_ms=_since(started)))


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
