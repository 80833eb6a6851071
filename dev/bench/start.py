"""Time from a command to a process that serves: a web process, a worker, and ``make up`` after the first time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from dev.bench.figures import Figure
from dev.bench.rig import Site, site
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, web_command


def measure(rounds: int) -> list[Figure]:
    web, worker, stack = [], [], []
    with site() as bench_site:
        for _ in range(rounds):
            web.append(_web_s())
            worker.append(_worker_s(bench_site))
            print(f"web {web[-1]:.1f} s, worker {worker[-1]:.1f} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="umam-start-") as name:
        # The first start migrates the database and writes the demo.
        first = _stack_s(Path(name))
        for _ in range(rounds):
            stack.append(_stack_s(Path(name)))
            print(f"make up: first {first:.1f} s, then {stack[-1]:.1f} s", flush=True)
    return [
        Figure("cold start: web", "s", web, at_most=2),
        Figure("cold start: worker", "s", worker, at_most=3),
        Figure("make up, first time", "s", [first], at_most=15),
        Figure("make up, then", "s", stack, at_most=6),
    ]


def _web_s() -> float:
    port = _free_port()
    began = time.monotonic()
    web = processes.start(web_command(port), env=os.environ, cwd=ROOT, output=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", began)
        return time.monotonic() - began
    finally:
        processes.stop(web, within_s=10)


def _worker_s(bench_site: Site) -> float:
    began = time.monotonic()
    worker = bench_site.worker(LOG_LEVEL="INFO")
    took_s = time.monotonic() - began
    worker.kill()
    return took_s


def _stack_s(directory: Path) -> float:
    port = _free_port()
    # The settings of the benchmark's site are not those of a newcomer.
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {"PORT": str(port), "DATA_DIR": str(directory), "DEMO_PASSWORD": "demo-pass-123"}
    began = time.monotonic()
    printed = directory / "printed"
    with printed.open("wb") as output:
        stack = processes.start(
            [sys.executable, "-m", "mediaassets.dev_stack"], env=env, cwd=ROOT, output=output
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz?require=workers", began)
        # The heartbeat may be of the worker before, which was killed with a running job.
        while "Ctrl-C stops" not in printed.read_text():
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        processes.stop(stack, within_s=30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _wait_for(url: str, began: float) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < began + 120:
        try:
            with opener.open(url, timeout=5):
                return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.02)
    sys.exit(f"{url} did not answer within two minutes.")
