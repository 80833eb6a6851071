"""Start processes that end when the one that started them does."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
# Loaded once, here: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(sign: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """What a new process runs before its program so that the kernel sends it ``sign`` when its parent dies.

    The parent is the *thread* that starts it: start long-lived children from the main thread. None outside
    Linux, where nothing like it exists.
    """
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def arm() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(sign))
        # The parent may have died before the kernel was told.
        if os.getppid() != parent:
            os._exit(1)

    return arm


def start(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: int | IO[bytes],
    on_orphaned: signal.Signals = signal.SIGTERM,
    user: str | int | None = None,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a process group of its own, out of the reach of the terminal's Ctrl-C.

    Both its output streams go to ``output``; it has no input. Of our descriptors it inherits ``keep_open``.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,
        pass_fds=keep_open,
        user=user,
        preexec_fn=end_with_parent(on_orphaned),
    )


def stop(process: subprocess.Popen[bytes], *, within_s: float, sign: signal.Signals = signal.SIGTERM) -> int:
    """Ask the process to end, kill its whole group after ``within_s``; the exit code."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(within_s)
        except subprocess.TimeoutExpired:
            kill(process)
    return process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and what it has started, without a chance to tidy up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


_NEW_ENTRY = re.compile(r"(\d{4}-\d\d-\d\dT|\[\d{4}-\d\d-\d\d|\d+:[A-Z] )")
_WORTH_SHOWING = re.compile(r"\[(warning|error|critical) *\]|^Traceback", re.IGNORECASE)
RESTARTS = 3
RESTARTS_WITHIN_S = 60.0


class Child:
    """One supervised process with a log of its own; the log of the run before is kept as ``.1``."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        cwd: Path,
        log: Path,
        keep_open: int,
        on_orphaned: signal.Signals = signal.SIGTERM,
    ) -> None:
        """``keep_open`` is a descriptor that the process inherits and holds for its life."""
        self.name = name
        self._command = command
        self._env = env
        self._cwd = cwd
        self._log = log
        self._keep_open = keep_open
        self._on_orphaned = on_orphaned
        self._process: subprocess.Popen[bytes] | None = None
        self._starts: list[float] = []
        self._read_to = 0
        self._is_showing = False
        if log.exists():
            log.replace(log.with_suffix(".log.1"))

    def start(self) -> None:
        self._starts.append(time.monotonic())
        with self._log.open("ab") as log:
            self._process = start(
                self._command,
                env=self._env,
                cwd=self._cwd,
                output=log,
                on_orphaned=self._on_orphaned,
                keep_open=(self._keep_open,),
            )

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll() if self._process else None

    def may_restart(self) -> bool:
        """Whether it has been started again fewer than RESTARTS times within the last minute."""
        since = time.monotonic() - RESTARTS_WITHIN_S
        return sum(at > since for at in self._starts[1:]) < RESTARTS

    def ask_to_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        """End whatever is left of it and of what it started."""
        if self._process:
            kill(self._process)

    def new_lines(self, *, everything: bool) -> list[str]:
        """What it has logged since the last call: all of it, or only warnings and worse."""
        with suppress(FileNotFoundError), self._log.open("rb") as log:
            log.seek(self._read_to)
            complete = log.read().rpartition(b"\n")[0]
            if complete:
                self._read_to += len(complete) + 1
                lines = complete.decode(errors="replace").splitlines()
                return lines if everything else [line for line in lines if self._is_worth_showing(line)]
        return []

    def _is_worth_showing(self, line: str) -> bool:
        # A traceback's lines follow the entry that they belong to.
        if _WORTH_SHOWING.search(line):
            self._is_showing = True
        elif _NEW_ENTRY.match(line):
            self._is_showing = False
        return self._is_showing

    def last_words(self, lines: int = 20) -> str:
        with suppress(FileNotFoundError):
            return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])
        return ""
