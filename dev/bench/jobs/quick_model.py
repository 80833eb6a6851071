"""Messages API that costs next to nothing, in a process of its own.

    python -m dev.bench.jobs.quick_model --delay 2.0

Prints its address. Every request gets the same scene after ``--delay`` seconds, as a stream if it asks for one;
``GET /load`` returns how many
requests are in flight, and their peak and integral since ``GET /reset``. The stand-in of the tests does far more per
request than a worker does, so that a benchmark would measure the stand-in.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

from agents.engine.world import WorldView
from agents.mock.request import Brief
from agents.mock.writer import write

MODEL = "claude-haiku-5-5"
KEY = "bench-key"
_ROOT = Path(__file__).resolve().parents[3]
_HUGE = {"requests": 1_000_000, "input-tokens": 1_000_000_000, "output-tokens": 1_000_000_000}
_CHARS_PER_EVENT = 64


def scene() -> str:
    """Return an answer of the narrative agent that passes its checks."""
    brief = Brief(
        seed=7,
        input={},
        world=WorldView(),
        quotes=(),
        characters=(),
        place="",
        tone="",
        min_words=350,
        max_words=1000,
    )
    return json.dumps(write("narrative", brief, ()))


def _message(text: str) -> dict[str, Any]:
    return {
        "id": "msg_bench",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 400,
            "output_tokens": len(text) // 4,
            "cache_read_input_tokens": 900,
            "cache_creation_input_tokens": 0,
        },
    }


def _chunked(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"


def _events(text: str) -> bytes:
    """Return the events of a stream that carries ``text``."""
    whole = _message(text)
    start = {**whole, "content": [], "stop_reason": None}
    events: list[tuple[str, dict[str, Any]]] = [("message_start", {"message": start})]
    events.append(("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}))
    for at in range(0, len(text), _CHARS_PER_EVENT):
        delta = {"type": "text_delta", "text": text[at : at + _CHARS_PER_EVENT]}
        events.append(("content_block_delta", {"index": 0, "delta": delta}))
    events.append(("content_block_stop", {"index": 0}))
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    events.append(("message_delta", {"delta": stop, "usage": whole["usage"]}))
    events.append(("message_stop", {}))
    return "".join(
        f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n" for name, data in events
    ).encode()


_STREAM = _chunked(_events(scene()))
_WHOLE = _chunked(json.dumps(_message(scene())).encode())


class _Load:
    """Requests in flight, with their peak and their integral over time."""

    def __init__(self) -> None:
        self.now = 0
        self.reset()

    def reset(self) -> None:
        self.peak, self.served, self.integral, self._at = self.now, 0, 0.0, time.monotonic()

    def change(self, by: int) -> None:
        at = time.monotonic()
        self.integral += self.now * (at - self._at)
        self._at = at
        self.now += by
        self.peak = max(self.peak, self.now)
        self.served += by < 0

    def as_json(self) -> bytes:
        self.change(0)
        values = {"now": self.now, "peak": self.peak, "served": self.served, "integral": self.integral}
        return json.dumps(values).encode()


class _Connection(asyncio.Protocol):
    """One HTTP/1.1 connection."""

    def __init__(self, load: _Load, delay_s: float) -> None:
        self._load = load
        self._delay_s = delay_s
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, rest = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        if len(rest) < length:
            return
        body, self._received = rest[:length], rest[length:]
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/v1/messages"):
            self._load.change(1)
            is_streamed = b'"stream":true' in body.replace(b" ", b"")
            asyncio.get_running_loop().call_later(self._delay_s, self._answer, is_streamed)
            return
        if path == b"/reset":
            self._load.reset()
        self._write(b"application/json", b"content-length: %d\r\n", self._load.as_json())

    def _answer(self, is_streamed: bool) -> None:
        self._load.change(-1)
        limits = "".join(
            f"anthropic-ratelimit-{name}-{part}: {count}\r\n"
            for name, count in _HUGE.items()
            for part in ("limit", "remaining")
        )
        head = f"transfer-encoding: chunked\r\nrequest-id: req_bench\r\n{limits}".encode()
        if is_streamed:
            self._write(b"text/event-stream; charset=utf-8", head, _STREAM)
        else:
            self._write(b"application/json", head, _WHOLE)

    def _write(self, kind: bytes, head: bytes, body: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if b"%d" in head:
            head %= len(body)
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-type: " + kind + b"\r\n" + head + b"\r\n" + body)


class QuickModel:
    """The server as a process, and its load."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "dev.bench.jobs.quick_model", "--delay", str(self._delay_s)]
        self._process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._process.terminate()
        self._process.wait(10)

    @property
    def pid(self) -> int:
        return self._process.pid

    def load(self, path: str = "load") -> dict[str, float]:
        with self._opener.open(f"{self.url}/{path}", timeout=30) as response:
            return dict(json.load(response))


async def _serve(delay_s: float) -> None:
    load = _Load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(load, delay_s), "127.0.0.1", 0, backlog=2048)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--delay", type=float, default=2.0, help="seconds before each answer")
    asyncio.run(_serve(parser.parse_args().delay))


if __name__ == "__main__":
    main()
