"""Checks and preparations of `make up` before it starts a process: port, data directory, lock, secrets."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Orphans of a killed supervisor need a moment to notice and end.
MAX_ORPHAN_LIFE_S = 15.0
POLL_S = 0.1
SECRET_LENGTHS = {"SECRET_KEY": 50, "JWT_SIGNING_KEY": 50, "DEMO_PASSWORD": 9, "PASSPORT_KEY": 32}


class CannotStart(Exception):
    """Raised for a condition that the user has to change first; no process is running."""


def parse_port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"PORT is {text!r}: use a number from 1 to 65535.")
    return int(text)


def open_data_dir(path: Path) -> Path:
    data_dir = path.expanduser().resolve()
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CannotStart(
            f"DATA_DIR cannot be {data_dir} ({error.strerror}): name another directory."
        ) from error
    return data_dir


def lock_data_dir(data_dir: Path) -> int:
    """Lock the data directory and return the descriptor that holds the lock.

    The children inherit the descriptor, so that orphans keep the lock until they end.
    """
    lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + MAX_ORPHAN_LIFE_S
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


def reserve_port(port: int) -> socket.socket:
    """Return a socket that keeps others from the port; raise ``CannotStart`` if somebody has it.

    The web server shares its port with sockets like this one, which take no connection, and so it would share the port
    of another web server, too.
    """
    reserved = socket.socket()
    try:
        with socket.socket() as probe:
            # The web server sets this too: a connection that has just closed does not block the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
        # Without SO_REUSEADDR, for the probe of the next `make up` to see it.
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", port))
    except OSError as error:
        reserved.close()
        raise CannotStart(
            f"Port {port} cannot be used ({error.strerror}). "
            f"Choose another, for example: PORT={port + 1} make up"
        ) from error
    return reserved


def require_redis(url: str) -> None:
    """Ping the configured Redis once; the children would retry for a minute before they fail."""
    # Only a configured server needs it.
    import redis

    from mediaassets.operations.broker_client import impatient_client

    try:
        with impatient_client(url, timeout_s=3) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise CannotStart(
            f"REDIS_URL does not answer ({error}). Fix it, or leave it unset for the private broker."
        ) from error


def load_or_create_secrets(data_dir: Path) -> dict[str, str]:
    """Return the signing keys and the demo password, generated once into a file that only its owner can read."""
    path = data_dir / "keys.json"
    stored: dict[str, str] = {}
    with suppress(FileNotFoundError):
        stored = json.loads(path.read_text())
    missing = {
        name: secrets.token_urlsafe(length) for name, length in SECRET_LENGTHS.items() if not stored.get(name)
    }
    if missing:
        stored |= missing
        temporary = path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(stored, file)
        temporary.replace(path)
    return {name: stored[name] for name in SECRET_LENGTHS}
