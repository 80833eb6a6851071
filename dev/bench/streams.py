"""Measure submissions to one web process while 500 clients follow the events of jobs."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import time
from typing import Any

from dev.bench import rig
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, web_command

ACCOUNTS = 20
BODY = json.dumps({"agent_type": "spatial", "input_data": {"location_name": "Tidewatch", "type": "city"}})


async def ask(port: int, method: str, path: str, token: str, body: str = "") -> tuple[bytes, float]:
    """Return the status line and the seconds until it came."""
    started = time.monotonic()
    reader, writer = await _send(port, method, path, token, body)
    line = await reader.readline()
    took_s = time.monotonic() - started
    writer.close()
    return line, took_s


async def _send(
    port: int, method: str, path: str, token: str, body: str = ""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    accept = "application/json" if body else "text/event-stream"
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nAccept: {accept}\r\n"
    writer.write(
        f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    await writer.drain()
    return reader, writer


async def submit(port: int, token: str, *, times: int, at_once: int) -> list[float]:
    gate = asyncio.Semaphore(at_once)

    async def one() -> float:
        async with gate:
            line, took_s = await ask(port, "POST", "/agents/jobs", token, BODY)
            assert b" 202" in line, line
            return took_s

    return await asyncio.gather(*[one() for _ in range(times)])


def shown(name: str, took_s: list[float]) -> str:
    cuts = statistics.quantiles(took_s, n=20)
    return f"{name}: median {cuts[9] * 1000:.0f} ms, 95% {cuts[18] * 1000:.0f} ms, longest {max(took_s) * 1000:.0f} ms"


def memory_mb(pid: int) -> float:
    command = ["ps", "-o", "rss=", "--ppid", str(pid)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return sum(map(int, found)) / 1024


async def measure(port: int, pid: int, tokens: list[str], jobs: list[tuple[str, str]], record: Any) -> None:
    await submit(port, tokens[0], times=50, at_once=4)
    quiet = await submit(port, tokens[0], times=200, at_once=4)
    before_mb = memory_mb(pid)
    started = time.monotonic()
    streams = []
    for job_id, token in jobs:
        reader, writer = await _send(port, "GET", f"/agents/jobs/{job_id}/events", token)
        line = await reader.readline()
        assert b" 200" in line, line
        streams.append((reader, writer))
    print(f"{len(streams)} streams open after {time.monotonic() - started:.1f} s")
    busy = await submit(port, tokens[0], times=200, at_once=4)
    print(f"memory of the web process: {before_mb:.0f} MB, with the streams {memory_mb(pid):.0f} MB")
    told_at = time.monotonic()
    await asyncio.to_thread(record)
    progress, _ = await asyncio.gather(
        asyncio.gather(*[_read_until(reader, b"event: progress") for reader, _ in streams]),
        submit(port, tokens[0], times=100, at_once=4),
    )
    late = [at - told_at for at in progress]
    print(shown("progress told after", late))
    for _, writer in streams:
        writer.close()
    await asyncio.sleep(1)
    quiet += await submit(port, tokens[0], times=200, at_once=4)
    print(shown("POST /agents/jobs without streams", quiet))
    print(shown(f"POST /agents/jobs beside {len(streams)}", busy))


async def _read_until(reader: asyncio.StreamReader, wanted: bytes) -> float:
    while not (line := await reader.readline()).startswith(wanted):
        assert line, "The stream has ended."
    return time.monotonic()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args()
    with rig.site(on_postgres=not options.sqlite):
        from django.contrib.auth.models import User
        from django.db import connection
        from rest_framework_simplejwt.tokens import AccessToken

        from agents.models import AgentJobEvent
        from tests.support import rows

        people = [User.objects.create(username=f"person-{number}") for number in range(ACCOUNTS)]
        tokens = [str(AccessToken.for_user(person)) for person in people]
        stored = [
            rows.make_job(people[number % ACCOUNTS], status="pending") for number in range(options.streams)
        ]
        jobs = [(str(job.pk), tokens[number % ACCOUNTS]) for number, job in enumerate(stored)]

        def record() -> None:
            told = [AgentJobEvent(job=job, kind="progress", attempt=1, data={"words": 40}) for job in stored]
            AgentJobEvent.objects.bulk_create(told)
            connection.close()

        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        web = processes.start(web_command(port), env=os.environ, cwd=ROOT, output=subprocess.DEVNULL)
        try:
            asyncio.run(_when_up(port))
            print(f"on {connection.vendor}")
            asyncio.run(measure(port, web.pid, tokens, jobs, record))
        finally:
            processes.stop(web, within_s=10)


async def _when_up(port: int) -> None:
    for _ in range(600):
        try:
            line, _ = await ask(port, "GET", "/healthz", "")
        except OSError:
            line = b""
        if b" 200" in line:
            return
        await asyncio.sleep(0.1)
    raise SystemExit("The web process does not answer.")


if __name__ == "__main__":
    main()
