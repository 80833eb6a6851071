"""Relations between elements of a universe."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from universes import limits
from universes.choices import CanonStatus, EntryKind
from universes.ids import new_id
from universes.models.element import Element
from universes.models.universe import Universe
from universes.relations import SYMMETRIC, is_symmetric, sentence


class RelationQuerySet(models.QuerySet["Relation"]):
    def of(self, element_id: uuid.UUID) -> Self:
        """Select the relations of an element, in both directions."""
        return self.filter(Q(from_element_id=element_id) | Q(to_element_id=element_id))

    def between(self, statuses: Iterable[str]) -> Self:
        """Select relations whose elements both have one of these statuses."""
        known = list(statuses)
        return self.filter(from_element__canon_status__in=known, to_element__canon_status__in=known)

    def canon(self) -> Self:
        return self.between([CanonStatus.CANON])

    def living(self) -> Self:
        return self.between([CanonStatus.DRAFT, CanonStatus.CANON])

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Relation(models.Model):
    """A statement about two elements: ``from_element`` is ``kind`` of ``to_element``, "Mira is the sister of Tom".

    A symmetric kind is stored once, from the lower id to the higher. ``since`` and ``until`` are dates in the world's
    own words. Rows change only through ``services.relations``; each step inserts a CanonChange.
    """

    entry_kind = EntryKind.RELATION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(
        max_length=limits.RELATION_KIND, help_text="For example: sister, member, located in."
    )
    from_element = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="relations_from")
    to_element = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="relations_to")
    since = models.CharField(max_length=limits.STORY_TIME, blank=True, default="")
    until = models.CharField(max_length=limits.STORY_TIME, blank=True, default="")
    note = models.CharField(max_length=limits.RELATION_NOTE, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        db_table = "element_relations"
        constraints = [
            models.UniqueConstraint(
                fields=["from_element", "to_element", "kind", "since"], name="relation_stated_once"
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="relation_has_kind"),
            models.CheckConstraint(
                condition=~Q(from_element=F("to_element")), name="relation_of_two_elements"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(SYMMETRIC)) | Q(from_element__lt=F("to_element")),
                name="relation_symmetric_once",
            ),
        ]
        indexes = [models.Index(fields=["universe", "-created_at", "-id"], name="relation_newest")]

    def __str__(self) -> str:
        return sentence(str(self.from_element), self.kind, str(self.to_element), self.since, self.until)

    @property
    def is_symmetric(self) -> bool:
        return is_symmetric(self.kind)
