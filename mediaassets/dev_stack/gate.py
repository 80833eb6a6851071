"""The gate of `make up`: web and worker load while the database is prepared, and wait here before they use it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

VARIABLE = "START_GATE"


def close(path: Path) -> int:
    """Return a descriptor that keeps the gate closed until it, or this process, is closed."""
    _note(path).unlink(missing_ok=True)
    gate = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(gate, fcntl.LOCK_EX)
    return gate


def pass_through() -> None:
    """Wait until the gate that the environment names is open. Where it names none, there is nothing to wait for."""
    if path := os.environ.get(VARIABLE):
        with Path(path).open() as gate:
            fcntl.flock(gate, fcntl.LOCK_SH)


def report_ready() -> None:
    """Note that the worker takes messages, for the one who has closed the gate."""
    if path := os.environ.get(VARIABLE):
        _note(Path(path)).touch()


def is_worker_ready(path: Path) -> bool:
    return _note(path).exists()


def _note(path: Path) -> Path:
    return path.with_name("worker-ready")
