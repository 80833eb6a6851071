"""The Anthropic API behind a synchronous call: one client, one event loop, one thread a process.

Threads of a worker call ``complete``; the requests themselves share one event loop, so that hundreds can be
in flight at the cost of one thread. The SDK does no retries here: those are the job's business.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from typing import Final, TypeVar

import anthropic
import httpx2
from anthropic import AsyncAnthropic as AsyncAnthropic

from agents.llm.anthropic_errors import answer_error, connection_error, said_in, status_error
from agents.llm.anthropic_messages import message_arguments, reply_of
from agents.llm.base import LineStopped, LLMError, LLMReply, LLMRequest, RequestRejected, TransientError

T = TypeVar("T")

DEFAULT_BASE_URL: Final = "https://api.anthropic.com"

_CONNECT_S: Final = 5.0

# How long the caller's thread waits for the loop to keep the wall clock itself before it gives the loop up.
_LOOP_GRACE_S: Final = 5.0


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
        worst.
        """
        started = time.monotonic()

        async def question(sdk: AsyncAnthropic) -> tuple[bytes, str, dict[str, str]]:
            raw = await sdk.messages.with_raw_response.create(**message_arguments(request))
            return await raw.read(), raw.request_id or "", said_in(raw.headers)

        body, request_id, said = self.ask(question, request.timeout_s)
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise answer_error(
                "The answer is not a message.", _since(started), request_id=request_id
            ) from error
        reply = reply_of(message, request_id=request_id, latency_ms=_since(started), said=said)
        if on_words is not None:
            on_words(0)
            on_words(len(reply.text.split()))
        return reply

    def ask(self, question: Callable[[AsyncAnthropic], Awaitable[T]], timeout_s: float) -> T:
        """What ``question`` brings from the API, over the same connections and with the same errors as
        ``complete``. It runs on the loop's thread, so it must not block; ``timeout_s`` is its wall clock.
        """
        started = time.monotonic()
        future = self._begin(question, timeout_s, started)
        try:
            return future.result(timeout_s + _LOOP_GRACE_S)
        except CancelledError:
            raise _closed(started) from None
        except TimeoutError:
            future.cancel()
            raise _timeout(timeout_s, started) from None

    def close(self) -> None:
        """End calls in flight (they raise ``TransientError``), the connections, the loop and its thread."""
        with self._lock:
            line, self._line, self._is_closed = self._line, None, True
        if line is not None:
            line.close()

    def _begin(
        self, question: Callable[[AsyncAnthropic], Awaitable[T]], timeout_s: float, started: float
    ) -> Future[T]:
        # Under the lock, so that close() finds every call that got in before it, and none gets in after it.
        with self._lock:
            line = self._open_line(started)
            return asyncio.run_coroutine_threadsafe(_asked(line.sdk, question, timeout_s, started), line.loop)

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
        # What breaks a body on its way is not wrapped by the SDK.
        raise connection_error(error, _since(started)) from error
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
    return TransientError("timeout", message, latency_ms=_since(started))


def _closed(started: float) -> LLMError:
    return TransientError("connection", "The client was closed during the call.", latency_ms=_since(started))


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
