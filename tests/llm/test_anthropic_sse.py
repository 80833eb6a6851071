"""Server-sent events of a response, whatever their line ends and however they are cut into chunks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from agents.llm.anthropic import sse
from agents.llm.anthropic.sse import ServerEvent, server_events
from agents.llm.base import TransientError

PING, HI = ServerEvent("ping", "{}"), ServerEvent("a", '{"text":"hé ☂"}')


def read(*chunks: bytes) -> list[ServerEvent]:
    async def send() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def collect() -> list[ServerEvent]:
        return [event async for event in server_events(send())]

    return asyncio.run(collect())


@pytest.mark.parametrize(
    "body",
    [
        'event: ping\ndata: {}\n\nevent: a\ndata: {"text":"hé ☂"}\n\n',
        'event: ping\r\ndata: {}\r\n\r\nevent: a\r\ndata: {"text":"hé ☂"}\r\n\r\n',
        ': a comment\nid: 7\nevent:ping\ndata:{}\n\n\nretry: 3\ndata: {"text":"hé ☂"}\nevent: a\n\n: end\n\n',
    ],
)
def test_events_are_the_same_in_any_chunks(body: str) -> None:
    data = body.encode()
    for size in (1, 2, 3, 7, len(data)):
        assert read(*(data[at : at + size] for at in range(0, len(data), size))) == [PING, HI]


def test_lines_of_data_are_joined() -> None:
    assert read(b"data: a\ndata: b\n\n") == [ServerEvent("", "a\nb")]


def test_event_that_is_cut_off_is_dropped() -> None:
    assert read(b"event: ping\ndata: {}\n\nevent: a\ndata: {") == [PING]


def test_endless_event_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "_MAX_BYTES", 10)
    with pytest.raises(TransientError, match="not a message"):
        read(b"data: ", b"x" * 20)
