"""The ASGI side of the web process: it reads requests on the event loop and runs Django on threads.

A thread gets a request only when all of it has arrived, so that slow and silent clients hold sockets, never threads.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import signal
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any
from wsgiref.types import WSGIApplication

from asgiref.sync import sync_to_async
from asgiref.wsgi import WsgiToAsgiInstance
from django.conf import settings

from agents.jobs import changes
from mediaassets.api import errors
from mediaassets.web.asgi_types import Answer, Receive, Scope, Send
from mediaassets.web.job_watch import JobWatch
from mediaassets.web.waiting import Waiting

# A slower client of the largest body sends less than 50 kB/s.
BODY_TIMEOUT_S = 20.0
# The paths that take files, which are larger than any other body and come in at their own pace.
UPLOADS = frozenset({"/universes/imports", "/admin/universes/worldimport/add", "/studio/imports"})
UPLOAD_TIMEOUT_S = 120.0
# Uploads that a process holds in memory at a time.
MAX_UPLOADS = 4
# Complete requests that wait for a thread; more than this would only be answered when nobody waits any longer.
MAX_WAITING = 512
ALIVE = ("/healthz", "/healthz/")
JSON = "application/json"


_RUN = inspect.unwrap(WsgiToAsgiInstance.run_wsgi_app)


class Disconnected(Exception):
    """The client left before its request was complete."""


class Front:
    """ASGI application that bounds what a client and what all of them together can hold."""

    def __init__(self, application: WSGIApplication, *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._unanswered = 0
        self._uploads = 0
        self._limit = threads + MAX_WAITING
        self._waiting = Waiting(self._ask, _refusal, JobWatch(changes.news_of))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._follow_lifespan(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close"})
        elif scope["path"] in ALIVE and scope["method"] in {"GET", "HEAD"}:
            # The loop itself answers: this says that the process lives, even while all threads wait for a server.
            is_draining = settings.DRAIN_FILE.exists()
            status, said = (503, b'{"status": "draining"}') if is_draining else (200, b'{"status": "ok"}')
            await _answer(send, status, said, JSON, has_body=scope["method"] == "GET")
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_upload := _is_upload(scope):
            if self._uploads >= MAX_UPLOADS:
                await _refuse(send, 503, "too_busy", "Too many files are being sent. Try again.")
                return
            self._uploads += 1
        try:
            await self._serve_body(scope, receive, send, is_upload=is_upload)
        finally:
            self._uploads -= is_upload

    async def _serve_body(self, scope: Scope, receive: Receive, send: Send, *, is_upload: bool) -> None:
        try:
            async with asyncio.timeout(UPLOAD_TIMEOUT_S if is_upload else BODY_TIMEOUT_S):
                limit = settings.MAX_UPLOAD_BYTES if is_upload else settings.MAX_BODY_BYTES
                body = await _read_body(receive, limit)
        except Disconnected:
            return
        except TimeoutError:
            await _refuse(send, 408, "request_timeout", "The body did not arrive in time.")
            return
        if is_upload and len(body) > limit:
            await _refuse(send, 413, "body_too_large", f"The body is over {limit} bytes.")
            return
        if self._waiting.takes(scope):
            await self._waiting.serve(scope, body, receive, send)
        else:
            await self._run(scope, body, send)

    async def _run(self, scope: Scope, body: bytes, send: Send) -> None:
        """Have Django answer, unless too many requests wait for a thread."""
        if self._unanswered >= self._limit:
            await _refuse(send, 503, "too_busy", "Too many requests are waiting. Try again.")
            return
        self._unanswered += 1
        try:
            bridge = Bridge(self._application, self._threads)
            await bridge(_with_length(scope, len(body)), functools.partial(_replay, body), _coroutine(send))
        finally:
            self._unanswered -= 1

    async def _ask(self, scope: Scope, body: bytes) -> Answer:
        answer = Answer()
        parts: list[bytes] = []

        async def keep(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message["headers"])
            else:
                parts.append(message.get("body", b""))

        await self._run(scope, body, keep)
        answer.body = b"".join(parts)
        return answer

    async def _follow_lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                # Left by an earlier run in the same container.
                settings.DRAIN_FILE.unlink(missing_ok=True)
                _on_stop(self._waiting.close)
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


class Bridge(WsgiToAsgiInstance):
    """One request to the WSGI application, run on a pool of threads."""

    def __init__(self, application: WSGIApplication, threads: ThreadPoolExecutor) -> None:
        super().__init__(application)  # type: ignore[no-untyped-call]
        self._threads = threads

    async def run_wsgi_app(self, body: IO[bytes]) -> None:
        # asgiref would run it on its one thread for sensitive code.
        run = sync_to_async(_RUN, thread_sensitive=False, executor=self._threads)
        await run(self, body)


def _on_stop(work: Callable[[], None]) -> None:
    """Run ``work`` on the loop as soon as the process is told to stop.

    granian says ``lifespan.shutdown`` only after the last connection has ended, for which clients that wait would have
    to leave first. Its own handlers are asyncio's, which run besides the one that is set here.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: loop.call_soon_threadsafe(work))


def _is_upload(scope: Scope) -> bool:
    return scope["method"] == "POST" and scope["path"].rstrip("/") in UPLOADS


async def _read_body(receive: Receive, limit: int) -> bytes:
    """Return the body, or one byte more than is allowed, from which the parser refuses it."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        part = message.get("body", b"")
        size += len(part)
        parts.append(part)
        if not message.get("more_body") or size > limit:
            return b"".join(parts)[: limit + 1]


async def _replay(body: bytes) -> dict[str, Any]:
    return {"type": "http.request", "body": body}


def _coroutine(send: Send) -> Send:
    """Make a coroutine function of a server's callable, which asgiref can call from a thread."""

    async def call(message: dict[str, Any]) -> None:
        await send(message)

    return call


def _with_length(scope: Scope, length: int) -> Scope:
    """Name the length of a chunked body, because Django takes a body without one for empty."""
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    if any(name == b"content-length" for name, _ in headers):
        return scope
    return {**scope, "headers": [*headers, (b"content-length", b"%d" % length)]}


async def _refuse(send: Send, status: int, code: str, detail: str) -> None:
    await _refusal(status, code, detail).send_to(send)


def _refusal(status: int, code: str, detail: str) -> Answer:
    body = json.dumps(errors.document(status, code, detail)).encode()
    headers = [(b"retry-after", b"1"), (b"connection", b"close"), *_headers_of(body, errors.CONTENT_TYPE)]
    return Answer(status, headers, body)


def _headers_of(body: bytes, content_type: str) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", content_type.encode()), (b"content-length", b"%d" % len(body))]


async def _answer(send: Send, status: int, body: bytes, content_type: str, *, has_body: bool = True) -> None:
    headers = _headers_of(body, content_type)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body if has_body else b""})
