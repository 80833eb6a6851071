"""Texts in PNG files, where character cards are kept."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from typing import Final

from universes.transfer.files.refusal import refused

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CARDS: Final = ("ccv3", "chara")
_TEXTS: Final = (b"tEXt", b"zTXt", b"iTXt")
# Base64 of the largest file that is read.
MAX_TEXT_BYTES: Final = 70_000_000


def card_in(data: bytes) -> bytes:
    """Return the JSON of the card in a picture, of version 3 if it has both."""
    found: dict[str, bytes] = {}
    at, ended = len(SIGNATURE), False
    while at < len(data) and not ended:
        if at + 12 > len(data):
            raise _cut_off()
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if at + 12 + length > len(data):
            raise _cut_off()
        content = data[at + 8 : at + 8 + length]
        (expected,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if zlib.crc32(kind + content) != expected:
            raise refused("png_damaged", "The picture is damaged: a checksum does not fit.")
        if kind in _TEXTS:
            name, _, rest = content.partition(b"\x00")
            keyword = name.decode("latin-1").lower()
            if keyword in _CARDS:
                found.setdefault(keyword, _text(kind, rest))
        ended = kind == b"IEND"
        at += 12 + length
    if not ended:
        raise _cut_off()
    card = next((found[name] for name in _CARDS if name in found), None)
    if card is None:
        raise refused("no_card", "The picture has no character card in it.")
    try:
        return base64.b64decode(card, validate=True)
    except binascii.Error:
        raise refused("png_damaged", "The card in the picture is not Base64.") from None


def _text(kind: bytes, rest: bytes) -> bytes:
    """Return the text of a chunk of text, behind its keyword: plain, compressed, or international."""
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return _inflated(rest[1:])
    is_compressed, after = rest[:1] == b"\x01", rest[2:]
    *_, text = after.split(b"\x00", 2)
    return _inflated(text) if is_compressed else text


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(data, MAX_TEXT_BYTES)
    except zlib.error:
        raise refused("png_damaged", "The card in the picture cannot be unpacked.") from None
    if inflater.unconsumed_tail:
        raise refused("zip_bomb", f"The card in the picture is over {MAX_TEXT_BYTES:,} bytes.")
    return text


def _cut_off() -> Exception:
    return refused("png_truncated", "The picture is cut off.")
