"""Permissions of reviewers, of leads, and of those who may ask agents in every universe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from agents.errors import Forbidden
from agents.models.review.transitions import LEAD

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.db.models import QuerySet


DECIDE = "agents.decide_reviewitem"
# Permission to submit jobs and schedules in every universe, without being a member.
ASK_ANYWHERE = "agents.add_agentjob"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def is_reviewer(user: User | AnonymousUser) -> bool:
    return user.has_perm(DECIDE)


def require_reviewer(user: User) -> None:
    if not is_reviewer(user):
        raise Forbidden("You may not decide review items.")


def is_lead(user: User | AnonymousUser) -> bool:
    """Return whether this person may settle disagreements and see reviewers' metrics."""
    return user.has_perm(LEAD)


def reviewers() -> QuerySet[User]:
    """Return all active accounts that may decide, superusers included."""
    return get_user_model().objects.with_perm(DECIDE, backend=BACKEND)


def leads() -> QuerySet[User]:
    """Return all active accounts with the explicit permission of leads; being a superuser is not enough."""
    return get_user_model().objects.with_perm(LEAD, backend=BACKEND, include_superusers=False)


def may_ask_anywhere() -> QuerySet[User]:
    """Return all active accounts that may submit jobs in every universe, superusers included."""
    return get_user_model().objects.with_perm(ASK_ANYWHERE, backend=BACKEND)
