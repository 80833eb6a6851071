"""Typed access to environment variables.

A value that cannot be used is replaced by its default and kept as a ``Problem``. Importing the settings
therefore never fails, and `manage.py check` reports every bad variable at once.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import environ

_TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
_FALSE_WORDS = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Problem:
    """An environment variable whose value cannot be used."""

    variable: str
    message: str
    hint: str


class Format(NamedTuple):
    """The pattern of a text variable. A message about a secret does not repeat its value."""

    pattern: str
    kind: str
    hint: str
    is_secret: bool = False


RATE = Format(
    r"[1-9][0-9]{0,8}/(s|sec|second|m|min|minute|h|hour|d|day)", "a rate", "Use 30/min, 5/s or 100/hour."
)
WEB_URL = Format(
    r"https?://([^\s/@]+@)?(\[[0-9A-Fa-f:.]+\]|[^\s/:?#@\[\]]+)(:[0-9]{1,5})?([/?#]\S*)?",
    "a web address",
    "Use http://host:port or https://host.",
)
HOST = Format(
    r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*",
    "a host name",
    "Use mail.example.com, without scheme and port.",
)
MAIL_ADDRESS = Format(
    r"[^\x00-\x1f<>]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+",
    "a mail address",
    "Use media@example.com or Media assets <media@example.com>.",
)
REDIS_URL = Format(
    r"(rediss?|unix)://.+",
    "a Redis address",
    "Use redis://host:6379/0 or unix:///path/to.sock.",
    is_secret=True,
)
DATABASE_URL = Format(
    r"(sqlite|postgres|postgresql|psql)://.+",
    "the address of a supported database",
    "Use sqlite:///path/to/file or postgres://user:password@host:5432/name.",
    is_secret=True,
)
HEADER_VALUE = Format(
    r"[!-~]+",
    "a value that an HTTP header can carry",
    "Copy it again, without quotes, spaces or line breaks.",
    is_secret=True,
)
KEY_OF_32_BYTES = Format(
    r"[A-Za-z0-9+/_-]{43}=?",
    "a key of 32 bytes in Base64",
    "Generate one: openssl rand -base64 32",
    is_secret=True,
)
LOG_LEVEL = Format(r"(?i)DEBUG|INFO|WARNING|ERROR", "a log level", "Use DEBUG, INFO, WARNING or ERROR.")


class Environment:
    """Environment variables with their types checked. An empty value counts as unset."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.problems: list[Problem] = []

    def report(self, name: str, message: str, hint: str) -> None:
        self.problems.append(Problem(name, f"{name} {message}", hint))

    def text(self, name: str, default: str = "", expected: Format | None = None) -> str:
        value = self._variables.get(name, "").strip()
        if not value or expected is None or re.fullmatch(expected.pattern, value):
            return value or default
        shown = "is" if expected.is_secret else f"is {value!r}, which is"
        self.report(name, f"{shown} not {expected.kind}.", expected.hint)
        return default

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, str(default)).lower()
        if value in _TRUE_WORDS | _FALSE_WORDS:
            return value in _TRUE_WORDS
        self.report(name, f"is {value!r}, which is neither yes nor no.", "Use true or false.")
        return default

    def integer(self, name: str, default: int, *, minimum: int, maximum: int) -> int:
        return int(self._bounded(name, default, minimum, maximum, int))

    def number(self, name: str, default: float, *, minimum: float, maximum: float) -> float:
        return self._bounded(name, default, minimum, maximum, float)

    def _bounded(
        self, name: str, default: float, minimum: float, maximum: float, kind: type[int] | type[float]
    ) -> float:
        raw = self.text(name)
        if not raw:
            return default
        noun = "a whole number" if kind is int else "a number"
        hint = f"Use {noun} from {minimum} to {maximum}, or leave it unset for {default}."
        try:
            value = kind(raw)
        except ValueError:
            self.report(name, f"is {raw!r}, which is not {noun}.", hint)
            return default
        if not math.isfinite(value) or not minimum <= value <= maximum:
            self.report(name, f"is {raw}, outside {minimum} to {maximum}.", hint)
            return default
        return value

    def path(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default))).expanduser().resolve()

    def database(self, name: str, default: str) -> dict[str, object]:
        """Return Django's settings for a database URL."""
        try:
            return dict(environ.Env.db_url_config(self.text(name, default, DATABASE_URL)))
        except (ValueError, environ.ImproperlyConfigured) as error:
            self.report(name, f"cannot be read: {error}", DATABASE_URL.hint)
            return dict(environ.Env.db_url_config(default))

    def items(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """Return the items of a comma-separated list, without empty ones."""
        raw = self.text(name)
        return [item.strip() for item in raw.split(",") if item.strip()] if raw else list(default)

    def keys(self, name: str) -> list[str]:
        """Return the keys of a comma-separated list, without those that are none."""
        keys = self.items(name)
        valid = [key for key in keys if re.fullmatch(KEY_OF_32_BYTES.pattern, key)]
        if valid != keys:
            self.report(name, f"has a value that is not {KEY_OF_32_BYTES.kind}.", "Copy public keys whole.")
        return valid

    def successors(self, name: str) -> dict[str, str]:
        """Return a mapping given as ``old=new,other-old=new``, without the pairs that would close a cycle."""
        successors: dict[str, str] = {}
        for pair in self.items(name):
            old, _, new = (part.strip() for part in pair.partition("="))
            if not old or not new or "=" in new:
                hint = "Use old-model=new-model,other-old-model=new-model."
                self.report(name, f"has {pair!r}, which is not a pair of models.", hint)
            elif old in successors or old in _chain(new, successors):
                hint = "Name one successor per model, and none that leads back to the model itself."
                self.report(name, f"has {pair!r}, which conflicts with another pair.", hint)
            else:
                successors[old] = new
        return successors


def _chain(start: str, successors: Mapping[str, str]) -> list[str]:
    chain = [start]
    while chain[-1] in successors:
        chain.append(successors[chain[-1]])
    return chain


env = Environment(os.environ)
