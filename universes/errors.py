"""Errors by what the caller should do. The domain knows codes and sentences; only the API knows HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; ``pointer`` is a JSON pointer into the request body ("/name")."""

    pointer: str
    detail: str
    code: str = "invalid"


class DomainError(Exception):
    """A request that the domain refuses; ``code`` is stable, the message is a sentence for people.

    ``details`` say the same to programs, ready for JSON.
    """

    code = "error"

    def __init__(
        self, message: str, *, code: str | None = None, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = dict(details or {})
        if code is not None:
            self.code = code


class Invalid(DomainError):
    """Mend the named fields and send again."""

    code = "invalid"

    def __init__(self, message: str, errors: Sequence[FieldError] = (), *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.errors = tuple(errors)


class NotFound(DomainError):
    """There is no such thing, or none that the caller may see."""

    code = "not_found"


class Forbidden(DomainError):
    """The caller may see it, and may not do this."""

    code = "forbidden"


class Conflict(DomainError):
    """The thing is no longer in a state that allows this; read it again."""

    code = "conflict"


class Unaffordable(DomainError):
    """There is no money for it now; ask again when there is."""

    code = "unaffordable"
