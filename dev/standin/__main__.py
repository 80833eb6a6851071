"""Command line of the stand-in: print its address as the first line, then serve until a signal."""

from __future__ import annotations

import argparse
import asyncio
import signal
import threading

from dev.standin.app import make_app
from dev.standin.control import KEY, State
from dev.standin.server import listen, serve, url_of


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.standin", description="A stand-in for the Messages API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--key", default=KEY, help="the API key that is accepted")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    asyncio.run(_serve(State(key=options.key, seed=options.seed), options.host, options.port))


async def _serve(state: State, host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = listen(host, port)
    # Listen before the address is printed: the backlog holds connections until the server accepts them.
    listener.listen(2048)
    print(url_of(listener), flush=True)
    await serve(make_app(state), listener, stop, threading.Event())


if __name__ == "__main__":
    main()
