"""A stand-in in a process of its own, for tests whose callers are many processes."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from dev.standin.faults import Fault, Route
from dev.standin.journal import Call, Log
from dev.standin.state import KEY

_ROOT = Path(__file__).resolve().parents[2]


class Remote:
    """Speaks to a stand-in that runs at ``url``. The same words as ``Desk``, each one a request."""

    def __init__(self, url: str) -> None:
        self.url = url
        # What stands in the environment must not send this anywhere else.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def next(self, *faults: Fault | str) -> None:
        self._command("next", *(fault if isinstance(fault, str) else fault.as_dict() for fault in faults))

    def rates(self, rates: Mapping[str, float], *, seed: int = 0, on: Route = "messages") -> None:
        self._command("rates", dict(rates), seed=seed, on=on)

    def limits(self, *, model: str | None = None, **allowance: Any) -> None:
        self._command("limits", model=model, **allowance)

    def latency(self, **seconds: float) -> None:
        self._command("latency", **seconds)

    def answers(self, *rules: Mapping[str, Any]) -> None:
        self._command("answers", *(dict(rule) for rule in rules))

    def key(self, key: str) -> None:
        self._command("key", key)

    def model(self, name: str, **values: Any) -> None:
        self._command("model", name, **values)

    def advance(self, seconds: float) -> None:
        self._command("advance", seconds)

    def reset(self) -> None:
        self._command("reset")

    def read_log(self, *, with_bodies: bool = False, after: int = 0) -> Log:
        """The log as it is now; of the calls only those after the first ``after``."""
        said = self._ask(f"log?after={after}" + ("&bodies=1" if with_bodies else ""))
        totals = said["totals"]
        calls = [Call.from_dict(entry) for entry in said["calls"]]
        return Log(calls=calls, peak=totals["peak"], in_flight=totals["in_flight"])

    def _command(self, name: str, *args: Any, **options: Any) -> None:
        self._ask(name, json.dumps({"args": args, "options": options}).encode())

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(f"{self.url}/_control/{path}", data=body)
        with self._opener.open(request, timeout=30) as response:
            return json.load(response)


class StandInProcess(Remote):
    """Starts ``python -m dev.standin`` and ends it.

    with StandInProcess() as server:
        ...  # workers are given server.url
        assert server.read_log().peak == 8
    """

    def __init__(self, *, seed: int = 0, key: str = KEY) -> None:
        super().__init__("")
        self._arguments = ["--seed", str(seed), "--key", key]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dev.standin", *self._arguments],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            self.__exit__()
            raise RuntimeError("The stand-in did not start.")
        return self

    def __exit__(self, *exc: Any) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()
