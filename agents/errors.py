"""Domain errors of the agents, grouped by what the caller should do; see ``universes.errors`` for the tree."""

from __future__ import annotations

from universes.errors import (
    Busy,
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    Quota,
    QuotaExceeded,
    Unaffordable,
    Unavailable,
)

__all__ = [
    "BudgetExceeded",
    "BudgetsBusy",
    "Busy",
    "Conflict",
    "DomainError",
    "FieldError",
    "Forbidden",
    "Invalid",
    "JobNotCancellable",
    "JobNotRetryable",
    "NotFound",
    "Quota",
    "QuotaExceeded",
    "ReviewClaimed",
    "ReviewClosed",
    "TooManyWaitingJobs",
    "Unaffordable",
    "Unavailable",
    "UniverseBusy",
]


class JobNotRetryable(Conflict):
    code = "job_not_retryable"


class JobNotCancellable(Conflict):
    code = "job_not_cancellable"


class ReviewClaimed(Conflict):
    """Another reviewer has claimed the item; the message names them and the expiry of the claim."""

    code = "review_claimed"


class ReviewClosed(Conflict):
    """Another reviewer decided first; the message names them and their verdict."""

    code = "review_closed"


class BudgetExceeded(Unaffordable):
    """Budget without enough left; the message names it and the start of its next period."""

    code = "budget_exceeded"


class BudgetsBusy(Unavailable):
    """A budget that other transactions hold for longer than a request may wait."""

    code = "budgets_busy"


class UniverseBusy(Unavailable):
    """A universe that another transaction archives or deletes for longer than a request may wait."""

    code = "universe_busy"


class TooManyWaitingJobs(QuotaExceeded):
    """A submission by an account with as many waiting jobs as it may have."""

    def __init__(self, message: str, quota: Quota) -> None:
        super().__init__(message, quota, code="too_many_waiting_jobs")
