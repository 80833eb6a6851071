"""Admin of elements and scenes: forms edit content, two actions change the status."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from universes.admin.base import ServiceAdmin, as_form_error, origin, staff
from universes.admin.entry_form import EntryForm
from universes.admin.paginator import BoundedPaginator
from universes.admin.relations import RelatedMixin, RelationInline, save_relations
from universes.admin.searching import search
from universes.admin.timeline import MomentInline, save_moment
from universes.choices import CanonStatus, ElementKind
from universes.errors import DomainError
from universes.fields import fold
from universes.models import CanonEntry, Element, Scene
from universes.passports.entries import passport_of
from universes.services import canon, namesakes
from universes.traits import validate_traits

MENTIONS_HELP = (
    "Characters of whom the text only speaks, so that facts about the present do not apply to them, as a JSON list: "
    '[{"name": "Mira Voss", "how": "posthumous"}]. How is posthumous, flashback or legend.'
)


class ElementForm(EntryForm):
    class Meta:
        model = Element
        fields = ["universe", "kind", "name", "summary", "traits", "mentions"]
        help_texts = {
            "traits": "A JSON object. Known keys depend on the kind; any other key holds a text.",
            "name": "Unique per universe and kind, ignoring case.",
            "mentions": MENTIONS_HELP,
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        kind = ElementKind(self.cleaned_data.get("kind") or self.instance.kind or ElementKind.CONCEPT)
        if "traits" in self.cleaned_data:
            self._check_traits(kind)
        universe = self.cleaned_data.get("universe") or (
            None if self.instance._state.adding else self.instance.universe
        )
        name = self.cleaned_data.get("name")
        if universe is not None and name:
            others = Element.objects.living().filter(universe=universe, kind=kind, name_key=fold(name))
            if others.exclude(pk=self.instance.pk).exists():
                self.add_error("name", f"There is another {kind.label.lower()} of this name.")
        return cleaned

    def _check_traits(self, kind: ElementKind) -> None:
        traits = self.cleaned_data["traits"] or {}
        if not isinstance(traits, dict):
            self.add_error("traits", 'Traits are a JSON object: {"age": 31}.')
            return
        try:
            self.cleaned_data["traits"] = validate_traits(kind, traits)
        except DomainError as error:
            self.add_error("traits", as_form_error(error))


class SceneForm(EntryForm):
    class Meta:
        model = Scene
        fields = ["universe", "title", "text", "mentions"]
        help_texts = {"mentions": MENTIONS_HELP}


class EntryAdmin(ServiceAdmin):
    """Admin of entries, which are retired but never deleted.

    Retired entries and entries of archived universes are read-only.
    """

    change_list_template = "admin/universes/entry_change_list.html"
    list_select_related = ["universe", "created_by"]
    autocomplete_fields = ["universe"]
    ordering = ["-created_at", "-id"]
    show_full_result_count = False
    paginator = BoundedPaginator
    name_field: str
    actions = ["add_to_canon", "retire"]
    record_fields = ["canon_status", "disclosure", "came_from", "created_by", "created_at", "updated_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("universe", "created_by")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # What is written in them is found by words; a part of a name need not begin a word.
        texts = [self.name_field, "universe__name"]
        found = search(queryset, search_term, exact=["origin_ref"], texts=texts, written="pk")
        return found, False

    def get_fields(self, request: HttpRequest, obj: CanonEntry | None = None) -> list[Any]:
        content = list(self.form_fields())
        return content if obj is None else [*content, *self.record_fields]

    def get_readonly_fields(self, request: HttpRequest, obj: CanonEntry | None = None) -> list[str]:
        readonly = ["universe", "kind"] if self.model is Element else ["universe"]
        return list(self.record_fields) if obj is None else [*readonly, *self.record_fields]

    @admin.display(description="disclosure")
    def disclosure(self, obj: Element | Scene) -> str:
        passport = passport_of(obj)
        return f"{passport.disclosure}: {passport.sentence}"

    @admin.display(description="from")
    def came_from(self, obj: Element | Scene) -> SafeString | str:
        return origin(obj.origin_ref)

    def form_fields(self) -> list[str]:
        meta: Any = self.form
        return list(meta.Meta.fields)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        if isinstance(obj, CanonEntry) and (obj.canon_status == CanonStatus.RETIRED or obj.universe.archived):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @admin.action(description="Promote to canon", permissions=["change"])
    def add_to_canon(self, request: HttpRequest, queryset: QuerySet[CanonEntry]) -> None:
        self._set_status(request, queryset, CanonStatus.CANON, "promoted to canon")

    @admin.action(description="Retire", permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[CanonEntry]) -> None:
        self._set_status(request, queryset, CanonStatus.RETIRED, "retired")

    def _set_status(
        self, request: HttpRequest, queryset: QuerySet[CanonEntry], status: CanonStatus, result: str
    ) -> None:
        count = 0
        for entry in queryset:
            if entry.canon_status == status:
                continue
            try:
                changed = canon.set_status(entry, status, by=staff(request))
            except DomainError as error:
                self.message_user(request, error.message, messages.ERROR)
            else:
                self.log_change(request, changed, f"Now {status.label.lower()}.")
                count += 1
        self.message_user(request, f"{count} {result}.", messages.SUCCESS if count else messages.INFO)


@admin.register(Element)
class ElementAdmin(RelatedMixin, EntryAdmin):
    form = ElementForm
    name_field = "name"
    inlines = [RelationInline]
    record_fields = ["looks_like", "stated_by_others", *EntryAdmin.record_fields]
    list_display = ["name", "kind", "universe", "canon_status", "created_by", "created_at"]
    list_filter = ["canon_status", "kind", "universe__archived", "created_at"]
    search_fields = ["name", "universe__name", "=origin_ref"]
    search_help_text = "By name, words of the summary, universe, or the id of the job that it came from."

    def save_model(self, request: HttpRequest, obj: Element, form: Any, change: bool) -> None:
        content: dict[str, Any] = {
            "name": obj.name,
            "summary": obj.summary,
            "traits": obj.traits or {},
            "mentions": obj.mentions,
        }
        if change:
            saved = canon.revise_element(obj, **content, by=staff(request))
        else:
            saved = canon.add_element(obj.universe, kind=obj.kind, **content, by=staff(request))
        _copy_saved_fields(obj, saved)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[type[Any]]:
        return [] if obj is None else [RelationInline]

    @admin.display(description="Looks like", empty_value="no other name")
    def looks_like(self, element: Element) -> str | None:
        return namesakes.looked_like([element]).get(element.pk)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        save_relations(request, form.instance, formset)


@admin.register(Scene)
class SceneAdmin(EntryAdmin):
    form = SceneForm
    name_field = "title"
    list_display = ["title", "universe", "word_count", "canon_status", "created_by", "created_at"]
    list_filter = ["canon_status", "universe__archived", "created_at"]
    search_fields = ["title", "universe__name", "=origin_ref"]
    search_help_text = "By title, words of the text, universe, or the id of the job that it came from."
    record_fields = ["kind", "details", "word_count", *EntryAdmin.record_fields]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[type[Any]]:
        return [] if obj is None else [MomentInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        save_moment(request, form.instance, formset)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        scenes: QuerySet[Scene] = super().get_queryset(request)
        # Texts are long, and the list does not show them.
        is_list = getattr(request.resolver_match, "url_name", "") == "universes_scene_changelist"
        return scenes.defer("text", "details") if is_list and request.method == "GET" else scenes

    def save_model(self, request: HttpRequest, obj: Scene, form: Any, change: bool) -> None:
        content: dict[str, Any] = {"title": obj.title, "text": obj.text, "mentions": obj.mentions}
        if change:
            saved = canon.revise_scene(obj, **content, by=staff(request))
        else:
            saved = canon.add_scene(obj.universe, **content, by=staff(request))
        _copy_saved_fields(obj, saved)


def _copy_saved_fields(obj: CanonEntry, saved: CanonEntry) -> None:
    """Copy the saved row onto the admin's own instance, which it uses to log and redirect."""
    for field in saved._meta.concrete_fields:
        setattr(obj, field.attname, getattr(saved, field.attname))
    obj._state.adding = False
