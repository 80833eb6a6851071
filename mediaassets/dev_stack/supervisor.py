"""Start web, worker, beat and broker, restart a process that dies, stop all of them in order.

Each is the same process as in production. All data is in one directory: database, broker file, keys, logs. Web and
worker load while the database is prepared, and serve after that.
"""

from __future__ import annotations

import http.client
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType

from mediaassets.dev_stack import embedded_broker, gate, preflight, processes
from mediaassets.dev_stack.child import Child
from mediaassets.dev_stack.preflight import ROOT, CannotStart
from mediaassets.dev_stack.welcome import welcome

MAX_START_S = 90.0
MAX_STOP_S = 10.0
POLL_S = 0.1
CELERY = [sys.executable, "-m", "celery", "-A", "mediaassets"]


class ChildFailed(Exception):
    """Raised for a process that ended or never became ready; the message shows the end of its log."""


class StopRequested(Exception):
    """Raised after Ctrl-C or SIGTERM."""


class Supervisor:
    def __init__(self, *, port: int, data_dir: Path, is_verbose: bool) -> None:
        self._site = f"http://127.0.0.1:{port}"
        self._port = port
        self._data_dir = data_dir
        self._is_verbose = is_verbose
        self._node = f"embedded-{port}@localhost"
        self._children: list[Child] = []
        self._signals = 0
        self._is_up = False

    def run(self) -> None:
        """Run everything until a signal (StopRequested) or a failed process (ChildFailed) ends it."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        self._lock = preflight.lock_data_dir(self._data_dir)
        self._reserved = preflight.reserve_port(self._port)
        self._environment = self._build_environment()
        broker_directory = self._data_dir / "broker"
        broker_command = self._prepare_broker(broker_directory)
        try:
            say("Starting …")
            if broker_command:
                self._start("broker", broker_command)
                self._wait("broker", lambda: embedded_broker.answers(broker_directory))
            self._start_site()
            self._is_up = True
            say(welcome(self._site, self._environment["DEMO_PASSWORD"], self._data_dir))
            while True:
                self._tick()
        finally:
            self._stop()
            if broker_command:
                embedded_broker.remove_socket(broker_directory)

    # --- Start ----------------------------------------------------------------------------------------------

    def _build_environment(self) -> dict[str, str]:
        for name in ("static", "logs"):
            (self._data_dir / name).mkdir(exist_ok=True)
        stored = preflight.load_or_create_secrets(self._data_dir)
        return {
            **os.environ,
            # A variable that is set but empty counts as unset.
            **{name: os.environ.get(name) or value for name, value in stored.items()},
            "DATA_DIR": str(self._data_dir),
            "STATIC_ROOT": str(self._data_dir / "static"),
            "EMBEDDED": "true",
            "SITE_URL": self._site,
            "PYTHONUNBUFFERED": "1",
        }

    def _prepare_broker(self, directory: Path) -> list[str] | None:
        """Return the command of the private broker; None if REDIS_URL names a server, which must answer."""
        if configured := self._environment.get("REDIS_URL"):
            preflight.require_redis(configured)
            return None
        try:
            command = embedded_broker.command(directory)
        except embedded_broker.BrokerMissing as error:
            raise CannotStart(str(error)) from error
        self._environment["REDIS_URL"] = embedded_broker.url(directory)
        return command

    def _start_site(self) -> None:
        gate_path = self._data_dir / "gate"
        self._environment[gate.VARIABLE] = str(gate_path)
        closed = gate.close(gate_path)
        try:
            database = self._start("database", [sys.executable, "-m", "mediaassets.dev_stack.database"])
            self._start_web()
            self._start_worker()
            while not self._has_ended(database):
                self._pause()
        finally:
            os.close(closed)
        # It reads the database while it loads, and nobody waits for it.
        self._start("beat", [*CELERY, "beat", "--loglevel", "INFO", "--pidfile="])
        self._wait("web", self._web_answers)
        self._wait("worker", lambda: gate.is_worker_ready(gate_path))

    def _start_web(self) -> None:
        # One process, because SQLite has one writer.
        web = [
            sys.executable,
            "-m",
            "granian",
            "mediaassets.asgi:application",
            "--interface",
            "asgi",
            "--no-ws",
        ]
        web += ["--host", "127.0.0.1", "--port", str(self._port), "--workers", "1"]
        self._start("web", [*web, "--http1-header-read-timeout", "10000", "--workers-kill-timeout", "5"])

    def _start_worker(self) -> None:
        worker = [*CELERY, "worker", "-Q", "jobs,background,crowded,maintenance", "--pool", "threads"]
        worker += ["-n", self._node, "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        # A warm shutdown may last as long as a model call. An orphaned worker is killed; its jobs are rescued.
        self._start("worker", worker, on_orphaned=signal.SIGKILL)

    def _start(
        self, name: str, command: Sequence[str], *, on_orphaned: signal.Signals = signal.SIGTERM
    ) -> Child:
        spawn = partial(
            processes.start,
            command,
            self._environment,
            ROOT,
            on_orphaned=on_orphaned,
            keep_open=(self._lock,),
        )
        child = Child(name, self._data_dir / "logs" / f"{name}.log", spawn)
        self._children.append(child)
        return child

    def _has_ended(self, child: Child) -> bool:
        """Return whether a process that does its work once has done it; raise ``ChildFailed`` if it failed."""
        code = child.exit_code()
        if code:
            raise ChildFailed(f"{child.name} failed. The end of its log:\n{child.log_tail()}")
        if code == 0 and child in self._children:
            self._children.remove(child)
            self._show_log(child)
        return code == 0

    def _wait(self, name: str, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + MAX_START_S
        while not is_ready():
            self._tick()
            if time.monotonic() > deadline:
                tail = "\n".join(child.log_tail() for child in self._children if child.name == name)
                raise ChildFailed(
                    f"{name} does not answer after {MAX_START_S:g} s. The end of its log:\n{tail}"
                )

    def _web_answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    # --- Supervise ------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        """Print new log lines, and restart processes that ended after all of them were up."""
        for child in self._children:
            code = child.exit_code()
            if code is not None and not (self._is_up and child.may_restart()):
                how = "keeps ending" if self._is_up else f"ended with {code} at its start"
                raise ChildFailed(f"{child.name} {how}. The end of its log:\n{child.log_tail()}")
            self._show_log(child)
            if code is not None:
                say(f"{child.name} ended with {code}; starting it again.")
                child.start()
        self._pause()

    def _pause(self) -> None:
        if not self._signals:
            time.sleep(POLL_S)
        if self._signals:
            raise StopRequested

    def _show_log(self, child: Child) -> None:
        for line in child.new_lines(everything=self._is_verbose):
            say(f"{child.name:7}| {line}")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    # --- Stop -----------------------------------------------------------------------------------------------

    def _stop(self) -> None:
        """Stop beat, worker and web together, and then the broker, which keeps the messages they return."""
        if not self._children:
            return
        say(f"Stopping … (at most {MAX_STOP_S:g} s; Ctrl-C again to end at once)")
        clients = [child for child in reversed(self._children) if child.name != "broker"]
        broker = [child for child in self._children if child.name == "broker"]
        signals_before = self._signals
        for group in (clients, broker):
            for child in group:
                child.terminate()
            deadline = time.monotonic() + MAX_STOP_S
            while any(child.exit_code() is None for child in group):
                if time.monotonic() > deadline or self._signals > signals_before:
                    break
                time.sleep(POLL_S)
            for child in group:
                child.kill()


def say(text: str) -> None:
    print(text, flush=True)
