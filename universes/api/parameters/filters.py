"""Query filters of the lists."""

from __future__ import annotations

import uuid
from typing import Any

import django_filters

from universes import limits
from universes.api.parameters.filter_kinds import (
    TRUE_OR_FALSE,
    ChoiceSetFilter,
    FilterSet,
    IncludeFilter,
    OrderingFilter,
    WordsFilter,
    updated_since,
)
from universes.choices import CanonStatus, ElementKind, SceneKind
from universes.fields import fold
from universes.models import Element, Membership, Relation, Scene
from universes.models.canon import CanonEntryQuerySet
from universes.models.relation import RelationQuerySet
from universes.relations import clean_kind


class UniverseFilter(FilterSet):
    archived = django_filters.TypedChoiceFilter(
        field_name="universe__archived", choices=TRUE_OR_FALSE, coerce=lambda word: word == "true"
    )
    updated_since = updated_since("universe__updated_at")
    ordering = OrderingFilter(
        created_at=["universe__created_at", "universe_id"],
        updated_at=["universe__updated_at", "universe_id"],
        name=["universe__name", "universe_id"],
    )

    class Meta:
        model = Membership
        fields: list[str] = []


class CanonEntryFilter(FilterSet):
    """Filters of canon entries; retired ones are listed only with ``canon_status=retired``."""

    canon_status = ChoiceSetFilter(choices=CanonStatus.choices, help_text="Default: `draft,canon`.")
    origin_ref = django_filters.CharFilter(
        max_length=limits.ORIGIN_REF, method="from_origin", help_text="Id of the job that made the entry."
    )
    updated_since = updated_since()

    def from_origin(
        self, queryset: CanonEntryQuerySet[Any], name: str, value: str
    ) -> CanonEntryQuerySet[Any]:
        return queryset.from_origins([value])

    def filter_queryset(self, queryset: CanonEntryQuerySet[Any]) -> CanonEntryQuerySet[Any]:
        entries: CanonEntryQuerySet[Any] = super().filter_queryset(queryset)
        return entries if self.form.cleaned_data.get("canon_status") else entries.living()


class ElementFilter(CanonEntryFilter):
    ordering = OrderingFilter(
        created_at=["created_at", "id"], updated_at=["updated_at", "id"], name=["name", "id"]
    )
    kind = ChoiceSetFilter(choices=ElementKind.choices)
    q = WordsFilter("are in the name or in the summary")
    search = django_filters.CharFilter(
        max_length=limits.NAME,
        method="named_like",
        help_text="Part of the name, ignoring case, width and signs that show nothing.",
    )

    class Meta:
        model = Element
        fields: list[str] = []

    def named_like(self, queryset: CanonEntryQuerySet[Any], name: str, value: str) -> CanonEntryQuerySet[Any]:
        # Compare the folded key, because the databases fold letters outside ASCII differently.
        return queryset.filter(name_key__contains=fold(value))


class SceneFilter(CanonEntryFilter):
    ordering = OrderingFilter(
        created_at=["created_at", "id"],
        updated_at=["updated_at", "id"],
        title=["title", "id"],
        story=["story_position", "id"],
    )
    kind = ChoiceSetFilter(choices=SceneKind.choices)
    q = WordsFilter("are in the title or in the text")
    include = IncludeFilter(text=["text"], details=["details"])

    class Meta:
        model = Scene
        fields: list[str] = []


class RelationFilter(FilterSet):
    element_id = django_filters.UUIDFilter(
        method="of_element", help_text="Relations of this element, in both directions."
    )
    kind = django_filters.CharFilter(max_length=limits.RELATION_KIND, method="of_kind")
    updated_since = updated_since()

    class Meta:
        model = Relation
        fields: list[str] = []

    def of_element(self, queryset: RelationQuerySet, name: str, value: uuid.UUID) -> RelationQuerySet:
        return queryset.of(value)

    def of_kind(self, queryset: RelationQuerySet, name: str, value: str) -> RelationQuerySet:
        return queryset.filter(kind=clean_kind(value))
