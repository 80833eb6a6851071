"""Deterministic sampling: the same key is drawn every time, on every machine."""

from __future__ import annotations

import hashlib


def draw(key: str, purpose: str) -> float:
    """Hash ``key`` to a number in [0, 1), independently for each ``purpose``."""
    digest = hashlib.sha256(f"{purpose}:{key}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def is_drawn(key: str, purpose: str, share: float) -> bool:
    """Return whether ``key`` is in a sample of ``share`` (0 to 1) of all keys; larger samples contain smaller ones."""
    return draw(key, purpose) < share
