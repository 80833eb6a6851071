"""What the embedded mode settles before it starts anything: its data directory, its port, its secrets."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
import time
from contextlib import suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

# A supervisor that was killed leaves children that need a moment to notice.
ORPHANS_WITHIN_S = 15.0
POLL_S = 0.1


class CannotStart(Exception):
    """Something that the person who typed `make up` has to change; nothing is running."""


def take_lock(data_dir: Path) -> int:
    """The descriptor that holds this data directory; the children inherit it, so that orphans hold it too."""
    (data_dir / "logs").mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + ORPHANS_WITHIN_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            owner = os.pread(lock, 20, 0).decode(errors="replace").strip()
            if (owner.isdigit() and _is_alive(int(owner))) or time.monotonic() > deadline:
                os.close(lock)
                raise CannotStart(
                    f"{data_dir} is in use by another `make up`: stop that one, or set DATA_DIR."
                ) from None
            time.sleep(POLL_S)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        # As the web server does: a connection that has just ended does not hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Choose another, for example: PORT={port + 1} make up"
            ) from error


def refuse_silent_broker(url: str) -> None:
    """A REDIS_URL that nobody answers at would only show after a minute of retries."""
    try:
        with redis.Redis.from_url(
            url, socket_timeout=3, socket_connect_timeout=3, retry=Retry(NoBackoff(), 0)
        ) as asked:
            asked.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise CannotStart(
            f"REDIS_URL does not answer ({error}). Mend it, or leave it unset for the private broker."
        ) from error


def kept_secrets(data_dir: Path) -> dict[str, str]:
    """The keys and the demo's password, made once and readable only by their owner."""
    path = data_dir / "keys.json"
    kept: dict[str, str] = {}
    with suppress(FileNotFoundError):
        kept = json.loads(path.read_text())
    lengths = {"SECRET_KEY": 50, "JWT_SIGNING_KEY": 50, "DEMO_PASSWORD": 9}
    missing = {name: secrets.token_urlsafe(length) for name, length in lengths.items() if not kept.get(name)}
    if missing:
        kept |= missing
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(kept, file)
        fresh.replace(path)
    return {name: kept[name] for name in lengths}
