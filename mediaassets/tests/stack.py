"""`make up` in a test: one supervisor with its parts on a data directory of its own."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mediaassets.dev_stack import processes
from mediaassets.tests.servers import ROOT, wait_until


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Stack:
    """One `python -m mediaassets.dev_stack`."""

    def __init__(self, data_dir: Path, output: Path, **env: str) -> None:
        self.port = int(env.setdefault("PORT", str(free_port())))
        self.data_dir = data_dir
        self.output = output
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with output.open("wb") as out:
            self.process = processes.start(
                [sys.executable, "-m", "mediaassets.dev_stack"],
                env={**inherited, "DATA_DIR": str(data_dir), **env},
                cwd=ROOT,
                output=out,
            )

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_until_up(self) -> None:
        def up() -> bool:
            if self.process.poll() is not None:
                pytest.fail(f"It ended with {self.process.returncode}:\n{self.said()}")
            return "Ctrl-C stops everything." in self.said()

        wait_until(up, within_s=120, what="everything runs")

    def end(self, *, within_s: float = 60) -> int:
        return self.process.wait(within_s)

    def pids(self) -> dict[str, int]:
        """The children by what they are; a process that is about to end is not among them."""
        words = {b"valkey-server": "broker", b"gunicorn": "web", b"\0worker\0": "worker", b"\0beat\0": "beat"}
        found: dict[str, int] = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
                arguments = (process / "cmdline").read_bytes()
                if parent == self.process.pid:
                    found |= {name: int(process.name) for word, name in words.items() if word in arguments}
        return found

    def abandon(self) -> None:
        """Kill it, whatever state it is in, and see its children end."""
        left = self.pids().values()
        processes.kill(self.process)
        wait_until(lambda: not any(map(is_running, left)), within_s=15, what="the orphans end")

    def ask(
        self, path: str, body: dict[str, Any] | None = None, token: str = ""
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
        except OSError:
            return 0, {}

    def sign_in(self) -> str:
        password = json.loads((self.data_dir / "keys.json").read_text())["DEMO_PASSWORD"]
        status, answer = self.ask("/auth/token", {"username": "creator", "password": password})
        assert status == 200, answer
        return str(answer["access"])


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def earlier_data(run_directory: Path) -> Path:
    """A data directory as a start and a stop have left it, made once in a run, by whichever process asks first."""
    data = run_directory / "earlier-data"
    with (run_directory / "earlier-data.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            stack = Stack(data, run_directory / "earlier-data.log")
            try:
                stack.wait_until_up()
                stack.process.send_signal(signal.SIGTERM)
                stack.end()
            finally:
                stack.abandon()
    return data
