"""Read settings from the environment without ever failing at import.

A value that cannot be used is remembered in ``PROBLEMS`` and replaced by its default, so that
``manage.py check`` can name every bad variable at once and say how to mend it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ

_env = environ.Env()

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Problem:
    """One environment variable whose value cannot be used."""

    variable: str
    message: str
    hint: str


PROBLEMS: list[Problem] = []

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*")
_RATE = re.compile(r"[1-9][0-9]{0,8}/(s|sec|second|m|min|minute|h|hour|d|day)")


def text(name: str, default: str = "") -> str:
    """The variable as written, without surrounding white space."""
    return str(_env.str(name, default)).strip()


def flag(name: str, default: bool) -> bool:
    raw = text(name).lower()
    if raw in TRUE_WORDS:
        return True
    if raw in FALSE_WORDS:
        return default if raw == "" else False
    PROBLEMS.append(Problem(name, f"{name} is {raw!r}, which is neither yes nor no.", "Use true or false."))
    return default


def integer(name: str, default: int, *, minimum: int, maximum: int) -> int:
    return int(_number(name, default, minimum, maximum, whole=True))


def number(name: str, default: float, *, minimum: float, maximum: float) -> float:
    return _number(name, default, minimum, maximum, whole=False)


def _number(name: str, default: float, minimum: float, maximum: float, *, whole: bool) -> float:
    raw = text(name)
    if not raw:
        return default
    kind = "a whole number" if whole else "a number"
    hint = f"Use {kind} from {minimum} to {maximum}, or leave it unset for {default}."
    try:
        value = int(raw) if whole else float(raw)
    except ValueError:
        PROBLEMS.append(Problem(name, f"{name} is {raw!r}, which is not {kind}.", hint))
        return default
    if not math.isfinite(value) or not minimum <= value <= maximum:
        PROBLEMS.append(Problem(name, f"{name} is {raw}, outside {minimum} to {maximum}.", hint))
        return default
    return value


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """A comma-separated list; empty items are dropped."""
    raw = text(name)
    return [item.strip() for item in raw.split(",") if item.strip()] if raw else list(default)


def successors(name: str) -> dict[str, str]:
    """Who follows whom, as ``old=new`` separated by commas. What leads back to where it began is left out."""
    found: dict[str, str] = {}
    for pair in words(name):
        old, _, new = (part.strip() for part in pair.partition("="))
        if not old or not new or "=" in new:
            hint = "Use old-model=new-model,other-old-model=new-model."
            PROBLEMS.append(Problem(name, f"{name} has {pair!r}, which is no pair of models.", hint))
        elif old in found or old in _chain(new, found):
            hint = "Name one successor a model, and none that is followed by the model itself."
            PROBLEMS.append(Problem(name, f"{name} has {pair!r}, which does not fit the others.", hint))
        else:
            found[old] = new
    return found


def _chain(start: str, follows: dict[str, str]) -> list[str]:
    chain = [start]
    while chain[-1] in follows:
        chain.append(follows[chain[-1]])
    return chain


def rate(name: str, default: str) -> str:
    """So many in so long, such as 30/min."""
    raw = text(name) or default
    if not _RATE.fullmatch(raw):
        PROBLEMS.append(
            Problem(name, f"{name} is {raw!r}, which is not a rate.", "Use 30/min, 5/s or 100/hour.")
        )
        return default
    return raw


def web_address(name: str, default: str = "") -> str:
    raw = text(name) or default
    parts = urlsplit(raw)
    if raw and (parts.scheme not in {"http", "https"} or not parts.hostname):
        hint = "Use http://host:port or https://host."
        PROBLEMS.append(Problem(name, f"{name} is {raw!r}, which is not a web address.", hint))
        return default
    return raw


def host(name: str) -> str:
    """The name or the address of a machine, without scheme and port."""
    raw = text(name)
    if raw and not _HOST.fullmatch(raw):
        PROBLEMS.append(
            Problem(name, f"{name} is {raw!r}, which is not a host name.", "Use mail.example.com, alone.")
        )
        return ""
    return raw


def mail_address(name: str, default: str) -> str:
    """One address to write from, with or without a name before it."""
    raw = text(name)
    if not raw:
        return default
    local, _, domain = parseaddr(raw)[1].rpartition("@")
    if not (local and domain and raw.isprintable()):
        hint = "Use media@example.com or Media assets <media@example.com>."
        PROBLEMS.append(Problem(name, f"{name} is {raw!r}, which is not a mail address.", hint))
        return default
    return raw


def header_text(name: str) -> str:
    """A secret that is sent in a header. It is never repeated in a message."""
    raw = text(name)
    if not raw.isascii() or not raw.isprintable() or " " in raw:
        problem = f"{name} has spaces or characters that cannot be sent."
        PROBLEMS.append(Problem(name, problem, "Copy it anew, without quotes or line ends."))
        return ""
    return raw


def path(name: str, default: Path) -> Path:
    raw = text(name)
    return Path(raw).expanduser().resolve() if raw else default


def database(name: str, default: str) -> dict[str, object]:
    """Django's settings for one database URL (sqlite:///… or postgres://…)."""
    raw = text(name) or default
    hint = "Use sqlite:///path/to/file or postgres://user:password@host:5432/name."
    scheme = raw.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql", "psql"}:
        PROBLEMS.append(Problem(name, f"{name} starts with {scheme!r}, which is not supported.", hint))
        raw = default
    try:
        return dict(environ.Env.db_url_config(raw))
    except (ValueError, environ.ImproperlyConfigured) as error:
        PROBLEMS.append(Problem(name, f"{name} cannot be read: {error}", hint))
        return dict(environ.Env.db_url_config(default))
