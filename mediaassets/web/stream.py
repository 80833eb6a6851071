"""Server-sent events of one job for one client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

from agents.common.text.timestamps import isoformat_utc
from agents.jobs.changes import JobNews, NewEvent
from agents.jobs.live_text import LiveText
from mediaassets.web.asgi_types import Answer, Receive, Send

HEARTBEAT_S: Final = 15.0
# A stream asks Django again at least this often: a token that has expired, or a lost permission, ends it.
RECHECK_S: Final = 60.0

HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # nginx would collect the events otherwise.
    (b"x-accel-buffering", b"no"),
]

News = asyncio.Queue[JobNews | None]


class Stream:
    """One client's stream of the events of one job."""

    def __init__(self, ask: Callable[[str], Awaitable[Answer]], cursor: str, send: Send) -> None:
        """``ask`` returns Django's answer for the events behind a cursor."""
        self._ask = ask
        self._cursor = cursor
        self._send = send
        self._sent: set[int] = set()
        self._status = ""
        self._text: LiveText | None = None

    async def run(self, news: News, departure: Departure) -> None:
        """Send events until nothing more is awaited, the client leaves or the process stops."""
        clock = asyncio.get_running_loop().time
        await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await self._write(": connected\n\n")
        is_over, asked_at = await self._ask_for_events(), clock()
        while not is_over:
            found: JobNews | None
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    found = await departure.or_next(news)
            except TimeoutError:
                await self._write(": still here\n\n")
                is_to_ask = False
            else:
                if found is None:
                    break
                is_to_ask = await self._is_more_than_progress(found)
            if is_to_ask or clock() - asked_at >= RECHECK_S:
                is_over, asked_at = await self._ask_for_events(), clock()
        if not departure.has_left:
            await self._send({"type": "http.response.body", "body": b""})

    async def _is_more_than_progress(self, news: JobNews) -> bool:
        """Send progress as it is; what else there is may be hidden from this reader, so Django must be asked."""
        first = int(self._cursor or 0)
        unsent = [event for event in news.events if event.id > first and event.id not in self._sent]
        if news.status != self._status or not all(event.is_progress for event in unsent):
            return True
        await self._write("".join(map(self._progress, unsent)) + self._new_text(news.text))
        return False

    async def _ask_for_events(self) -> bool:
        """Send what Django shows now and was not sent; True if nothing more will come."""
        cursor = self._cursor
        while True:
            answer = await self._ask(cursor)
            if answer.status == 503:
                return False
            if answer.status != 200:
                await self._write(f"event: error\ndata: {answer.body.decode()}\n\n")
                return True
            shown = json.loads(answer.body)
            fresh = [event for event in shown["results"] if event["id"] not in self._sent]
            self._sent |= {event["id"] for event in fresh}
            await self._write("".join(map(_message, fresh)))
            if shown["next_cursor"] is None:
                break
            cursor = shown["next_cursor"]
        self._status = shown["status"]
        if shown["ended"]:
            await self._write(f"event: end\ndata: {json.dumps({'status': shown['status']})}\n\n")
        return bool(shown["ended"])

    def _progress(self, event: NewEvent) -> str:
        self._sent.add(event.id)
        at = isoformat_utc(event.at)
        shown = {"id": event.id, "kind": event.kind, "attempt": event.attempt, "at": at, "by": None}
        return _message({**shown, "data": event.data})

    def _new_text(self, text: LiveText | None) -> str:
        """Return a message of what the text has gained, or of all of it if it was begun anew.

        It has no number: after a lost connection the text comes whole.
        """
        before, self._text = self._text, text or self._text
        if text is None or text == before:
            return ""
        appends = before is not None and before.attempt == text.attempt and text.text.startswith(before.text)
        gained = text.text[len(before.text) :] if appends and before is not None else text.text
        shown = {**asdict(text), "text": gained, "append": appends}
        return f"event: text\ndata: {json.dumps(shown, separators=(',', ':'))}\n\n"

    async def _write(self, text: str) -> None:
        if text:
            await self._send({"type": "http.response.body", "body": text.encode(), "more_body": True})


class Departure:
    """Notices that a client has left, while something else is waited for."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.has_left = False

    async def __aenter__(self) -> Departure:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            # A server may repeat the end of the body.
            await asyncio.sleep(1)
        self.has_left = True

    async def or_next(self, news: asyncio.Queue[JobNews | None]) -> JobNews | None:
        """Return the next news; None once the client has left or the process stops."""
        getting = asyncio.create_task(news.get())
        try:
            await asyncio.wait({getting, self._task}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            is_got = getting.done()
            if not is_got:
                getting.cancel()
        return getting.result() if is_got and not self.has_left else None


def _message(event: dict[str, Any]) -> str:
    data = json.dumps(event, separators=(",", ":"))
    return f"id: {event['id']}\nevent: {event['kind']}\ndata: {data}\n\n"
