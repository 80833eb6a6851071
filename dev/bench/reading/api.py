"""Requests a second and processor time of three routes, beside bare views under the same server.

    python -m dev.bench.reading.api [--rounds 3] [--requests 160]

Submit, read a job, and list fifty, each over four connections that stay open, and the list once more alone: one
request at a time over one connection. No worker runs, and the jobs that pile up are deleted after each measurement of
submits, so that their number costs nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import psycopg

from dev.bench.figures import Figure, markdown
from dev.bench.meters import cpu_s
from dev.bench.rig import Site, site
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, children, web_command

CONNECTIONS = 4
LISTED = 50
# Requests of a list alone in each round.
ALONE = 30
_INPUT = {"prompt": "Write about the keeper of the light."}


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of request to one of the servers."""

    method: str
    path: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    per_s: float
    cpu_ms: float
    p50_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=160)
    options = parser.parse_args()
    with api_site():
        print(markdown(measure(options.rounds, options.requests)))


def api_site() -> AbstractContextManager[Site]:
    """Return a site on which one person may have any number of waiting jobs without being crowded."""
    return site(CROWDED_AFTER_JOBS="1000000")


def measure(rounds: int, requests: int) -> list[Figure]:
    from django.contrib.auth.models import User
    from django.db import connection
    from rest_framework_simplejwt.tokens import AccessToken

    from dev.bench.reading import bare_api
    from tests.support import rows

    user = User.objects.create(username="reader")
    token = str(AccessToken.for_user(user))
    jobs = [rows.make_job(user, status="completed", input_data=_INPUT) for _ in range(LISTED)]
    connection.close()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(bare_api.SCHEMA.encode())
        database.execute(
            "INSERT INTO bare_requests SELECT gen_random_uuid(), %s, 'narrative', 'completed', %s, now()"
            " FROM generate_series(1, %s)",
            (user.pk, json.dumps(_INPUT), LISTED),
        )
        row = database.execute("SELECT id FROM bare_requests LIMIT 1").fetchone()
    assert row is not None
    listing = f"list {LISTED}"
    own = {
        "submit": Route(
            "POST", "/agents/jobs", json.dumps({"agent_type": "narrative", "input_data": _INPUT})
        ),
        "read one": Route("GET", f"/agents/jobs/{jobs[0].pk}"),
        listing: Route("GET", f"/agents/jobs?limit={LISTED}&status=completed"),
    }
    bare = {
        "submit": Route("POST", "/rows", json.dumps({"agent_type": "narrative", "input": _INPUT})),
        "read one": Route("GET", f"/rows/{row[0]}"),
        listing: Route("GET", "/rows"),
    }
    costs: dict[tuple[str, str], list[Cost]] = {}
    alone: dict[str, list[float]] = {"ours": [], "bare": []}
    with web_server(web_command) as own_server, web_server(_bare_command) as bare_server:
        for number in range(rounds):
            sides = (("ours", own, own_server), ("bare", bare, bare_server))
            for name in own:
                for side, routes, server in sides if number % 2 == 0 else reversed(sides):
                    # A list takes several times as long as the others.
                    count = requests // 2 if name.startswith("list") else requests
                    cost = _cost(*server, routes[name], token, count)
                    costs.setdefault((name, side), []).append(cost)
                    if name == "submit":
                        _delete_submitted()
                    _tell(number, f"{name} {side:5}", cost)
            for side, routes, server in sides:
                cost = _cost(*server, routes[listing], token, ALONE, connections=1)
                alone[side].append(cost.p50_ms)
                _tell(number, f"{listing} alone {side}", cost)
    name = f"API: {listing}, alone, p50"
    return [
        *_figures(list(own), costs),
        Figure(name, "ms", alone["ours"], at_most=10),
        Figure(f"{name}, beside bare", "ms", alone["ours"], "bare", alone["bare"]),
    ]


def _tell(number: int, name: str, cost: Cost) -> None:
    print(
        f"round {number + 1} {name} {cost.per_s:6.0f}/s  {cost.cpu_ms:5.2f} ms of CPU  p50 {cost.p50_ms:5.1f} ms",
        flush=True,
    )


def _delete_submitted() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute("DELETE FROM agent_job_events")
        database.execute("DELETE FROM agent_jobs WHERE status = 'pending'")
        # Without giving pages back, which the next submits would have to ask for again.
        database.execute("VACUUM (TRUNCATE false, ANALYZE) agent_jobs, agent_job_events")


def _figures(names: list[str], costs: dict[tuple[str, str], list[Cost]]) -> list[Figure]:
    found = []
    for name in names:
        ours, theirs = costs[name, "ours"], costs[name, "bare"]
        goal = None if name.startswith("list") else 0.8
        found.append(
            Figure(
                f"API: {name}",
                "requests/s",
                [cost.per_s for cost in ours],
                "bare",
                [cost.per_s for cost in theirs],
                at_least=goal,
            )
        )
        found.append(
            Figure(
                f"API: {name}, CPU",
                "ms",
                [cost.cpu_ms for cost in ours],
                "bare",
                [cost.cpu_ms for cost in theirs],
            )
        )
    return found


def _bare_command(port: int, *options: str) -> list[str]:
    command = web_command(port, *options)
    return [
        "dev.bench.reading.bare_api:application" if part.startswith("mediaassets.") else part
        for part in command
    ]


@contextmanager
def web_server(command: object) -> Iterator[tuple[int, int]]:
    """Run a web server; give its port and the id of its process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    assert callable(command)
    env = dict(os.environ)
    if command is _bare_command:
        env.pop("DJANGO_SETTINGS_MODULE")
    web = processes.start(command(port), env=env, cwd=ROOT, output=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port, web.pid
    finally:
        processes.stop(web, within_s=10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/rows")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("A web server did not start within a minute.")


def _cost(
    port: int, pid: int, route: Route, token: str, requests: int, *, connections: int = CONNECTIONS
) -> Cost:
    """Send ``requests`` over several connections, after some that are not measured."""
    _send(port, route, token, 5 * connections, connections)
    before_s, began = _cpu_s(pid), time.perf_counter()
    took = _send(port, route, token, requests, connections)
    wall_s = time.perf_counter() - began
    return Cost(
        per_s=requests / wall_s,
        cpu_ms=1000 * (_cpu_s(pid) - before_s) / requests,
        p50_ms=1000 * statistics.median(took),
    )


def _cpu_s(pid: int) -> float:
    return cpu_s(pid) + sum(map(cpu_s, children(pid)))


def _send(port: int, route: Route, token: str, requests: int, connections: int) -> list[float]:
    took: list[float] = []
    failures: list[str] = []

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        for _ in range(requests // connections):
            began = time.perf_counter()
            connection.request(route.method, route.path, route.body or None, headers)
            response = connection.getresponse()
            text = response.read()
            if response.status not in (200, 202):
                failures.append(f"{route.method} {route.path}: {response.status} {text[:300]!r}")
                return
            took.append(time.perf_counter() - began)

    threads = [threading.Thread(target=run) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit(failures[0])
    return took


if __name__ == "__main__":
    main()
