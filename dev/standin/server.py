"""The stand-in on a real socket: in a thread of this process, or as the whole of one."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any, Self, cast

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from dev.standin.app import make_app
from dev.standin.clock import Clock
from dev.standin.desk import Desk
from dev.standin.journal import Call, Log
from dev.standin.state import KEY, Answer, Latency, State


class _Protocol(H11Protocol):
    """Hands each request its connection, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    listener = socket.socket()
    # What is written goes out at once, as from a real one: a stream would otherwise stand still for 40 ms.
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
    """Until ``stop``; then every connection ends at once, whatever it was about."""
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


class StandIn(Desk):
    """A stand-in in a thread of this process.

    ``delay_s`` is how long the model thinks before an answer begins. ``answer`` makes the answers from the
    request's body. ``clock`` may be any, so that time can be a test's own.
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
        self.state = State(
            key=key, seed=seed, answer=answer, clock=clock or Clock(), latency=Latency(first_byte_s=delay_s)
        )
        super().__init__(self.state)
        self._listener = listen()
        self.url = url_of(self._listener)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stand-in", daemon=True)

    @property
    def log(self) -> Log:
        return self.state.log

    @property
    def calls(self) -> list[Call]:
        """The live calls of ``/v1/messages``, in the order in which they came."""
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
