"""The refusals of this application, by what the caller should do; see ``universes.errors`` for the tree."""

from __future__ import annotations

from universes.errors import Conflict, DomainError, FieldError, Forbidden, Invalid, NotFound, Unaffordable

__all__ = [
    "BudgetExceeded",
    "Conflict",
    "DomainError",
    "FieldError",
    "Forbidden",
    "Invalid",
    "JobNotCancellable",
    "JobNotRetryable",
    "NotFound",
    "ReviewClaimed",
    "ReviewClosed",
    "Unaffordable",
]


class JobNotRetryable(Conflict):
    code = "job_not_retryable"


class JobNotCancellable(Conflict):
    code = "job_not_cancellable"


class ReviewClaimed(Conflict):
    """Somebody else holds the item; the message says who and until when."""

    code = "review_claimed"


class ReviewClosed(Conflict):
    """Somebody else decided first; the message says who and what."""

    code = "review_closed"


class BudgetExceeded(Unaffordable):
    """A budget has not enough left; the message says which, and when it begins anew."""

    code = "budget_exceeded"
