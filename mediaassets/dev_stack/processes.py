"""Child processes that end when the process that started them does."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
# Loaded here because nothing may be imported between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _end_with_parent_of(parent: int, sign: signal.Signals) -> Callable[[], None] | None:
    """Return a function for the child that has the kernel send ``sign`` when its parent dies; None outside Linux.

    To the kernel the parent is a *thread*: start long-lived children from the main thread.
    """
    if _libc is None:
        return None
    libc = _libc

    def arm() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(sign))
        # The parent may have died before prctl took effect.
        if os.getppid() != parent:
            os._exit(1)

    return arm


def end_with_parent(sign: signal.Signals) -> None:
    """Have the kernel send ``sign`` to this process when its parent dies. Outside Linux nothing happens."""
    if arm := _end_with_parent_of(os.getppid(), sign):
        arm()


def start(
    command: Sequence[str | Path],
    env: Mapping[str, str],
    cwd: Path,
    output: int | IO[bytes],
    *,
    on_orphaned: signal.Signals = signal.SIGTERM,
    user: str | int | None = None,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start ``command`` in its own process group, which the terminal's Ctrl-C does not reach.

    Standard output and error go to ``output``; standard input is empty. The child inherits the descriptors in
    ``keep_open`` and receives ``on_orphaned`` when this process dies.
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
        preexec_fn=_end_with_parent_of(os.getpid(), on_orphaned),
    )


def stop(process: subprocess.Popen[bytes], *, within_s: float, sign: signal.Signals = signal.SIGTERM) -> int:
    """Ask the process to end, kill its group after ``within_s`` seconds, and return the exit code."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(within_s)
        except subprocess.TimeoutExpired:
            kill(process)
    return process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its group, without a chance to clean up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
