"""The abstract canon entry and the append-only record of its steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from universes import limits
from universes.choices import CanonStatus, ChangeAction, EntryKind
from universes.ids import new_id
from universes.models.universe import Universe

EntryT = TypeVar("EntryT", bound="CanonEntry")


class CanonEntryQuerySet(models.QuerySet[EntryT]):
    def canon(self) -> Self:
        return self.filter(canon_status=CanonStatus.CANON)

    def drafts(self) -> Self:
        return self.filter(canon_status=CanonStatus.DRAFT)

    def living(self) -> Self:
        """Exclude retired entries."""
        return self.exclude(canon_status=CanonStatus.RETIRED)

    def from_origins(self, refs: Iterable[str]) -> Self:
        # Repeat the condition of the partial index, so that the database can use it.
        return self.filter(origin_ref__gt="", origin_ref__in=list(refs))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class CanonEntry(models.Model):
    """A fact of a universe: proposed (draft), true (canon) or no longer true (retired).

    ``origin_ref`` is the id of the job that made the entry, or empty for an entry made by hand; a job makes at most
    one entry per table. ``mentions`` are the characters of whom its text only speaks (see ``universes.mentions``).
    Rows change only through ``services.canon``; each step inserts a CanonChange.
    """

    entry_kind: ClassVar[EntryKind]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="%(class)ss")
    canon_status = models.CharField(
        "status", max_length=10, choices=CanonStatus.choices, default=CanonStatus.DRAFT, editable=False
    )
    origin_ref = models.CharField(
        max_length=limits.ORIGIN_REF,
        blank=True,
        default="",
        editable=False,
        help_text="The job that created it. Empty: created by hand.",
    )
    mentions: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(
        blank=True,
        default=list,
        help_text="Characters that the text only mentions.",
    )
    declared: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True,
        editable=False,
        help_text="What its import said of what made it. Empty: it was not imported.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("changed", auto_now=True)

    class Meta:
        abstract = True
        constraints = [
            # origin_ref comes first because the clean-up queries it without a universe.
            models.UniqueConstraint(
                fields=["origin_ref", "universe"],
                condition=Q(origin_ref__gt=""),
                name="%(class)s_one_per_origin",
            ),
            models.CheckConstraint(
                condition=Q(canon_status__in=CanonStatus.values), name="%(class)s_canon_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["universe", "-created_at", "-id"], name="%(class)s_newest"),
            models.Index(fields=["universe", "canon_status", "-created_at"], name="%(class)s_by_status"),
            # The admin's list of all universes.
            models.Index(fields=["-created_at", "-id"], name="%(class)s_newest_of_all"),
            # The number of drafts of all universes.
            models.Index(
                fields=["universe"], condition=Q(canon_status=CanonStatus.DRAFT), name="%(class)s_drafts"
            ),
        ]


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Insert-only rows: no ``update``, and ``delete`` only by cascade from the universe."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} rows go only when their universe goes.")


class CanonChange(models.Model):
    """Immutable record of one step of an entry, written in the same transaction.

    ``user`` is null if the review policy acted. ``before`` and ``after`` hold the entry's content and status;
    ``before`` is null for a new entry.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="canon_changes")
    target_kind = models.CharField("kind of entry", max_length=10, choices=EntryKind.choices)
    # Not a foreign key: the record outlives its entry.
    target_id = models.UUIDField()
    action = models.CharField(max_length=10, choices=ChangeAction.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    origin_ref = models.CharField(max_length=limits.ORIGIN_REF, blank=True, default="")
    world_import = models.ForeignKey(
        "universes.WorldImport",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="changes",
        help_text="The import that made the step.",
    )
    before: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)
    after: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    at = models.DateTimeField("time", default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        db_table = "canon_changes"
        constraints = [
            models.CheckConstraint(
                condition=Q(target_kind__in=EntryKind.values), name="canon_change_target_known"
            ),
            models.CheckConstraint(
                condition=Q(action__in=ChangeAction.values), name="canon_change_action_known"
            ),
        ]
        indexes = [
            models.Index(fields=["universe", "-at", "-id"], name="canon_change_newest"),
            models.Index(fields=["target_kind", "target_id", "at"], name="canon_change_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.get_target_kind_display()}: {self.get_action_display().lower()}"
