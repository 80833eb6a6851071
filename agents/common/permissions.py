"""Reviewer and lead permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from agents.errors import Forbidden
from agents.models.review_transitions import LEAD

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.db.models import QuerySet


DECIDE = "agents.decide_reviewitem"
# Where permissions are kept.
BACKEND = "django.contrib.auth.backends.ModelBackend"


def is_reviewer(user: User | AnonymousUser) -> bool:
    return user.has_perm(DECIDE)


def require_reviewer(user: User) -> None:
    if not is_reviewer(user):
        raise Forbidden("You may not decide review items.")


def is_lead(user: User | AnonymousUser) -> bool:
    """Whether this person settles disagreements and sees how each reviewer does."""
    return user.has_perm(LEAD)


def reviewers() -> QuerySet[User]:
    """All active people who may decide: by group, by their own permission or as superusers."""
    return get_user_model().objects.with_perm(DECIDE, backend=BACKEND)


def leads() -> QuerySet[User]:
    """All active people who were made leads; superusers, who may do all, only if they were as well."""
    return get_user_model().objects.with_perm(LEAD, backend=BACKEND, include_superusers=False)
