"""Permission to read the rows of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def may_view_all(user: User | AnonymousUser, model_name: str) -> bool:
    """Return whether this person may read every row of a model, in the admin as over the API.

    As in the admin, the permission to change includes the one to view. Being staff gives neither.
    """
    return any(user.has_perm(f"agents.{verb}_{model_name}") for verb in ("view", "change"))
