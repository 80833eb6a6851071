"""Steps that all kinds of allowances share: what a lead allows in single universes."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction

from agents.common import permissions
from agents.errors import FieldError, Forbidden, Invalid
from agents.models.review.allowance import Allowance
from universes.models import Universe

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AnyAllowance = TypeVar("AnyAllowance", bound=Allowance)


def allow(kind: type[AnyAllowance], universe_id: uuid.UUID, *, by: User, refusal: str) -> AnyAllowance:
    """Allow it in a universe; idempotent.

    Raises ``Forbidden`` with the sentence ``refusal`` for everyone but leads, and ``Invalid`` for an unknown universe.
    """
    _require_lead(by, refusal)
    universe = Universe.objects.filter(pk=universe_id).first()
    if universe is None:
        detail = "There is no such universe."
        raise Invalid("Not valid: universe_id.", [FieldError("/universe_id", detail, "unknown_universe")])
    allowed, _ = kind._default_manager.get_or_create(universe=universe, defaults={"allowed_by": by})
    return allowed


def forbid(kind: type[Allowance], universe_id: uuid.UUID, *, by: User, refusal: str) -> bool:
    """Forbid it again; return whether it was allowed. Raises ``Forbidden`` for everyone but leads."""
    _require_lead(by, refusal)
    with transaction.atomic():
        deleted, _ = kind._default_manager.filter(universe=universe_id).delete()
    return deleted > 0


def _require_lead(user: User, refusal: str) -> None:
    if not permissions.is_lead(user):
        raise Forbidden(refusal)
