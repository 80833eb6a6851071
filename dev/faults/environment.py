"""A site with web process, workers and a receiver of webhooks, whose parts can be broken."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import Popen
from typing import Any, TypeVar

import requests
from django.contrib.auth.models import User
from rest_framework_simplejwt.tokens import AccessToken

from dev.bench.rig import Site
from dev.standin import StandInProcess
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, Worker, wait_until, web_command
from tests.support.site.stack import free_port

WORKERS = 2
# The longest start of a process, on a machine that others use as well; it is not judged.
START_S = 180.0

T = TypeVar("T")


class Environment:
    """The running site; ``restore`` brings it back to one web process and two workers."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.hooks = Receiver()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # The newest ones first; the last one outlives all faults that do not end every worker.
        self.workers: list[Worker] = []
        # What a fault found wrong besides its jobs, and what is to be looked at once they have ended.
        self.found_wrong: list[str] = []
        self._checks: list[Callable[[], None]] = []
        # Allowance of the faults that look at the clock, for a busy machine.
        self.tolerance_s = 0.0
        self.standin: StandInProcess | None = None
        self._unusual: set[str] = set()
        self._clean_up = ExitStack()
        self._beats: list[Popen[bytes]] = []
        self.web = self._start_web()
        try:
            self.restore()
        except BaseException:
            self.stop()
            raise

    def restore(self) -> None:
        """Wake what is frozen, start what is missing, stop what is too much."""
        self.site.thaw()
        while self._beats:
            processes.kill(self._beats.pop())
        for worker in self.workers:
            if worker.name in self._unusual:
                worker.stop()
        self._clean_up.close()
        self.workers = [worker for worker in self.workers if worker.process.poll() is None]
        while len(self.workers) > WORKERS:
            self.workers.pop(0).kill()
        new = [self.start_worker(is_awaited=False) for _ in range(WORKERS - len(self.workers))]
        for worker in new:
            worker.wait_until_ready(within_s=START_S)
        if self.web.poll() is not None:
            self.web = self._start_web()
        wait_until(self._is_up, within_s=START_S, what="the web process answers")
        wait_until(self._has_settled, within_s=60, what="the web process has no broken connection")

    def start_worker(
        self, *, command: Sequence[str] = Worker.CELERY, is_awaited: bool = True, **env: str
    ) -> Worker:
        worker = self.site.worker(command=command, is_awaited=False, **env)
        self.workers.insert(0, worker)
        if is_awaited:
            worker.wait_until_ready(within_s=START_S)
        if env:
            self._unusual.add(worker.name)
        return worker

    def replace_workers(
        self, *variants: Mapping[str, str], command: Sequence[str] = Worker.CELERY
    ) -> list[Worker]:
        """Run workers with these variables instead of the usual ones, until ``restore``."""
        for worker in self.workers:
            worker.stop()
        self.workers = []
        new = [self.start_worker(command=command, is_awaited=False, **env) for env in variants]
        for worker in new:
            worker.wait_until_ready(within_s=START_S)
        return new

    def until_restored(self, resource: AbstractContextManager[T]) -> T:
        """Enter a context that ``restore`` leaves."""
        return self._clean_up.enter_context(resource)

    def check_afterwards(self, check: Callable[[], None]) -> None:
        """Have ``check`` called when all jobs have ended, to add to ``found_wrong``."""
        self._checks.append(check)

    def require_workers(self) -> None:
        """Note the workers that have ended, with what they say about it."""
        for worker in self.workers:
            if worker.process.poll() is not None:
                self.found_wrong.append(f"{worker.name} has ended: {worker.log()[-2000:]}")

    def take_found_wrong(self) -> list[str]:
        """Make the checks of the fault, and return what it found wrong."""
        while self._checks:
            self._checks.pop()()
        found, self.found_wrong = self.found_wrong, []
        return found

    def worker_named(self, name: str) -> Worker:
        return next(worker for worker in self.workers if worker.name == name)

    def restart_web(self) -> None:
        """End the web process as an operator does, and start it again."""
        processes.stop(self.web, within_s=30)
        self.web = self._start_web()

    def start_beat(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "mediaassets", "beat", "--pidfile", ""]
        with (self.site.directory / f"beat{len(self._beats)}.log").open("wb") as log:
            self._beats.append(processes.start(command, env=os.environ, cwd=ROOT, output=log))

    def resident_mb(self) -> float:
        """Return the memory of the web process and of the oldest worker."""
        return sum(_resident_mb(pid) for pid in (self.workers[-1].pid, *_family(self.web.pid)))

    def stop(self) -> None:
        self.site.thaw()
        while self._beats:
            processes.kill(self._beats.pop())
        self._clean_up.close()
        processes.stop(self.web, within_s=10)
        self.hooks.stop()

    def _start_web(self) -> Popen[bytes]:
        with (self.site.directory / "web.log").open("ab") as log:
            return processes.start(web_command(self.port), env=os.environ, cwd=ROOT, output=log)

    def _is_up(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def _has_settled(self) -> bool:
        """Send more requests at once than a pool has connections; each looks for an account that is not there."""
        headers = {"Authorization": f"Bearer {AccessToken.for_user(User(pk=0))}"}

        def ask(_: int) -> int:
            try:
                return requests.get(f"{self.url}/agents/jobs", headers=headers, timeout=5).status_code
            except requests.RequestException:
                return 0

        with ThreadPoolExecutor(16) as clients:
            return set(clients.map(ask, range(32))) == {401}


class Receiver:
    """Server that counts the messages of webhooks, by message id, and keeps the event and job of each."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()
        self.told: dict[str, tuple[str, str]] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.take(self.headers["webhook-id"], message)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://localhost:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, message_id: str, message: dict[str, Any]) -> None:
        self.times[message_id] += 1
        self.told[message_id] = (message["type"], message["data"]["job_id"])

    def jobs(self, event: str) -> Counter[str]:
        """Count the different messages about each job."""
        return Counter(job for name, job in list(self.told.values()) if name == event)

    def forget(self) -> None:
        self.times.clear()
        self.told.clear()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _family(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return [pid, *(int(child) for child in children.read().split())]


def _resident_mb(pid: int) -> float:
    with open(f"/proc/{pid}/statm") as sizes:
        return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
