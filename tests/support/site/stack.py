"""A running `make up` for tests, on its own data directory."""

from __future__ import annotations

import json
import os
import socket
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, wait_until


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Stack:
    """A `python -m mediaassets.dev_stack` process and its children."""

    def __init__(self, data_dir: Path, output: Path, **env: str) -> None:
        self.port = int(env.setdefault("PORT", str(free_port())))
        self.data_dir = data_dir
        self._output = output
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with output.open("wb") as out:
            self.process = processes.start(
                [sys.executable, "-m", "mediaassets.dev_stack"],
                env={**inherited, "DATA_DIR": str(data_dir), **env},
                cwd=ROOT,
                output=out,
            )

    def output(self) -> str:
        return self._output.read_text(errors="replace")

    def wait_until_up(self) -> None:
        def up() -> bool:
            if self.process.poll() is not None:
                pytest.fail(f"make up ended with {self.process.returncode}:\n{self.output()}")
            return "Ctrl-C stops everything." in self.output()

        wait_until(up, within_s=120, what="make up is ready")

    def wait(self, *, within_s: float = 150) -> int:
        return self.process.wait(within_s)

    def pids(self) -> dict[str, int]:
        """Return the children's pids by name, without a process that is about to end."""
        words = {b"valkey-server": "broker", b"granian": "web", b"\0worker\0": "worker", b"\0beat\0": "beat"}
        pids: dict[str, int] = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
                arguments = (process / "cmdline").read_bytes()
                if parent == self.process.pid:
                    pids |= {name: int(process.name) for word, name in words.items() if word in arguments}
        return pids

    def abandon(self) -> None:
        """Kill the supervisor in any state and wait until its children have ended."""
        pids = self.pids().values()
        processes.kill(self.process)
        wait_until(lambda: not any(map(is_running, pids)), within_s=15, what="the orphans end")

    def request(
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
        status, body = self.request("/auth/token", {"username": "creator", "password": password})
        assert status == 200, body
        return str(body["access"])


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
