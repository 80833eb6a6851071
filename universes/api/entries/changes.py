"""Endpoints of the history: the steps of entries, relations, the world config and the timeline, and the way back."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes.api.base import ListView, universe_in_path
from universes.api.parameters.filter_kinds import ChoiceSetFilter, FilterSet, IncludeFilter
from universes.api.parameters.light import LightRow
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.choices import ChangeAction, EntryKind, Role
from universes.errors import NotFound
from universes.models import CanonChange
from universes.services.history.canon_origins import undo_change
from universes.services.history.differences import Difference, differences_of
from universes.word_differences import Run, WordComparison

CHANGE_ID = uuid_in_path("change_id", "The step.")


class ChangeOut(serializers.ModelSerializer[CanonChange]):
    name = serializers.SerializerMethodField(help_text="Of the entry, as it was then.")
    by = serializers.CharField(
        source="user.username", default=None, allow_null=True, help_text="Null if the review policy acted."
    )
    import_id = serializers.UUIDField(source="world_import_id", allow_null=True)
    before = serializers.JSONField(allow_null=True, help_text="Null for a new entry.")
    after = serializers.JSONField(help_text="Empty if the entry is gone since.")

    class Meta:
        model = CanonChange
        fields = [
            "id",
            "target_kind",
            "target_id",
            "name",
            "action",
            "by",
            "origin_ref",
            "import_id",
            "before",
            "after",
            "at",
        ]

    def get_name(self, change: CanonChange) -> str:
        if change.target_kind == EntryKind.WORLD:
            return str(EntryKind.WORLD.label)
        content: dict[str, Any] = change.after or change.before or {}
        return str(content.get("name") or content.get("title") or "")


class WordsOut(serializers.Serializer[Run]):
    """A stretch of words: equal on both sides, or those that were removed and those that came in their place."""

    is_equal = serializers.BooleanField()
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    def get_before(self, run: Run) -> str:
        return "".join(run.removed)

    def get_after(self, run: Run) -> str:
        return "".join(run.added)


class DifferenceOut(serializers.Serializer[Difference]):
    field = serializers.CharField()
    words = WordsOut(many=True)


class DifferencesField(serializers.ListField):
    child = DifferenceOut()

    def to_representation(self, change: Any) -> list[Any]:
        return [
            self.child.to_representation(found) for found in differences_of(change, self.context["words"])
        ]


class ChangeRowOut(LightRow, ChangeOut):
    """A step in a list."""

    parts: ClassVar = {"before": "content", "after": "content", "differences": "differences"}
    before = serializers.JSONField(required=False, allow_null=True, help_text="Only with `include=content`.")
    after = serializers.JSONField(required=False, help_text="Only with `include=content`.")
    differences = DifferencesField(
        required=False,
        source="*",
        help_text="Only with `include=differences`: the fields that differ, word by word.",
    )

    class Meta(ChangeOut.Meta):
        fields = [*ChangeOut.Meta.fields, "differences"]


class ChangeFilter(FilterSet):
    target_kind = ChoiceSetFilter(choices=EntryKind.choices)
    target_id = django_filters.UUIDFilter(
        help_text="The element, scene, relation or event; for a moment its scene, for the world config the universe."
    )
    action = ChoiceSetFilter(choices=ChangeAction.choices)
    import_id = django_filters.UUIDFilter(method="of_import", help_text="Steps that this import made.")
    # The name of an entry is in its content, so that the columns are read anyway.
    include = IncludeFilter(content=[], differences=[])

    class Meta:
        model = CanonChange
        fields: list[str] = []

    def of_import(
        self, queryset: QuerySet[CanonChange], name: str, value: uuid.UUID
    ) -> QuerySet[CanonChange]:
        return queryset.filter(world_import_id=value)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class ChangeList(ListView):
    """Steps of the entries of a universe, newest first."""

    queryset = CanonChange.objects.none()
    serializer_class = ChangeOut
    filterset_class = ChangeFilter

    def get_serializer_context(self) -> dict[str, Any]:
        # One budget for all rows of the page.
        return {**super().get_serializer_context(), "words": WordComparison()}

    @extend_schema(responses=ChangeRowOut(many=True))
    def get(self, request: Request, universe_id: str) -> Response:
        changes = CanonChange.objects.filter(universe=universe_in_path(request, universe_id))
        return self.page(changes.select_related("user").order_by("-at", "-id"), ChangeRowOut)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, CHANGE_ID])
class ChangeRevert(APIView):
    @extend_schema(request=None, responses=ChangeOut)
    def post(self, request: Request, universe_id: str, change_id: str) -> Response:
        """Undo a step, if it is the last one of its entry and nothing builds on it; the answer is the new step."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        pk = parse_uuid(change_id, "change")
        if not CanonChange.objects.filter(universe=universe, pk=pk).exists():
            raise NotFound(f"There is no change {change_id} in “{universe.name}”.", code="change_not_found")
        undone = undo_change(pk, signed_in(request))
        return Response(ChangeOut(undone).data)
