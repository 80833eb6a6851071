"""Zip archives from strangers: everything that is declared is checked before anything is unpacked."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from typing import IO, Final

from universes.transfer.files.refusal import refused

MAX_MEMBERS: Final = 20_000
MAX_MEMBER_BYTES: Final = 50_000_000
MAX_TOTAL_BYTES: Final = 200_000_000
# Text shrinks to a tenth or so; a bomb to a thousandth.
MAX_RATIO: Final = 100
_SMALL_BYTES: Final = 1_000_000
# 400 bytes of directory for each member.
_MAX_DIRECTORY_BYTES: Final = MAX_MEMBERS * 400
_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_ARCHIVE: Final = re.compile(r"\.(?:zip|charx|gz|tgz|bz2|xz|7z|rar|tar|jar|zst)$", re.IGNORECASE)
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class Archive:
    """A checked archive. Members are read one at a time, within their declared size."""

    def __init__(self, file: IO[bytes]) -> None:
        _check_directory_size(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, struct.error, ValueError, OverflowError, UnicodeDecodeError) as error:
            raise refused("zip_damaged", f"The archive cannot be read: {error}.") from None
        self._members = self._checked(file)

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def read(self, name: str) -> bytes:
        info = self._members[name]
        try:
            with self._zip.open(info) as member:
                data = member.read(info.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
        ) as error:
            raise refused("zip_damaged", f"{name} in the archive cannot be read: {error}.") from None
        if len(data) > info.file_size:
            raise refused("zip_bomb", f"{name} in the archive is larger than it says.")
        if data.startswith(b"PK\x03\x04"):
            raise refused("zip_nested", f"The archive has another archive in it: {name}.")
        return data

    def _checked(self, file: IO[bytes]) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise refused(
                "too_many_entries", f"The archive has {len(infos):,} files; {MAX_MEMBERS:,} are allowed."
            )
        members: dict[str, zipfile.ZipInfo] = {}
        total = packed = 0
        for info in infos:
            name = _safe_name(info)
            if info.is_dir():
                continue
            _check_member(info, name)
            total, packed = total + info.file_size, packed + info.compress_size
            if total > MAX_TOTAL_BYTES:
                raise refused("zip_too_large", f"The archive unpacks to over {MAX_TOTAL_BYTES:,} bytes.")
            if name in members:
                raise refused("repeated_name", f"The archive has {name} twice.")
            members[name] = info
        file.seek(0, 2)
        if packed > file.tell():
            raise refused("zip_bomb", "Files of the archive overlap.")
        return members


def _check_directory_size(file: IO[bytes]) -> None:
    """Refuse a directory too large to load, by the record at the end of the file."""
    file.seek(0, 2)
    size = file.tell()
    tail_at = max(0, size - 65_535 - _END_BYTES)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise refused("zip_damaged", "The archive is cut off: its directory is missing.")
    _, _, _, _, count, directory, offset, _ = struct.unpack("<4s4H2LH", tail[at : at + _END_BYTES])
    if count == 0xFFFF or 0xFFFFFFFF in (directory, offset):
        raise refused("too_many_entries", f"The archive has too many files; {MAX_MEMBERS:,} are allowed.")
    if directory > _MAX_DIRECTORY_BYTES or count > MAX_MEMBERS:
        raise refused("too_many_entries", f"The archive has {count:,} files; {MAX_MEMBERS:,} are allowed.")
    file.seek(0)


def _safe_name(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename.replace("\\", "/")
    if "\x00" in name or name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        raise refused("unsafe_path", f"The archive has a file outside itself: {name[:200]!r}.")
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refused("zip_has_links", f"The archive has a link or a device: {name[:200]}.")
    return name


def _check_member(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & 0x1:
        raise refused("zip_encrypted", f"{name} in the archive is encrypted.")
    if info.compress_type not in _METHODS:
        raise refused("zip_damaged", f"{name} in the archive is packed in a way that is not read here.")
    if info.file_size > MAX_MEMBER_BYTES:
        raise refused("zip_too_large", f"{name} in the archive unpacks to {info.file_size:,} bytes.")
    if info.file_size > _SMALL_BYTES and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise refused(
            "zip_bomb", f"{name} in the archive unpacks to {info.file_size:,} bytes from almost none."
        )
    if _ARCHIVE.search(name):
        raise refused("zip_nested", f"The archive has another archive in it: {name[:200]}.")
