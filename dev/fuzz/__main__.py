"""Command line of the fuzzers; see the package."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import requests

from dev.bench.rig import site
from dev.fuzz.findings import Findings
from mediaassets.dev_stack import processes
from tests.support.site.servers import wait_until, web_command

WHAT = ("api", "admin")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m dev.fuzz")
    parser.add_argument("what", nargs="?", choices=(*WHAT, "all"), default="all")
    parser.add_argument("--cases", type=int, default=12_000, help="requests of each fuzzer, about")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    failed = False
    # The limits of sign-ins and waiting jobs are met at once, and would hide the rest.
    with site(DEBUG="false", SIGN_IN_RATE="100000/min", MAX_WAITING_JOBS="1000000") as running:
        running.worker()
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            port = probe.getsockname()[1]
        log = Path(running.directory / "web.log")
        with log.open("wb") as output:
            web = processes.start(web_command(port), env=dict(os.environ), cwd=Path.cwd(), output=output)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(partial(_answers, url), within_s=60, what="the web server starts")
            for what in WHAT if chosen.what == "all" else (chosen.what,):
                started = time.monotonic()
                found = _fuzz(what, url, cases=chosen.cases, seed=chosen.seed)
                took_s = time.monotonic() - started
                print(f"== {what}, seed {chosen.seed}, {took_s:.0f} s\n{found.report()}", flush=True)
                failed = failed or bool(found.examples)
        finally:
            processes.stop(web, within_s=10)
            # Tracebacks of the answers 5xx.
            sys.stderr.writelines(line for line in log.open(errors="replace") if '"level": "error"' in line)
    return int(failed)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


def _fuzz(what: str, url: str, *, cases: int, seed: int) -> Findings:
    # The site has to be set up before its models are imported.
    if what == "api":
        from dev.fuzz import contract, things

        people = things.make_accounts()
        schema: dict[str, Any] = requests.get(
            f"{url}/schema", headers={"Accept": "application/json"}, timeout=60
        ).json()
        fuzzer = contract.Fuzzer(
            schema,
            token=lambda name: things.token_of(people[name]),
            make_ids=lambda: things.make_things(people),
            seed=seed,
            base_url=url,
        )
        operations = sum(len(methods) for methods in schema["paths"].values())
        fuzzer.run(things.ACCOUNTS, cases=max(2, cases // operations // len(things.ACCOUNTS) + 1))
        return fuzzer.findings
    from dev.fuzz import admin

    return admin.walk(url, requests_wanted=cases, seed=seed)


if __name__ == "__main__":
    sys.exit(main())
