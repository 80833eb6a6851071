"""`make up`: web, worker, beat and a private broker as one thing that starts and stops together.

Each is the same process as in production, in a process group of its own: the terminal's Ctrl-C reaches only
this one, which then stops them in order. The data directory holds all that is kept: the database, the
broker's file, the keys, the logs.
"""

from __future__ import annotations

import http.client
import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from mediaassets.dev_stack import embedded_broker
from mediaassets.dev_stack.preflight import (
    CannotStart,
    kept_secrets,
    refuse_silent_broker,
    refuse_taken_port,
    take_lock,
)
from mediaassets.dev_stack.processes import Child

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN_S = 90.0
STOP_WITHIN_S = 10.0
POLL_S = 0.1


class CannotGoOn(Exception):
    """A part ended and restarting it does not help; the message shows its last words."""


class Stopped(Exception):
    """Ctrl-C or SIGTERM came."""


class Supervisor:
    def __init__(self, *, port: int, data_dir: Path, is_verbose: bool) -> None:
        self.port = port
        self.data_dir = data_dir
        self.is_verbose = is_verbose
        self.node = f"embedded-{port}@localhost"
        self.children: list[Child] = []
        self._signals = 0
        self._is_up = False

    # --- The whole life -------------------------------------------------------------------------------------

    def run(self) -> None:
        """Start everything and watch it until a signal comes (Stopped) or a part fails (CannotGoOn)."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        lock = take_lock(self.data_dir)
        refuse_taken_port(self.port)
        kept = kept_secrets(self.data_dir)
        environment = self._environment(kept)
        broker_command: list[str] | None = None
        if not os.environ.get("REDIS_URL"):
            directory = self.data_dir / "broker"
            try:
                broker_command = embedded_broker.command(directory, durable=True)
            except embedded_broker.BrokerMissing as error:
                raise CannotStart(str(error)) from error
            environment["REDIS_URL"] = embedded_broker.url(directory)
        else:
            refuse_silent_broker(environment["REDIS_URL"])
        try:
            say("Starting …")
            if broker_command:
                self._start("broker", broker_command, environment, lock)
                self._wait(lambda: embedded_broker.answers(directory), "broker")
            manage = [sys.executable, "manage.py"]
            self._run_once("migrate", [*manage, "migrate", "--noinput"], environment, lock)
            self._run_once("demo", [*manage, "demo"], environment, lock)
            for name, command in self._commands():
                # A worker's warm shutdown may last as long as a model call: without us it ends at once, and
                # its jobs are rescued.
                orphaned = signal.SIGKILL if name == "worker" else signal.SIGTERM
                self._start(name, command, environment, lock, on_orphaned=orphaned)
            self._wait(self._web_answers, "web")
            self._wait(lambda: self._worker_answers(environment["REDIS_URL"]), "worker")
            self._is_up = True
            self._announce(environment["DEMO_PASSWORD"])
            while True:
                self._tick()
        finally:
            self._stop()
            if broker_command:
                embedded_broker.remove_socket(directory)
            os.close(lock)

    def _commands(self) -> list[tuple[str, list[str]]]:
        celery = [sys.executable, "-m", "celery", "-A", "mediaassets"]
        web = [sys.executable, "-m", "gunicorn", "mediaassets.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        # One process, because SQLite has one writer; graceful within the time that we give it.
        web += ["--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "5"]
        web += ["--no-control-socket"]
        worker = [
            *celery,
            "worker",
            "-Q",
            "jobs,background,maintenance",
            "--pool",
            "threads",
            "-n",
            self.node,
        ]
        worker += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile="]
        return [("web", web), ("worker", worker), ("beat", beat)]

    def _environment(self, kept: dict[str, str]) -> dict[str, str]:
        static = self.data_dir / "static"
        static.mkdir(exist_ok=True)
        return {
            **os.environ,
            # A variable that is set but empty counts as not set, as everywhere.
            **{name: os.environ.get(name) or value for name, value in kept.items()},
            "DATA_DIR": str(self.data_dir),
            "STATIC_ROOT": str(static),
            "EMBEDDED": "true",
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "PYTHONUNBUFFERED": "1",
        }

    # --- Children -------------------------------------------------------------------------------------------

    def _start(
        self,
        name: str,
        command: Sequence[str],
        environment: dict[str, str],
        lock: int,
        on_orphaned: signal.Signals = signal.SIGTERM,
    ) -> Child:
        log = self.data_dir / "logs" / f"{name}.log"
        child = Child(name, command, environment, cwd=ROOT, log=log, keep_open=lock, on_orphaned=on_orphaned)
        self.children.append(child)
        child.start()
        return child

    def _run_once(self, name: str, command: Sequence[str], environment: dict[str, str], lock: int) -> None:
        child = self._start(name, command, environment, lock)
        while child.exit_code() is None:
            self._pause()
        self.children.remove(child)
        if child.exit_code() != 0:
            raise CannotGoOn(f"{name} failed. Its last words:\n{child.last_words()}")
        self._show(child)

    def _wait(self, condition: Callable[[], bool], name: str) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while not condition():
            self._tick()
            if time.monotonic() > deadline:
                words = "\n".join(child.last_words() for child in self.children if child.name == name)
                raise CannotGoOn(
                    f"{name} does not answer after {START_WITHIN_S:g} s. Its last words:\n{words}"
                )

    def _tick(self) -> None:
        """Pass on what the children have to say, and restart those that ended after all were up."""
        for child in self.children:
            code = child.exit_code()
            if code is None:
                self._show(child)
                continue
            if not self._is_up or not child.may_restart():
                how = "keeps ending" if self._is_up else f"ended with {code} at its start"
                raise CannotGoOn(f"{child.name} {how}. Its last words:\n{child.last_words()}")
            self._show(child)
            say(f"{child.name} ended with {code}; starting it again.")
            child.start()
        self._pause()

    def _pause(self) -> None:
        if self._signals:
            raise Stopped
        time.sleep(POLL_S)
        if self._signals:
            raise Stopped

    def _show(self, child: Child) -> None:
        for line in child.new_lines(everything=self.is_verbose):
            say(f"{child.name:7}| {line}")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _stop(self) -> None:
        """Beat, web and worker first, together; the broker last, so that it holds what they gave back."""
        if not self.children:
            return
        say(f"Stopping … (at most {STOP_WITHIN_S:g} s; Ctrl-C again to end at once)")
        broker = [child for child in self.children if child.name == "broker"]
        others = [child for child in reversed(self.children) if child not in broker]
        before = self._signals
        for group in (others, broker):
            for child in group:
                child.ask_to_stop()
            deadline = time.monotonic() + STOP_WITHIN_S
            # Another Ctrl-C says that nobody wants to wait.
            while time.monotonic() < deadline and self._signals == before:
                if all(child.exit_code() is not None for child in group):
                    break
                time.sleep(POLL_S)
            for child in group:
                child.kill()

    # --- What it looks like from outside --------------------------------------------------------------------

    def _web_answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _worker_answers(self, redis_url: str) -> bool:
        probe = Celery(broker=redis_url.replace("unix://", "redis+socket://", 1), set_as_current=False)
        try:
            return bool(probe.control.ping(destination=[self.node], timeout=1.0))
        except (OperationalError, RedisError, OSError):
            return False
        finally:
            probe.close()

    def _announce(self, password: str) -> None:
        site = f"http://127.0.0.1:{self.port}"
        has_key = bool(os.environ.get("ANTHROPIC_API_KEY", "").strip())
        model = (
            "Anthropic (ANTHROPIC_API_KEY is set)."
            if has_key
            else "built-in mock (no ANTHROPIC_API_KEY); every output is labelled as mock."
        )
        say(
            f"""
  API and its pages   {site}/docs
  Review queue        {site}/admin/
  Sign in as          admin, reviewer, demo-lead or creator; password: {password}
  Model: {model}
  Data and logs       {self.data_dir}

  Submit a job:

{curl_line(site, password)}

  Ctrl-C stops everything.
"""
        )


def curl_line(site: str, password: str) -> str:
    """One line for a shell that signs in as the demo's creator and submits a narrative job."""
    sign_in = shlex.quote(json.dumps({"username": "creator", "password": password}))
    job = {"agent_type": "narrative", "input_data": {"prompt": "A storm reaches the lighthouse."}}
    as_json = "-H 'Content-Type: application/json' -d"
    token = f'curl -s {site}/auth/token {as_json} {sign_in} | sed \'s/.*"access":"\\([^"]*\\)".*/\\1/\''
    submit = f"{as_json} {shlex.quote(json.dumps(job))}"
    return f'curl -s {site}/agents/jobs -H "Authorization: Bearer $({token})" {submit}'


def say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    """The exit code: 0 stopped on request, 1 a part could not go on, 2 nothing was started."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        print(f"PORT is {port!r}: use a number from 1 to 65535.", file=sys.stderr)
        return 2
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / "var").expanduser().resolve()
    is_verbose = os.environ.get("VERBOSE", "") not in {"", "0"}
    # What is kept here, keys and database, is nobody else's to read.
    os.umask(0o077)
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        print(f"DATA_DIR cannot be {data_dir} ({error.strerror}): name another directory.", file=sys.stderr)
        return 2
    try:
        Supervisor(port=int(port), data_dir=data_dir, is_verbose=is_verbose).run()
    except Stopped:
        say("Stopped.")
        return 0
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 2
    except CannotGoOn as error:
        print(error, file=sys.stderr)
        return 1
    return 0
