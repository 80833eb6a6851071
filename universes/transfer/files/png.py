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
        if kind == b"tEXt":
            keyword, _, text = content.partition(b"\x00")
            found.setdefault(keyword.decode("latin-1").lower(), text)
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


def _cut_off() -> Exception:
    return refused("png_truncated", "The picture is cut off.")
