"""Temporary sites for benchmarks, each with a database, a broker and workers of its own."""

from __future__ import annotations

import os
import secrets
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import psycopg
import redis

from mediaassets.dev_stack import embedded_broker
from tests.support.site.servers import Broker, Postgres, Worker


class Site:
    """A site below ``directory``, with SQLite or a private PostgreSQL."""

    def __init__(self, directory: Path, *, on_postgres: bool) -> None:
        self.directory = directory
        self._postgres = Postgres(directory / "pg") if on_postgres else None
        self._broker = Broker(embedded_broker.url(directory / "broker"), directory / "broker")
        self._workers: list[Worker] = []
        self._started = 0
        self._frozen: list[int] = []

    def start(self, env: dict[str, str]) -> None:
        self._broker.start()
        if self._postgres:
            self._postgres.start()
        # The environment of the developer must not change a measurement.
        for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "SITE_URL", "DEBUG"):
            os.environ.pop(name, None)
        os.environ |= {
            "DATA_DIR": str(self.directory),
            "DATABASE_URL": self._postgres.url
            if self._postgres
            else f"sqlite:///{self.directory / 'db.sqlite3'}",
            "REDIS_URL": self._broker.url,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "JWT_SIGNING_KEY": secrets.token_urlsafe(50),
            "DJANGO_SETTINGS_MODULE": "mediaassets.settings",
            "LOG_LEVEL": "ERROR",
            **env,
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)

    def create_database(self, name: str) -> bool:
        """Create one more database on the site's PostgreSQL; return whether it is new."""
        assert self._postgres is not None
        with suppress(psycopg.errors.DuplicateDatabase):
            self._postgres.create_database(name)
            return True
        return False

    def worker(
        self, *, command: Sequence[str] = Worker.CELERY, is_awaited: bool = True, **env: str
    ) -> Worker:
        """Start one more worker process with the current environment and ``env``, by default until it is ready."""
        name = f"bench{self._started}@localhost"
        self._started += 1
        worker = Worker(
            name,
            self.directory / f"{name}.log",
            {**os.environ, **env},
            queues="jobs,background,crowded,maintenance",
            command=command,
        )
        self._workers.append(worker)
        if is_awaited:
            worker.wait_until_ready()
        return worker

    @property
    def postgres_pid(self) -> int:
        assert self._postgres is not None
        return self._postgres.pid

    @property
    def postgres_log(self) -> Path:
        return self.directory / "postgres.log"

    # --- Faults ---------------------------------------------------------------------------------------------

    def restart_postgres(self, *, away_s: float) -> None:
        assert self._postgres is not None
        self._postgres.stop()
        time.sleep(away_s)
        self._postgres.start()

    def signal_postgres(self, sign: signal.Signals) -> None:
        """Send a signal to the server and all of its backends."""
        assert self._postgres is not None
        self._postgres.send(sign)

    def lose_broker(self) -> None:
        """Restart the broker without its data."""
        self._broker.lose_everything()

    def restart_broker(self, *, away_s: float) -> None:
        """Kill the broker, and start it again with its data."""
        self._broker.kill()
        time.sleep(away_s)
        self._broker.start()

    @property
    def broker_pid(self) -> int:
        return self._broker.pid

    def freeze(self, pid: int) -> None:
        os.kill(pid, signal.SIGSTOP)
        self._frozen.append(pid)

    def thaw(self) -> None:
        while self._frozen:
            os.kill(self._frozen.pop(), signal.SIGCONT)

    def heal(self) -> None:
        """End all workers, and empty the broker."""
        self.thaw()
        while self._workers:
            self._workers.pop().kill()
        self._broker.empty()

    # --- End ------------------------------------------------------------------------------------------------

    def broker(self) -> redis.Redis:
        return self._broker.client()

    def stop(self) -> None:
        self.thaw()
        for worker in self._workers:
            worker.kill()
        self._broker.stop()
        if self._postgres:
            self._postgres.stop()


@contextmanager
def site(*, on_postgres: bool = True, keep_in: Path | None = None, **env: str) -> Iterator[Site]:
    """Start a migrated site that this process uses too; ``env`` are settings by name.

    It is empty and temporary, unless its data are kept in a directory.
    """
    with nullcontext(keep_in) if keep_in else tempfile.TemporaryDirectory(prefix="umam-bench-") as name:
        directory = Path(name)
        directory.mkdir(parents=True, exist_ok=True)
        # PostgreSQL runs as another user.
        directory.chmod(0o711)
        temporary = Site(directory, on_postgres=on_postgres)
        try:
            temporary.start(env)
            yield temporary
        finally:
            temporary.stop()
