"""A site with web process, workers and a receiver of webhooks, whose parts can be broken."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import Popen
from typing import Any

import requests
from django.contrib.auth.models import User
from rest_framework_simplejwt.tokens import AccessToken

from dev.bench.rig import Site
from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, Worker, wait_until, web_command
from tests.support.site.stack import free_port

WORKERS = 2


class Environment:
    """The running site; ``restore`` brings it back to one web process and two workers."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.hooks = Receiver()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.workers: list[Worker] = []
        self._beats: list[Popen[bytes]] = []
        self.web = self._start_web()
        self.restore()

    def restore(self) -> None:
        """Wake what is frozen, start what is missing, stop what is too much."""
        self.site.thaw()
        while self._beats:
            processes.kill(self._beats.pop())
        self.workers = [worker for worker in self.workers if worker.process.poll() is None]
        while len(self.workers) > WORKERS:
            self.workers.pop().kill()
        new = [self.start_worker(is_awaited=False) for _ in range(WORKERS - len(self.workers))]
        for worker in new:
            worker.wait_until_ready()
        if self.web.poll() is not None:
            self.web = self._start_web()
        wait_until(self._is_up, within_s=60, what="the web process answers")
        wait_until(self._has_settled, within_s=60, what="the web process has no broken connection")

    def start_worker(
        self, *, command: Sequence[str] = Worker.CELERY, is_awaited: bool = True, **env: str
    ) -> Worker:
        worker = self.site.worker(command=command, is_awaited=is_awaited, **env)
        self.workers.append(worker)
        return worker

    def only_workers(self, *workers: Worker) -> None:
        """Stop all workers but these."""
        for worker in self.workers:
            if worker not in workers:
                worker.stop()
        self.workers = list(workers)

    def start_beat(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "mediaassets", "beat", "--pidfile", ""]
        with (self.site.directory / f"beat{len(self._beats)}.log").open("wb") as log:
            self._beats.append(processes.start(command, env=os.environ, cwd=ROOT, output=log))

    def resident_mb(self) -> float:
        """Return the memory of web and workers."""
        pids = [worker.pid for worker in self.workers] + _family(self.web.pid)
        return sum(_resident_mb(pid) for pid in pids)

    def stop(self) -> None:
        self.site.thaw()
        while self._beats:
            processes.kill(self._beats.pop())
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
