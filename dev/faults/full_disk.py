"""A full disk under `make up`, which has database, broker and logs on it: a small file system in memory.

It is mounted in a namespace of its own, so that no other process sees it, and it goes with the process that mounted it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Final

import requests

from mediaassets.dev_stack import processes
from tests.support.site.stack import Stack

NAME: Final = "disk full"
SIZE_MB: Final = 400
FULL_S: Final = 8.0
RECOVERED_WITHIN_S: Final = 15.0
RATE: Final = 10.0
GIVE_UP_S: Final = 200.0
NOT_MOUNTED: Final = 3
TIMED: Final = "--timed"
MAX_START_S: Final = 400.0


def run(*, is_timed: bool) -> int:
    """Run the fault in a process of its own; return its exit status, 0 also if nothing can be mounted here.

    ``is_timed``: it has to recover in time.
    """
    unshare = shutil.which("unshare")
    command = [sys.executable, "-m", "dev.faults.full_disk", *([TIMED] if is_timed else [])]
    options = "-m" if os.geteuid() == 0 else "-rm"
    status = subprocess.call([unshare, options, *command]) if unshare else NOT_MOUNTED
    if status == NOT_MOUNTED:
        print(f"{NAME}: not run, because no file system can be mounted here")
        return 0
    return status


def main() -> int:
    directory = Path(tempfile.mkdtemp(prefix="umam-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=700", "tmpfs", str(directory)]
    if subprocess.call(mount, stderr=subprocess.DEVNULL):
        return NOT_MOUNTED
    data = directory / "data"
    # What it prints goes elsewhere, as to a terminal.
    printed = Path(tempfile.mkdtemp(prefix="umam-disk-")) / "output"
    # The number of review items is known.
    audits = {f"AUDIT_SHARE_{agent}": "0" for agent in ("NARRATIVE", "SPATIAL", "CONSISTENCY")}
    stack = Stack(data, printed, RETRY_BACKOFF_S="0.5", **audits)
    try:
        _until(lambda: "Ctrl-C stops everything." in stack.output(), within_s=MAX_START_S)
        problems, accepted = _fill(stack, directory / "ballast")
        processes.stop(stack.process, within_s=30)
        problems += _left(data / "db.sqlite3", accepted)
    except BaseException:
        print(stack.output()[-2000:])
        for log in (data / "logs").glob("*.log"):
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}")
        raise
    finally:
        stack.abandon()
        shutil.rmtree(printed.parent)
    for problem in problems:
        print(f"WRONG: {NAME}: {problem}")
    return int(bool(problems))


def _fill(stack: Stack, ballast: Path) -> tuple[list[str], set[str]]:
    """Fill the disk under load, and free it; return what was wrong, and the accepted jobs."""
    from dev.faults.load import Load

    token = stack.sign_in()
    url = f"http://127.0.0.1:{stack.port}"
    _, universe = stack.request("/universes", {"name": "The Low Marches"}, token)
    load = Load(url, token, uuid.UUID(universe["id"]), count=None, rate=RATE)
    _until(lambda: len(load.accepted) >= 2 * RATE, within_s=60)
    with ballast.open("wb") as file:
        while True:
            try:
                file.write(bytes(2**20))
                file.flush()
            except OSError:
                break
    before = set(load.accepted)
    time.sleep(FULL_S)
    refusals, during = dict(load.jobs.why), set(load.accepted) - before
    try:
        ready = requests.get(f"{url}/readyz", timeout=10)
        alive = requests.get(f"{url}/healthz", timeout=10)
    finally:
        ballast.unlink()
    freed_at = time.monotonic()
    known = set(load.accepted)
    _until(lambda: requests.get(f"{url}/readyz", timeout=10).ok and len(load.accepted) > len(known), 60)
    served_s = time.monotonic() - freed_at
    load.finish()
    left = set(load.accepted)
    headers = {"Authorization": f"Bearer {token}"}

    def all_ended() -> bool:
        for job in list(left):
            answer = requests.get(f"{url}/agents/jobs/{job}", headers=headers, timeout=10).json()
            if answer["status"] == "completed":
                left.remove(job)
        return not left

    _until(all_ended, within_s=GIVE_UP_S)
    for job in list(left)[:3]:
        answer = requests.get(f"{url}/agents/jobs/{job}", headers=headers, timeout=10).json()
        state = {
            name: answer[name]
            for name in ("status", "created_at", "started_at", "attempts")
            if name in answer
        }
        print(f"  {job} has not ended: {state}, {answer.get('error_message')}", flush=True)
    if left:
        print("".join((stack.data_dir / "logs" / "worker.log").open(errors="replace").readlines()[-40:]))
    recovery_s = time.monotonic() - freed_at
    print(
        f"{NAME} for {FULL_S:g} s under `make up`: {len(load.accepted)} jobs, of them {len(during)} accepted on the"
        f" full disk; refusals {refusals}; /readyz {ready.status_code}, disk {ready.json()['disk']};"
        f" /healthz {alive.status_code}; requests served {served_s:.1f} s and all jobs ended {recovery_s:.1f} s"
        f" after it was freed; slowest submission {load.jobs.slowest_s:.1f} s",
        flush=True,
    )
    problems = []
    if ready.status_code != 503 or ready.json()["disk"]["ok"]:
        problems.append(f"/readyz was {ready.status_code} on a full disk")
    if not refusals.get("disk_full"):
        problems.append(f"no submission was refused by name, but {refusals}")
    if alive.status_code != 200:
        problems.append(f"/healthz was {alive.status_code}")
    if TIMED in sys.argv and recovery_s > RECOVERED_WITHIN_S + os.getloadavg()[0]:
        problems.append(f"the recovery took {recovery_s:.1f} s")
    return problems, set(load.accepted)


def _left(database: Path, accepted: set[str]) -> list[str]:
    """Check the file and all jobs in it, as the other faults do."""
    with sqlite3.connect(database) as file:
        whole = file.execute("PRAGMA integrity_check").fetchone()[0]
    problems = [] if whole == "ok" else [f"the database is damaged: {whole}"]
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{database}",
        "DATA_DIR": str(database.parent),
        "DJANGO_SETTINGS_MODULE": "mediaassets.settings",
        "SECRET_KEY": "x" * 50,
        "JWT_SIGNING_KEY": "x" * 50,
    }
    import django

    django.setup()
    from agents.models import AgentJob
    from dev.faults import checker

    jobs = AgentJob.objects.filter(input_data__prompt__startswith="Storm number")
    verdict = checker.check(
        jobs, accepted=accepted, told=AgentJob.objects.none(), webhooks={}, repeated_webhooks=0
    )
    print(f"{verdict.jobs} jobs, {verdict.lost} lost, {verdict.doubled} doubled", flush=True)
    return problems + verdict.wrong


def _until(condition: Callable[[], bool], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except requests.RequestException:
            pass
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
