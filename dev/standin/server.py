"""The stand-in on a real socket: in a thread of this process, or in a process of its own."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self, cast

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from dev.standin.app import make_app
from dev.standin.control import COMMANDS, KEY, Answer, Control, Latency, State
from dev.standin.instruments.clock import Clock
from dev.standin.instruments.journal import Call, Log

_ROOT = Path(__file__).resolve().parents[2]


class _Protocol(H11Protocol):
    """HTTP protocol that hands each request its connection, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    listener = socket.socket()
    # Without this a stream would stall for 40 ms between small writes.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()
    return f"http://{host}:{port}"


async def serve(
    app: Starlette, listener: socket.socket, stop: asyncio.Event, started: threading.Event
) -> None:
    """Serve until ``stop``, then abort every connection."""
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=120,
    )
    config.load()
    shared = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Protocol(config=config, server_state=shared, app_state={}), sock=listener, backlog=2048
    )
    started.set()
    await stop.wait()
    server.close()
    for connection in list(shared.connections):
        cast(_Protocol, connection).transport.abort()
    if shared.tasks:
        await asyncio.wait(list(shared.tasks), timeout=5)


class StandIn(Control):
    """A stand-in in a thread of this process.

    ``delay_s`` is the time to the first byte. ``answer`` makes the answers from the body of a request.
    ``clock`` replaces the time of the machine.
    """

    def __init__(
        self,
        delay_s: float = 0.0,
        answer: Answer | None = None,
        *,
        seed: int = 0,
        key: str = KEY,
        clock: Clock | None = None,
    ) -> None:
        latency = Latency(first_byte_s=delay_s)
        super().__init__(State(key=key, seed=seed, answer=answer, clock=clock or Clock(), latency=latency))
        self._listener = listen()
        self.url = url_of(self._listener)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stand-in", daemon=True)

    @property
    def log(self) -> Log:
        return self.state.log

    @property
    def calls(self) -> list[Call]:
        """Return the live calls of ``/v1/messages`` in order of arrival."""
        return self.log.messages

    @property
    def peak(self) -> int:
        return self.log.peak

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._started.wait(10):
            raise RuntimeError("The stand-in did not start.")
        return self

    def __exit__(self, *exc: Any) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await serve(make_app(self.state), self._listener, self._stop, self._started)


class Remote:
    """Client of a stand-in at ``url``, with the commands of ``Control``."""

    def __init__(self, url: str) -> None:
        self.url = url
        # A proxy in the environment must not receive these requests.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name not in COMMANDS:
            raise AttributeError(name)
        return partial(self._command, name)

    def read_log(self) -> Log:
        """Return the log so far, without the bodies of requests."""
        values = self._request("log")
        calls = [Call.from_dict(entry) for entry in values["calls"]]
        return Log(calls=calls, peak=values["peak"], in_flight=values["in_flight"])

    def _command(self, name: str, *args: Any, **options: Any) -> None:
        plain = [asdict(arg) if is_dataclass(arg) and not isinstance(arg, type) else arg for arg in args]
        self._request(name, json.dumps({"args": plain, "options": options}).encode())

    def _request(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(f"{self.url}/_control/{path}", data=body)
        with self._opener.open(request, timeout=30) as response:
            return json.load(response)


class StandInProcess(Remote):
    """A stand-in in a process of its own, for tests whose clients are many processes."""

    def __init__(self, *, seed: int = 0, key: str = KEY) -> None:
        super().__init__("")
        self._arguments = ["--seed", str(seed), "--key", key]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dev.standin", *self._arguments],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            self.__exit__()
            raise RuntimeError("The stand-in did not start.")
        return self

    def __exit__(self, *exc: Any) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()
