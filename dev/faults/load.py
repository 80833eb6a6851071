"""Clients that submit jobs over HTTP, and probes of the site's health, while a fault is under way."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

CLIENTS = 8
# A client that gets no answer in this time counts as refused.
PATIENCE_S = 20.0
PROBE_EVERY_S = 0.1


@dataclass
class Seen:
    """Status codes and the slowest answers of one kind of request; code 0 is a refused or broken connection.

    ``why`` has the codes of problems.
    """

    codes: Counter[int] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0

    def add(self, answer: requests.Response | None, took_s: float) -> None:
        self.codes[answer.status_code if answer is not None else 0] += 1
        if answer is not None and answer.headers.get("Content-Type") == "application/problem+json":
            self.why[answer.json()["code"]] += 1
        self.slowest_s = max(self.slowest_s, took_s)


class Load:
    """Clients that submit ``count`` jobs at ``rate`` a second, and repeat each until it is accepted.

    Without a ``count``, they go on until ``finish``. A repetition has the key of the first try, so that an answer which
    got lost makes no second job. Of the mock model every tenth job needs a retry, and every fifth one a review.
    """

    def __init__(
        self,
        url: str,
        token: str,
        universe_id: uuid.UUID,
        *,
        count: int | None,
        rate: float,
        asks_mock: bool = True,
    ) -> None:
        self.accepted: dict[str, float] = {}
        self.jobs, self.alive, self.ready = Seen(), Seen(), Seen()
        self._url, self._rate, self._count = url, rate, count
        self._headers = {"Authorization": f"Bearer {token}"}
        self._universe, self._asks_mock = str(universe_id), asks_mock
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._began = time.monotonic()
        self._clients = ThreadPoolExecutor(CLIENTS + 2)
        self._running = [self._clients.submit(self._submit) for _ in range(CLIENTS)]
        self._probes = [
            self._clients.submit(self._probe, "/healthz", self.alive),
            self._clients.submit(self._probe, "/readyz", self.ready),
        ]

    def finish(self) -> None:
        """Wait until all jobs are accepted."""
        if self._count is None:
            self._count = 0
        for client in self._running:
            client.result()
        self._is_over.set()
        for probe in self._probes:
            probe.result()
        self._clients.shutdown()

    def give_up(self) -> None:
        """Let the clients end, whatever became of their jobs."""
        self._count = 0
        self._is_over.set()

    def _submit(self) -> None:
        while True:
            with self._lock:
                number = next(self._numbers)
            if self._count is not None and number >= self._count:
                return
            time.sleep(max(0.0, self._began + number / self._rate - time.monotonic()))
            self._submit_until_accepted(self._body(number))

    def _submit_until_accepted(self, body: dict[str, Any]) -> None:
        headers = {**self._headers, "Idempotency-Key": str(uuid.uuid4())}
        while not self._is_over.is_set():
            started = time.monotonic()
            answer = _send("POST", f"{self._url}/agents/jobs", headers, body)
            self.jobs.add(answer, time.monotonic() - started)
            if answer is not None and answer.status_code == 202:
                self.accepted[answer.json()["job_id"]] = time.time()
                return
            if answer is not None and answer.status_code not in {409, 503, 507}:
                raise RuntimeError(f"A job was answered with {answer.status_code}: {answer.text[:500]}")
            time.sleep(0.2)

    def _body(self, number: int) -> dict[str, Any]:
        directive = "[mock:fail-once]" if number % 10 == 3 else "[mock:weak]" if number % 5 == 1 else ""
        prompt = f"Storm number {number} reaches the lighthouse. {directive if self._asks_mock else ''}"
        return {"agent_type": "narrative", "universe_id": self._universe, "input_data": {"prompt": prompt}}

    def _probe(self, path: str, seen: Seen) -> None:
        while not self._is_over.wait(PROBE_EVERY_S):
            started = time.monotonic()
            answer = _send("GET", f"{self._url}{path}", {}, None)
            seen.add(answer, time.monotonic() - started)


def _send(
    method: str, url: str, headers: dict[str, str], body: dict[str, Any] | None
) -> requests.Response | None:
    """Send a request over a connection of its own; None if there is no answer."""
    try:
        return requests.request(method, url, headers=headers, json=body, timeout=PATIENCE_S)
    except requests.RequestException:
        return None
