"""Readings of what a run costs: processor time, statements and commits, and round trips to the broker."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    import redis

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int, *, with_children: bool = False) -> float:
    """Return the processor time of a process so far, with that of its children that are alive or were waited for."""
    fields = _stat(pid)
    if fields is None:
        return 0.0
    total = int(fields[11]) + int(fields[12])
    if with_children:
        total += int(fields[13]) + int(fields[14])
        for entry in Path("/proc").iterdir():
            child = _stat(int(entry.name)) if entry.name.isdigit() else None
            if child is not None and int(child[1]) == pid:
                total += int(child[11]) + int(child[12])
    return total / _TICKS_PER_S


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/<pid>/stat after the command: state, parent, …; None if the process is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()


def pss_mib(pid: int) -> float:
    """Return the memory of a process, with its part of the shared pages."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Counters of the workers and their servers at one moment."""

    worker_s: float
    postgres_s: float
    redis_s: float
    commits: int
    round_trips: int

    def since(self, earlier: Reading) -> Reading:
        return Reading(
            self.worker_s - earlier.worker_s,
            self.postgres_s - earlier.postgres_s,
            self.redis_s - earlier.redis_s,
            self.commits - earlier.commits,
            self.round_trips - earlier.round_trips,
        )


class Meters:
    """The counters of some workers, one PostgreSQL and one Redis."""

    def __init__(self, workers: Sequence[int], postgres: int, url: str, broker: redis.Redis) -> None:
        self._workers = workers
        self._postgres = postgres
        self._url = url
        self._broker = broker

    def read(self) -> Reading:
        info: dict[str, Any] = self._broker.info()
        with psycopg.connect(self._url, autocommit=True) as connection:
            row = connection.execute(
                "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
            ).fetchone()
        assert row is not None
        return Reading(
            sum(map(cpu_s, self._workers)),
            cpu_s(self._postgres, with_children=True),
            cpu_s(int(info["process_id"])),
            row[0],
            int(info["total_reads_processed"]),
        )


class StatementLog:
    """Count of the statements that PostgreSQL runs, from its own log."""

    def __init__(self, url: str, log: Path) -> None:
        self._url = url
        self._log = log

    def __enter__(self) -> StatementLog:
        self._set("'all'")
        self._from = self._log.stat().st_size
        return self

    def __exit__(self, *exc: Any) -> None:
        self._set("'none'")

    def lines(self) -> list[str]:
        """Return the statements so far, without those that begin and end transactions."""
        with self._log.open(errors="replace") as log:
            log.seek(self._from)
            found = [line.partition("LOG:  ")[2] for line in log if "LOG:  " in line]
        texts = [
            line.partition(": ")[2].strip() for line in found if line.startswith(("statement", "execute"))
        ]
        ends = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "SHOW")
        # The readings of the benchmark itself are not the worker's.
        return [text for text in texts if not text.startswith(ends) and "extract(epoch" not in text]

    def _set(self, value: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET log_statement = {value}".encode())
            connection.execute("SELECT pg_reload_conf()")
