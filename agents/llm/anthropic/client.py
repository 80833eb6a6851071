"""The Anthropic API behind a synchronous call: one client, one event loop, one thread a process.

Threads of a worker call ``complete``; the requests themselves share one event loop, so that hundreds can be
in flight at the cost of one thread. The SDK retries only where a request allows it: retries belong to the job.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import anthropic
import httpx2
from anthropic import AsyncAnthropic as AsyncAnthropic

from agents.llm.anthropic.errors import answer_error, connection_error, lost, status_error
from agents.llm.anthropic.messages import message_arguments, reply_of
from agents.llm.anthropic.stream import streamed_message
from agents.llm.base import (
    LineStopped,
    LLMError,
    LLMReply,
    LLMRequest,
    RequestRejected,
    TransientError,
    UnusableReply,
)
from agents.llm.headers import said_in
from agents.llm.words import Words

T = TypeVar("T")

DEFAULT_BASE_URL: Final = "https://api.anthropic.com"

_CONNECT_S: Final = 5.0

# How long the caller's thread waits for the loop to keep the wall clock itself before it gives the loop up.
_LOOP_GRACE_S: Final = 5.0

# How long the end of a stream may take after the end of its message.
_LAST_BYTES_S: Final = 0.2


class AnthropicClient:
    """An ``LLMClient`` for the Anthropic API, or for anything that speaks its Messages protocol.

    ``base_url`` None means the public API and nothing from the environment. ``max_in_flight`` bounds the
    connections; further calls wait, and their waiting counts against their own wall clock. Thread-safe, and
    safe to inherit by ``fork``: a child opens a line of its own. ``ValueError`` for a key that cannot be
    sent in a header.
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
        self._line: _Line | None = None
        self._is_closed = False
        self._inherited: list[_Line] = []
        _clients.add(self)

    def complete(self, request: LLMRequest, on_words: Callable[[int], None] | None = None) -> LLMReply:
        """Answer ``request``, or raise an ``LLMError``, within ``timeout_s`` and a few seconds at the very
        worst, not counting what ``on_words`` takes for itself.
        """
        started = time.monotonic()
        heard, words = _Heard(), Words()

        def question(sdk: AsyncAnthropic) -> Awaitable[dict[str, Any]]:
            return _streamed(sdk, request, heard, words.tell)

        def listen(answer: Future[dict[str, Any]], until: float) -> None:
            if on_words is not None:
                words.pass_on(on_words, answer, until)

        try:
            message = self._answer(question, request.timeout_s, started, listen)
            return reply_of(message, request_id=heard.request_id, latency_ms=_since(started), said=heard.said)
        except LLMError as error:
            # Also where the answer broke after it had begun: by this name the provider has it in its books.
            error.request_id = error.request_id or heard.request_id
            error.said = error.said or heard.said
            error.latency_ms = error.latency_ms or _since(started)
            error.may_be_billed |= heard.has_begun and not isinstance(error, UnusableReply)
            raise

    def ask(self, question: Callable[[AsyncAnthropic], Awaitable[T]], timeout_s: float) -> T:
        """What ``question`` brings from the API, over the same connections and with the same errors as
        ``complete``. It runs on the loop's thread, so it must not block; ``timeout_s`` is its wall clock.
        """
        return self._answer(question, timeout_s, time.monotonic())

    def close(self) -> None:
        """End calls in flight (they raise ``TransientError``), the connections, the loop and its thread."""
        with self._lock:
            line, self._line, self._is_closed = self._line, None, True
        if line is not None:
            line.close()

    def _answer(
        self,
        question: Callable[[AsyncAnthropic], Awaitable[T]],
        timeout_s: float,
        started: float,
        listen: Callable[[Future[T], float], None] | None = None,
    ) -> T:
        """``listen`` gets the answer to be and the moment when it is given up, and stays until it is there."""
        until = started + timeout_s + _LOOP_GRACE_S
        # Under the lock, so that close() finds every call that got in before it, and none gets in after it.
        with self._lock:
            line = self._open_line(started)
            asked = _asked(line.sdk, question, timeout_s, started)
            future = asyncio.run_coroutine_threadsafe(asked, line.loop)
        try:
            if listen is not None:
                listen(future, until)
            return _result(future, until, timeout_s, started)
        finally:
            future.cancel()

    def _open_line(self, started: float) -> _Line:
        if self._is_closed:
            raise _closed(started)
        if self._line is None:
            self._line = _Line(self._api_key, self._base_url, self._max_in_flight, self._proxy)
        return self._line

    def _forget_after_fork(self) -> None:
        # The thread of the parent's loop does not exist in a child. Its objects are kept, not closed:
        # closing would say goodbye on sockets that the parent still uses.
        self._lock = threading.Lock()
        if self._line is not None:
            self._inherited.append(self._line)
            self._line = None


@dataclass(slots=True)
class _Heard:
    """What the headers of an answer said, for errors that come after them."""

    request_id: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    has_begun: bool = False


class _Line:
    """The event loop, its thread, and the SDK's client in it."""

    def __init__(self, api_key: str, base_url: str, max_in_flight: int, proxy: str | None) -> None:
        self.loop = asyncio.new_event_loop()
        self.sdk = anthropic.AsyncAnthropic(
            api_key=api_key,
            base_url=base_url,
            max_retries=0,
            # Each question keeps a wall clock of its own over all of it.
            timeout=httpx2.Timeout(None, connect=_CONNECT_S),
            http_client=anthropic.DefaultAioHttpClient(
                # The key and the users' texts go where the settings say and nowhere else: a proxy is an
                # argument, never an environment variable. Certificates may come from SSL_CERT_FILE, which
                # opens no new way out.
                trust_env=False,
                proxy=proxy,
                verify=httpx2.create_ssl_context(trust_env=True),
                # A redirect would repeat the key at an address that nobody configured.
                follow_redirects=False,
                limits=httpx2.Limits(max_connections=max_in_flight, max_keepalive_connections=max_in_flight),
            ),
        )
        self.thread = threading.Thread(target=self._run, name="anthropic-client", daemon=True)
        self.thread.start()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop)
        self.thread.join(_LOOP_GRACE_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.close()

    async def _hang_up(self) -> None:
        calls = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await self.sdk.close()
        # Closed sockets report themselves in the next turns of the loop.
        await asyncio.sleep(0.01)
        self.loop.stop()


_clients: weakref.WeakSet[AnthropicClient] = weakref.WeakSet()


def _forget_lines_after_fork() -> None:
    for client in list(_clients):
        client._forget_after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_lines_after_fork)


def _result(future: Future[T], until: float, timeout_s: float, started: float) -> T:
    try:
        return future.result(max(0.0, until - time.monotonic()))
    except CancelledError:
        raise _closed(started) from None
    except TimeoutError:
        raise _timeout(timeout_s, started) from None


async def _streamed(
    sdk: AsyncAnthropic, request: LLMRequest, heard: _Heard, told: Callable[[int], None]
) -> dict[str, Any]:
    """The message that answers ``request``."""
    if request.max_retries:
        sdk = sdk.with_options(max_retries=request.max_retries)
    ask = sdk.messages.with_streaming_response.create
    async with ask(**message_arguments(request), stream=True) as response:
        heard.has_begun = True
        heard.request_id, heard.said = response.request_id or "", said_in(response.headers)
        events = anthropic.AsyncStream.raw_events(response.http_response)
        message = await streamed_message(events, told)
        # The message is whole. Only a stream that was read to its end leaves a connection that can be used again.
        with contextlib.suppress(TimeoutError, httpx2.HTTPError, ValueError):
            async with asyncio.timeout(_LAST_BYTES_S):
                async for _ in events:
                    pass
        return message


async def _asked(
    sdk: AsyncAnthropic, question: Callable[[AsyncAnthropic], Awaitable[T]], timeout_s: float, started: float
) -> T:
    """The answer to ``question``, or what went wrong in the words of our own error tree."""
    try:
        async with asyncio.timeout(timeout_s):
            return await question(sdk)
    except TimeoutError:
        raise _timeout(timeout_s, started) from None
    except anthropic.APIStatusError as error:
        raise status_error(error, _since(started)) from error
    except anthropic.APIConnectionError as error:
        raise connection_error(error, _since(started)) from error
    except httpx2.HTTPError as error:
        # The SDK wraps what goes wrong before an answer begins. What breaks its body comes as it is.
        raise answer_error("The answer was cut off on its way.", _since(started)) from error
    except anthropic.CredentialsError as error:
        raise LineStopped("authentication", "No API key can be had.", latency_ms=_since(started)) from error
    except (anthropic.AnthropicError, json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise answer_error("The answer cannot be read.", _since(started)) from error
    except (TypeError, ValueError) as error:
        # The SDK says so when the request cannot be written down at all, as with a lone surrogate.
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
