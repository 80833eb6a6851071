"""Reading vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import User
from django.db import models

from universes.choices import CanonStatus, Role

if TYPE_CHECKING:
    from universes.models import CanonEntry, Universe  # noqa: F401

EntryT = TypeVar("EntryT", bound="CanonEntry")


class UniverseQuerySet(models.QuerySet["Universe"]):
    def visible_to(self, user: User) -> Self:
        """Those that ``user`` is a member of, in any role. Being staff adds nothing: staff use the admin."""
        return self.filter(memberships__user=user)

    def editable_by(self, user: User) -> Self:
        """Those whose content ``user`` may write, archived ones included."""
        return self.filter(memberships__user=user, memberships__role__in=[Role.OWNER, Role.EDITOR])

    def active(self) -> Self:
        return self.filter(archived=False)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class CanonEntryQuerySet(models.QuerySet[EntryT]):
    def canon(self) -> Self:
        return self.filter(canon_status=CanonStatus.CANON)

    def drafts(self) -> Self:
        return self.filter(canon_status=CanonStatus.DRAFT)

    def living(self) -> Self:
        """Drafts and canon: what has not been retired."""
        return self.exclude(canon_status=CanonStatus.RETIRED)

    def from_origins(self, refs: Iterable[str]) -> Self:
        # "greater than empty" is the condition of the partial index, so that the database may use it.
        return self.filter(origin_ref__gt="", origin_ref__in=list(refs))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are written once: no ``update``, and no ``delete`` but together with their universe."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} rows go only when their universe goes.")
