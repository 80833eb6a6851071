"""Time from a command to a process that serves: a web process, a worker, and ``make up``, with its first jobs."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from dev.bench.figures import Figure
from dev.bench.rig import Site, site
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, web_command

_PASSWORD: Final = "demo-pass-123"
_RATE: Final = 20
_JOBS: Final = 60


def measure(rounds: int) -> list[Figure]:
    web, worker, stack, waits = [], [], [], []
    with site() as bench_site:
        for _ in range(rounds):
            web.append(_web_s())
            worker.append(_worker_s(bench_site))
            print(f"web {web[-1]:.1f} s, worker {worker[-1]:.1f} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="umam-start-") as name:
        # The first start migrates the database and writes the demo.
        first, _ = _stack_s(Path(name), jobs=0)
        for _ in range(rounds):
            took_s, waited_ms = _stack_s(Path(name), jobs=_JOBS)
            stack.append(took_s)
            waits.append(statistics.median(waited_ms))
            print(
                f"make up: first {first:.1f} s, then {took_s:.1f} s, submit → start {waits[-1]:.1f} ms"
                f" (median), {max(waited_ms):.1f} ms (longest)",
                flush=True,
            )
    return [
        Figure("cold start: web", "s", web, at_most=2),
        Figure("cold start: worker", "s", worker, at_most=3),
        Figure("make up, first time", "s", [first], at_most=15),
        Figure("make up, then", "s", stack, at_most=6),
        Figure("make up: submit → start, p50", "ms", waits, at_most=15),
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


def _stack_s(directory: Path, *, jobs: int) -> tuple[float, list[float]]:
    """Start and stop everything; return the seconds that the start took, and the waits of its first ``jobs``."""
    port = _free_port()
    # The settings of the benchmark's site are not those of a newcomer.
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {"PORT": str(port), "DATA_DIR": str(directory), "DEMO_PASSWORD": _PASSWORD}
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
        took_s = time.monotonic() - began
        if not jobs:
            return took_s, []
        _wait_for_patterns(directory / "logs" / "worker.log")
        return took_s, _waits_ms(f"http://127.0.0.1:{port}", jobs)
    finally:
        processes.stop(stack, within_s=30)


def _wait_for_patterns(log: Path) -> None:
    """Wait until a worker has compiled the patterns of its checks, which it does beside its first jobs."""
    deadline = time.monotonic() + 60
    while "patterns_compiled" not in log.read_text():
        if time.monotonic() > deadline:
            sys.exit("The worker of make up did not compile its patterns within a minute.")
        time.sleep(0.1)


def _waits_ms(site_url: str, count: int) -> list[float]:
    """Submit jobs at a steady rate; return the milliseconds until each job began, without the first ten."""
    tokens = _answer(f"{site_url}/auth/token", {"username": "creator", "password": _PASSWORD})
    token = tokens["access"]
    began, jobs = time.monotonic(), []
    for number in range(count):
        time.sleep(max(0.0, began + number / _RATE - time.monotonic()))
        body = {"agent_type": "narrative", "input_data": {"prompt": f"The keeper, evening {number}."}}
        jobs.append(_answer(f"{site_url}/agents/jobs", body, token)["job_id"])
    waits = []
    for job in jobs[10:]:
        while (found := _answer(f"{site_url}/agents/jobs/{job}", None, token))["started_at"] is None:
            if time.monotonic() > began + 120:
                sys.exit("A job of make up was not picked up within two minutes.")
            time.sleep(0.05)
        waited = datetime.fromisoformat(found["started_at"]) - datetime.fromisoformat(found["created_at"])
        waits.append(1000 * waited.total_seconds())
    return waits


def _answer(url: str, body: dict[str, Any] | None, token: str = "") -> Any:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as response:
        return json.load(response)


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
