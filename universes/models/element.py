"""Elements of a universe: characters, locations, items and other things with a name."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from universes import limits
from universes.choices import CanonStatus, ElementKind, EntryKind
from universes.fields import FoldedNameField
from universes.models.canon import CanonEntry, CanonEntryQuerySet


class Element(CanonEntry):
    """A thing of one kind with a name, and with typed and free ``traits`` (see ``universes.traits``).

    Names are unique per universe and kind among entries that are not retired, by their ``universes.fields.fold``.
    """

    entry_kind = EntryKind.ELEMENT

    kind = models.CharField(max_length=12, choices=ElementKind.choices)
    name = models.CharField(max_length=limits.NAME)
    name_key = FoldedNameField(max_length=limits.NAME_KEY)
    summary = models.TextField(blank=True, default="", max_length=limits.SUMMARY)
    traits: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(blank=True, default=dict)

    objects = CanonEntryQuerySet["Element"].as_manager()

    class Meta(CanonEntry.Meta):
        abstract = False
        db_table = "elements"
        constraints = [
            *CanonEntry.Meta.constraints,
            models.UniqueConstraint(
                fields=["universe", "kind", "name_key"],
                condition=~Q(canon_status=CanonStatus.RETIRED),
                name="element_name_once_per_kind",
            ),
            models.CheckConstraint(condition=Q(kind__in=ElementKind.values), name="element_kind_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(name_key=""), name="element_is_named"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("summary"), limits.SUMMARY), name="element_summary_bounded"
            ),
        ]
        indexes = [
            *CanonEntry.Meta.indexes,
            models.Index(fields=["universe", "kind", "-created_at"], name="element_by_kind"),
        ]

    def __str__(self) -> str:
        return self.name
