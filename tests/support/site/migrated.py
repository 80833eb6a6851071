"""A migrated database, made once per test run while the test processes import the tests; each of them copies it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from mediaassets.dev_stack import processes
from tests.support.site.servers import ROOT, Postgres

# Set where a run makes one; its name on PostgreSQL, its path on SQLite.
VARIABLE = "MIGRATED_DATABASE"


def start(directory: Path, postgres: Postgres | None) -> subprocess.Popen[bytes]:
    """Start the migrations in a process, which holds the lock of ``wait`` until it ends."""
    if postgres is not None:
        os.environ[VARIABLE], url = "migrated", postgres.create_database("migrated")
    else:
        os.environ[VARIABLE] = str(directory / "migrated.sqlite3")
        url = f"sqlite:///{os.environ[VARIABLE]}"
    with _lock_file(directory).open("w") as lock, (directory / "migrated.log").open("wb") as log:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return processes.start(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            env={**os.environ, "DATABASE_URL": url},
            cwd=ROOT,
            output=log,
            keep_open=(lock.fileno(),),
        )


def wait(directory: Path) -> str | None:
    """Wait until the database is migrated and return its name or path; None if this run makes none."""
    if VARIABLE in os.environ:
        with _lock_file(directory).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
    return os.environ.get(VARIABLE)


def _lock_file(directory: Path) -> Path:
    return directory / "migrated.lock"
