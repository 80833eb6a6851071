"""Timeline of universes: its events, and the moments of scenes on the pages of scenes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from universes.admin.base import ServiceAdmin, staff
from universes.admin.entry_form import EntryForm
from universes.admin.typed import AnyModelForm, AnyTabularInline
from universes.choices import CanonStatus
from universes.models import Element, Scene, SceneMoment, StoryEvent
from universes.services import timeline as service

FIELDS = ("kind", "title", "key", "label", "note", "place", "participants")


class StoryEventForm(EntryForm):
    class Meta:
        model = StoryEvent
        fields = ["universe", *FIELDS]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        universe = self.cleaned_data.get("universe") or (
            None if self.instance._state.adding else self.instance.universe
        )
        place = self.cleaned_data.get("place")
        named: dict[str, list[Element]] = {
            "place": [place] if place else [],
            "participants": list(self.cleaned_data.get("participants") or ()),
        }
        for field, elements in named.items():
            for element in elements:
                if universe is not None and element.universe_id != universe.pk:
                    self.add_error(field, f"“{element}” is in another universe.")
                elif element.canon_status == CanonStatus.RETIRED:
                    self.add_error(field, f"“{element}” is retired.")
        return cleaned


@admin.register(StoryEvent)
class StoryEventAdmin(ServiceAdmin):
    """Events; whoever may change elements may change them."""

    form = StoryEventForm
    list_display = ["title", "key", "label", "kind", "universe", "place"]
    list_filter = ["kind", "universe__archived", "created_at"]
    list_select_related = ["universe", "place"]
    search_fields = ["title", "label", "universe__name"]
    search_help_text = "By title, moment or universe."
    autocomplete_fields = ["universe", "place", "participants"]
    ordering = ["universe", "key", "id"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # The page of a universe leads here.
        return lookup == "universe__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("universe", "place")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [] if obj is None else ["universe"]

    def save_model(self, request: HttpRequest, obj: StoryEvent, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in FIELDS}
        given["place"] = given["place"].pk if given["place"] else None
        given["participants"] = [element.pk for element in given["participants"]]
        if change:
            service.change_event(obj.universe, obj.pk, given, by=staff(request))
        else:
            # The admin logs and redirects with its own instance.
            obj.pk = service.add_event(obj.universe, given, by=staff(request)).pk
            obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save nothing more: the service has stored the participants."""

    def delete_model(self, request: HttpRequest, obj: StoryEvent) -> None:
        service.remove_event(obj.universe, obj.pk, by=staff(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[StoryEvent]) -> None:
        for event in queryset.select_related("universe"):
            self.delete_model(request, event)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.has_perm("universes.view_element") or self._may_change(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may_change(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may_change(request, obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, Any], set[Any], list[Any]]:
        """Require no permission of its own."""
        shown, counts, _, protected = super().get_deleted_objects(objs, request)
        return shown, counts, set(), protected

    @staticmethod
    def _may_change(request: HttpRequest, obj: models.Model | None = None) -> bool:
        is_open = not (isinstance(obj, StoryEvent) and obj.universe.archived)
        return is_open and request.user.has_perm("universes.change_element")


class MomentForm(AnyModelForm):
    class Meta:
        model = SceneMoment
        fields = ["key", "label"]

    def clean_label(self) -> str:
        label = " ".join(self.cleaned_data["label"].split())
        if not label:
            raise forms.ValidationError("Say it in the world's own words.")
        return label


class MomentInline(AnyTabularInline):
    """The moment of a scene, on its page."""

    model = SceneMoment
    form = MomentForm
    max_num = 1
    verbose_name_plural = "moment"

    def get_extra(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> int:
        # Readers have no empty row: Django shows one although they could not save it.
        return 1 if self.has_add_permission(request, obj) else 0

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        is_open = not (
            isinstance(obj, Scene) and (obj.universe.archived or obj.canon_status == CanonStatus.RETIRED)
        )
        return is_open and request.user.has_perm("universes.change_scene")

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_change_permission(request, obj)


def save_moment(request: HttpRequest, scene: Scene, formset: Any) -> None:
    """Save the row of the inline through the service."""
    moments = formset.save(commit=False)
    if formset.deleted_objects:
        service.unplace_scene(scene, by=staff(request))
    for moment in moments:
        service.place_scene(scene, key=moment.key, label=moment.label, by=staff(request))
