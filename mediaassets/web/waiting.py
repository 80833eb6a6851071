"""Answers that wait for a job without a thread: ``Prefer: wait`` and streams of events.

Django answers each question that a request asks, with its authentication and permissions; between the questions only
the event loop knows the client.
"""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs, urlencode

from agents.jobs.changes import ACCOUNT_HEADER
from agents.models.jobs.states import FINISHED
from mediaassets.web.asgi_types import Answer, Receive, Scope, Send
from mediaassets.web.job_watch import JobWatch
from mediaassets.web.stream import Departure, Stream

MAX_WAIT_S: Final = 60
MAX_WAITING: Final = 1000
MAX_STREAMS_OF_ACCOUNT: Final = 50

_JOBS = r"/agents/jobs"
_JOB = re.compile(rf"{_JOBS}/([0-9a-fA-F-]{{36}})/?")
# The API's, and the studio's, whose readers sign in with a session.
_EVENTS = re.compile(r"/(?:agents|studio)/jobs/([0-9a-fA-F-]{36})/events/?")
_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?=$|[,;])", re.IGNORECASE)
# Headers of the first question that a later one must not repeat.
_OF_THE_BODY = {b"content-length", b"content-type", b"transfer-encoding", b"idempotency-key", b"prefer"}
_CONDITIONAL = {b"if-none-match", b"if-modified-since"}


# Runs Django on a thread; an answer of ours if too many requests wait for one.
Ask = Callable[[Scope, bytes], Awaitable[Answer]]
Refuse = Callable[[int, str, str], Answer]


class Waiting:
    """Serve requests that wait for a job, at most ``MAX_WAITING`` at a time."""

    def __init__(self, ask: Ask, refuse: Refuse, watch: JobWatch) -> None:
        self._ask = ask
        self._refuse = refuse
        self._watch = watch
        self._waiting = 0
        self._streams: Counter[str] = Counter()

    def close(self) -> None:
        self._watch.close()

    def takes(self, scope: Scope) -> bool:
        return _is_stream(scope) or _wait_of(scope) > 0

    async def serve(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        if _is_stream(scope):
            await self._stream(scope, receive, send)
        else:
            await self._wait(scope, body, receive, send)

    # --- Prefer: wait

    async def _wait(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        wait_s = _wait_of(scope)
        first = scope if scope["method"] != "GET" else _without(scope, _CONDITIONAL)
        answer = await self._ask(first, body)
        path = _job_to_wait_for(scope, answer)
        if path is not None:
            is_over = await self._until_over(uuid.UUID(path.rstrip("/")[-36:]), wait_s, receive)
            if is_over or scope["method"] == "GET":
                later = await self._ask(_question(scope, path), b"")
                # A token may have expired meanwhile: a job that was accepted must not look refused.
                if later.status == 200 or scope["method"] == "GET":
                    answer = _with_location(later, answer)
        if path is not None or (scope["method"] == "GET" and answer.status == 200):
            answer.headers.append((b"preference-applied", b"wait=%d" % wait_s))
        await answer.send_to(send)

    async def _until_over(self, job_id: uuid.UUID, wait_s: int, receive: Receive) -> bool:
        """Wait until the job has ended; False after the time, when the client leaves or the process stops."""
        if self._waiting >= MAX_WAITING:
            return False
        self._waiting += 1
        try:
            return await self._news_of_the_end(job_id, wait_s, receive)
        finally:
            self._waiting -= 1

    async def _news_of_the_end(self, job_id: uuid.UUID, wait_s: int, receive: Receive) -> bool:
        with self._watch.news_of(job_id) as news, suppress(TimeoutError):
            async with asyncio.timeout(wait_s), Departure(receive) as departure:
                while (found := await departure.or_next(news)) is not None:
                    if found.status in FINISHED:
                        return True
        return False

    # --- Streams

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = _EVENTS.fullmatch(scope["path"])
        assert match is not None
        cursor = _cursor_of(scope)
        if self._waiting >= MAX_WAITING or self._watch.is_closed:
            await self._refuse(503, "too_many_streams", "Too many streams are open.").send_to(send)
            return
        self._waiting += 1
        account = ""
        try:
            answer = await self._ask(_list_question(scope, cursor), b"")
            account = answer.header(ACCOUNT_HEADER) or ""
            if answer.status != 200:
                await answer.send_to(send)
                return
            if self._streams[account] >= MAX_STREAMS_OF_ACCOUNT:
                account = ""
                text = f"You have {MAX_STREAMS_OF_ACCOUNT} streams open. Close one."
                await _with_quota(self._refuse(429, "too_many_streams", text)).send_to(send)
                return
            self._streams[account] += 1
            shown = json.loads(answer.body)
            if shown["ended"] and not shown["results"]:
                await Answer(204).send_to(send)
                return
            stream = Stream(lambda at: self._ask(_list_question(scope, at), b""), cursor, send)
            with self._watch.news_of(uuid.UUID(match[1]), with_text=True) as news:
                async with Departure(receive) as departure:
                    await stream.run(news, departure)
        finally:
            self._waiting -= 1
            if account:
                self._streams[account] -= 1
                self._streams += Counter()


def _header(scope: Scope, name: bytes) -> str:
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)


def _with_quota(refusal: Answer) -> Answer:
    """Add what every refusal by a quota says; that of streams has no window, and more come when one is closed."""
    quota = {"name": "streams", "limit": MAX_STREAMS_OF_ACCOUNT, "remaining": 0}
    refusal.body = json.dumps({**json.loads(refusal.body), "quota": quota}).encode()
    kept = [(name, value) for name, value in refusal.headers if name.lower() != b"content-length"]
    policy, state = f'"streams";q={MAX_STREAMS_OF_ACCOUNT}', '"streams";r=0'
    refusal.headers = [
        *kept,
        (b"content-length", b"%d" % len(refusal.body)),
        (b"ratelimit-policy", policy.encode()),
        (b"ratelimit", state.encode()),
    ]
    return refusal


def _is_stream(scope: Scope) -> bool:
    return (
        scope["method"] == "GET"
        and _EVENTS.fullmatch(scope["path"]) is not None
        and "text/event-stream" in _header(scope, b"accept").lower()
    )


def _wait_of(scope: Scope) -> int:
    """Return the seconds that the client would wait for a job; 0 if it does not say so, or not on such a route."""
    is_one = scope["method"] == "GET" and _JOB.fullmatch(scope["path"])
    is_new = scope["method"] == "POST" and scope["path"].rstrip("/") == _JOBS
    found = _WAIT.search(_header(scope, b"prefer")) if is_one or is_new else None
    return min(int(found[1]), MAX_WAIT_S) if found else 0


def _job_to_wait_for(scope: Scope, answer: Answer) -> str | None:
    """Return the path of the job that the answer leaves unfinished."""
    if answer.header("retry-after") is None:
        return None
    if scope["method"] == "GET" and answer.status == 200:
        return str(scope["path"])
    location = answer.header("location")
    return location if answer.status == 202 and location and _JOB.fullmatch(location) else None


def _cursor_of(scope: Scope) -> str:
    """Return the event from which on a client reads; the header of a reconnection is newer than the address."""
    given = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    return _header(scope, b"last-event-id") or given.get("cursor", [""])[-1]


def _without(scope: Scope, names: set[bytes]) -> Scope:
    kept = [(key, value) for key, value in scope["headers"] if key.lower() not in names]
    return {**scope, "headers": kept}


def _question(scope: Scope, path: str) -> Scope:
    asked = _without(scope, _OF_THE_BODY)
    return {**asked, "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}


def _list_question(scope: Scope, cursor: str) -> Scope:
    asked = _without(scope, _OF_THE_BODY | _CONDITIONAL | {b"accept", b"last-event-id"})
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    query |= {"cursor": [cursor]} if cursor else {}
    headers = [*asked["headers"], (b"accept", b"application/json"), (ACCOUNT_HEADER.lower().encode(), b"1")]
    return {**asked, "headers": headers, "query_string": urlencode(query, doseq=True).encode()}


def _with_location(later: Answer, first: Answer) -> Answer:
    location = first.header("location")
    if location is not None:
        later.headers.append((b"location", location.encode("latin-1")))
    return later
