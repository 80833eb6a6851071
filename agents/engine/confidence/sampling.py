"""Drawing a share of things in a way that gives the same answer each time, on each machine."""

from __future__ import annotations

import hashlib


def draw(key: str, purpose: str) -> float:
    """A number in [0, 1) that looks random and follows from ``key`` alone; another ``purpose``, another number."""
    digest = hashlib.sha256(f"{purpose}:{key}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def is_drawn(key: str, purpose: str, share: float) -> bool:
    """Whether ``key`` belongs to that share (0 to 1) of all keys. A larger share contains each smaller one."""
    return draw(key, purpose) < share
