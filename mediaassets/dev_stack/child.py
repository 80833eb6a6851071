"""A supervised process and its log file."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import IO

from mediaassets.dev_stack import processes

MAX_RESTARTS = 3
RESTART_WINDOW_S = 60.0
TAIL_LINES = 20

_NEW_ENTRY = re.compile(r"(\d{4}-\d\d-\d\dT|\[\d{4}-\d\d-\d\d|\d+:[A-Z] )")
_WARNING = re.compile(r"\[(warning|error|critical) *\]|^Traceback", re.IGNORECASE)


class Child:
    """A process that can be restarted. Its log is new in each run; the previous log is kept as ``.log.1``."""

    def __init__(self, name: str, log: Path, spawn: Callable[[IO[bytes]], Popen[bytes]]) -> None:
        """Start the process by ``spawn``, which gets the file for its output."""
        self.name = name
        self._log = log
        self._spawn = spawn
        self._starts: list[float] = []
        self._read_bytes = 0
        self._is_in_warning = False
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        self.start()

    def start(self) -> None:
        self._starts.append(time.monotonic())
        with self._log.open("ab") as log:
            self._process = self._spawn(log)

    def may_restart(self) -> bool:
        since = time.monotonic() - RESTART_WINDOW_S
        return sum(at > since for at in self._starts[1:]) < MAX_RESTARTS

    def exit_code(self) -> int | None:
        """Return None while the process runs."""
        return self._process.poll()

    def terminate(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        processes.kill(self._process)

    def new_lines(self, *, everything: bool) -> list[str]:
        """Return the lines logged since the last call: all of them, or only warnings and worse."""
        with self._log.open("rb") as log:
            log.seek(self._read_bytes)
            complete, newline, _ = log.read().rpartition(b"\n")
        self._read_bytes += len(complete) + len(newline)
        lines = complete.decode(errors="replace").splitlines()
        return lines if everything else [line for line in lines if self._is_warning(line)]

    def _is_warning(self, line: str) -> bool:
        # The lines of a traceback belong to the entry before them.
        if _WARNING.search(line):
            self._is_in_warning = True
        elif _NEW_ENTRY.match(line):
            self._is_in_warning = False
        return self._is_in_warning

    def has_logged(self, line: str) -> bool:
        return line in self._log.read_text(errors="replace").splitlines()

    def log_tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-TAIL_LINES:])
