"""Refusals of files, each with a code of its own."""

from __future__ import annotations

from universes.errors import Invalid


def refused(code: str, message: str) -> Invalid:
    return Invalid(message, code=code)
