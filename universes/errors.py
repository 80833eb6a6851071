"""Domain errors, one class for each reaction of the caller.

Errors carry codes and messages; only the API maps them to HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """Error of a field; ``pointer`` is a JSON pointer into the request body ("/name")."""

    pointer: str
    detail: str
    code: str = "invalid"


class DomainError(Exception):
    """A request that the domain refuses.

    ``code`` is stable, ``message`` is a sentence for users, and ``details`` holds the same facts as JSON values.
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
    """Invalid fields: correct them and resend."""

    code = "invalid"

    def __init__(
        self,
        message: str,
        errors: Sequence[FieldError] = (),
        *,
        code: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code=code, details=details)
        self.errors = tuple(errors)


class NotFound(DomainError):
    """An object that does not exist or that the caller may not see."""

    code = "not_found"


class Forbidden(DomainError):
    """An action that the caller may not perform on a visible object."""

    code = "forbidden"


class Conflict(DomainError):
    """An object whose state does not allow the action: reload it."""

    code = "conflict"


class Busy(Conflict):
    """An action that lost too many races: try it again as it is."""

    code = "busy"


class PreconditionFailed(DomainError):
    """A change to another state than the present one; ``details`` has its ``etag`` and the ``current`` object."""

    code = "precondition_failed"


class PreconditionRequired(DomainError):
    """A replacement that does not say which state it replaces."""

    code = "precondition_required"


@dataclass(frozen=True, slots=True)
class Quota:
    """A number of requests within a time, as it stands when one is refused."""

    name: str
    limit: int
    window_s: int
    remaining: int
    resets_in_s: int


class QuotaExceeded(DomainError):
    """One request too many: wait until the quota resets."""

    code = "throttled"

    def __init__(self, message: str, quota: Quota, *, code: str | None = None) -> None:
        super().__init__(message, code=code, details={"quota": asdict(quota)})
        self.quota = quota


class Unaffordable(DomainError):
    """An action that exceeds the budget: retry when the budget allows it."""

    code = "unaffordable"


class Unavailable(DomainError):
    """An action that could not be carried out for a moment: try it again."""

    code = "unavailable"
