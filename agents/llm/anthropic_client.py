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
from collections.abc import Mapping
from concurrent.futures import CancelledError
from typing import Any, Final, TypeVar

import anthropic
import httpx2
from anthropic.types import ThinkingConfigParam

from agents.llm.anthropic_errors import answer_error, connection_error, said_in, status_error
from agents.llm.base import (
    LineStopped,
    LLMError,
    LLMReply,
    LLMRequest,
    RequestRejected,
    TransientError,
    UnusableReply,
    Usage,
)

T = TypeVar("T")

DEFAULT_BASE_URL: Final = "https://api.anthropic.com"

_CONNECT_S: Final = 5.0

# How long the caller's thread waits for the loop to keep the wall clock itself before it gives the loop up.
_LOOP_GRACE_S: Final = 5.0

# How to ask for no thinking, by the start of the model's name. A model that is not here decides for itself:
# some cannot stop thinking and refuse to be told, and older ones do not think unless asked.
_THINKING_OFF: Final[tuple[tuple[str, ThinkingConfigParam], ...]] = (
    ("claude-haiku-5-5", {"type": "disabled"}),
    ("claude-sonnet-5-5", {"type": "between_tools"}),
)

# Thinking counts as output: without this, a model that thinks would be cut off before it answers.
_THINKING_TOKENS: Final = 8192

# What a column of whole numbers holds.
_MOST_TOKENS: Final = 2**31 - 1

_ENDED: Final = frozenset({"end_turn", "stop_sequence"})
_CUT_OFF: Final = frozenset({"max_tokens", "model_context_window_exceeded"})


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

    def complete(self, request: LLMRequest) -> LLMReply:
        """Answer ``request``, or raise an ``LLMError``, within ``timeout_s`` and a few seconds at the very
        worst.
        """
        started = time.monotonic()
        # Under the lock, so that close() finds every call that got in before it, and none gets in after it.
        with self._lock:
            line = self._open_line(started)
            future = asyncio.run_coroutine_threadsafe(self._ask(line, request, started), line.loop)
        try:
            return future.result(request.timeout_s + _LOOP_GRACE_S)
        except CancelledError:
            raise _closed(started) from None
        except TimeoutError:
            future.cancel()
            raise _timeout(request, started) from None

    def close(self) -> None:
        """End calls in flight (they raise ``TransientError``), the connections, the loop and its thread."""
        with self._lock:
            line, self._line, self._is_closed = self._line, None, True
        if line is not None:
            line.close()

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

    async def _ask(self, line: _Line, request: LLMRequest, started: float) -> LLMReply:
        try:
            async with asyncio.timeout(request.timeout_s):
                raw = await line.sdk.messages.with_raw_response.create(**_arguments(request))
                body = await raw.read()
        except TimeoutError:
            raise _timeout(request, started) from None
        except anthropic.APIStatusError as error:
            raise status_error(error, _since(started)) from error
        except anthropic.APIConnectionError as error:
            raise connection_error(error, _since(started)) from error
        except anthropic.CredentialsError as error:
            raise LineStopped(
                "authentication", "No API key can be had.", latency_ms=_since(started)
            ) from error
        except anthropic.AnthropicError as error:
            raise answer_error("The SDK could not read the answer.", _since(started)) from error
        except (TypeError, ValueError) as error:
            # The SDK says so when the request cannot be written down at all, as with a lone surrogate.
            message = f"The request cannot be sent: {type(error).__name__}."
            raise RequestRejected("bad_request", message, latency_ms=_since(started)) from error
        return _reply(body, raw.request_id or "", _since(started), said_in(raw.headers))


class _Line:
    """The event loop, its thread, and the SDK's client in it."""

    def __init__(self, api_key: str, base_url: str, max_in_flight: int, proxy: str | None) -> None:
        self.loop = asyncio.new_event_loop()
        self.sdk = anthropic.AsyncAnthropic(
            api_key=api_key,
            base_url=base_url,
            max_retries=0,
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


def _arguments(request: LLMRequest) -> dict[str, Any]:
    """What ``messages.create`` takes. No sampling parameters and no prefill: current models refuse both."""
    thinking = next((how for start, how in _THINKING_OFF if request.model.startswith(start)), None)
    arguments: dict[str, Any] = {
        "model": request.model,
        "max_tokens": request.max_tokens + (0 if thinking else _THINKING_TOKENS),
        # Instructions and world are the same for every job of a universe. Below the least cacheable size
        # the mark does nothing.
        "system": [{"type": "text", "text": request.system, "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": request.user}],
        "output_config": {"format": {"type": "json_schema", "schema": dict(request.schema)}},
        "timeout": httpx2.Timeout(request.timeout_s, connect=min(_CONNECT_S, request.timeout_s)),
    }
    if thinking is not None:
        arguments["thinking"] = thinking
    return arguments


def _reply(body: bytes, request_id: str, latency_ms: int, said: Mapping[str, str]) -> LLMReply:
    try:
        message = json.loads(body)
        reply = LLMReply(
            text="".join(block["text"] for block in message["content"] if block["type"] == "text"),
            model=_checked(message["model"], str),
            usage=_usage(message["usage"]),
            stop_reason=_checked(message["stop_reason"], str),
            request_id=request_id,
            latency_ms=latency_ms,
            is_mock=False,
            said=said,
        )
        if message["type"] != "message":
            raise KeyError("message")
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise answer_error("The answer is not a message.", latency_ms, request_id=request_id) from error
    return _finished(reply)


def _usage(usage: Any) -> Usage:
    return Usage(
        input_tokens=_count(usage["input_tokens"]),
        output_tokens=_count(usage["output_tokens"]),
        cache_read_tokens=_count(usage.get("cache_read_input_tokens") or 0),
        cache_write_tokens=_count(usage.get("cache_creation_input_tokens") or 0),
    )


def _count(value: Any) -> int:
    """A number of tokens that the books can hold."""
    if not 0 <= _checked(value, int) <= _MOST_TOKENS:
        raise ValueError(f"{value} is no number of tokens.")
    return int(value)


def _checked(value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}.")
    return value


def _finished(reply: LLMReply) -> LLMReply:
    if reply.stop_reason == "refusal":
        raise UnusableReply("refused", "The model refused to answer this request.", reply=reply)
    if reply.stop_reason in _CUT_OFF:
        message = f"The model's answer was cut off (stop reason {reply.stop_reason})."
        raise UnusableReply("truncated", message, reply=reply)
    if reply.stop_reason not in _ENDED:
        message = f"The model stopped for a reason that no agent expects ({reply.stop_reason[:40]})."
        raise UnusableReply("invalid_output", message, reply=reply)
    if not reply.text.strip():
        raise UnusableReply("empty_output", "The model answered with no text.", reply=reply)
    return reply


def _timeout(request: LLMRequest, started: float) -> LLMError:
    message = f"No complete answer came within {request.timeout_s:g} seconds."
    return TransientError("timeout", message, latency_ms=_since(started))


def _closed(started: float) -> LLMError:
    return TransientError("connection", "The client was closed during the call.", latency_ms=_since(started))


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
