"""Admin of universes, with their members and world config on one page."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from universes import limits
from universes.admin.base import ServiceAdmin, as_form_error, staff
from universes.admin.members import MemberInline, is_open
from universes.admin.typed import AnyModelForm, AnyStackedInline
from universes.choices import Role, TrustedOutput
from universes.errors import DomainError
from universes.models import Membership, Universe, WorldConfig
from universes.services import universes as service
from universes.services.rules import RuleInput
from universes.services.sharing import ownership
from universes.services.validation import check_range, clean_line
from universes.transfer.exports.formats import EXPORTS, download

REVIEW_FIELDS = ("review_within_h", "opinions_wanted", "audit_share", "second_opinion", "recheck_on_save")
WORLD_FIELDS = ("genre", "tone", "tech_level", "magic_system", "physics")


class UniverseForm(AnyModelForm):
    class Meta:
        model = Universe
        fields = ["name", "owner", "description", "trusted_output", "archived", *REVIEW_FIELDS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding and "owner" in self.fields:
            self.fields["owner"].required = False
            self.fields["owner"].help_text = "Changing it makes the current owner an editor."

    def clean_owner(self) -> Any:
        # An empty one keeps the present owner.
        return self.cleaned_data["owner"] or self.instance.owner

    def clean_name(self) -> str:
        try:
            return clean_line(self.cleaned_data["name"], "/name")
        except DomainError as error:
            raise as_form_error(error) from error

    def clean_review_within_h(self) -> Any:
        return self._in_range("review_within_h", 1, limits.REVIEW_WITHIN_H)

    def clean_opinions_wanted(self) -> Any:
        return self._in_range("opinions_wanted", 1, limits.OPINIONS)

    def clean_audit_share(self) -> Any:
        return self._in_range("audit_share", 0, 1)

    def _in_range(self, name: str, low: float, high: float) -> Any:
        value = self.cleaned_data[name]
        try:
            if value is not None:
                check_range(value, f"/{name}", low=low, high=high)
        except DomainError as error:
            raise as_form_error(error) from error
        return value

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        was_archived = not self.instance._state.adding and bool(self.initial.get("archived"))
        if was_archived and self.cleaned_data.get("archived") and self.has_changed():
            raise forms.ValidationError("This universe is archived: reopen it to change it.")
        return cleaned


class WorldConfigForm(AnyModelForm):
    rules = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80}),
        help_text="One rule per line, in order. A rule keeps its id while its text stays the same.",
    )

    class Meta:
        model = WorldConfig
        fields = list(WORLD_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            texts = self.instance.universe.world_rules.order_by("position").values_list("text", flat=True)
            self.initial["rules"] = "\n".join(texts)

    def clean_rules(self) -> str:
        lines = rule_lines(self.cleaned_data["rules"])
        if len(lines) > limits.RULES:
            raise forms.ValidationError(f"A world has at most {limits.RULES} rules.")
        for number, line in enumerate(lines, start=1):
            if len(line) > limits.RULE_TEXT:
                raise forms.ValidationError(f"Rule {number} is over {limits.RULE_TEXT} characters.")
        return "\n".join(lines)


class WorldConfigInline(AnyStackedInline):
    model = WorldConfig
    form = WorldConfigForm
    fields = [*WORLD_FIELDS, "rules"]
    can_delete = False
    extra = 0
    verbose_name_plural = "world config"

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return is_open(obj) and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [] if self.has_change_permission(request, obj) else ["rules_as_text"]

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        rules = "rules" if self.has_change_permission(request, obj) else "rules_as_text"
        return [*WORLD_FIELDS, rules]

    @admin.display(description="rules")
    def rules_as_text(self, config: WorldConfig) -> str:
        return "\n".join(config.universe.world_rules.order_by("position").values_list("text", flat=True))


@admin.register(Universe)
class UniverseAdmin(ServiceAdmin):
    history_lookup = "universe__id__exact"
    form = UniverseForm
    list_display = ["name", "owner", "member_count", "trusted_output", "archived", "created_at"]
    list_filter = ["archived", "trusted_output", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["name", "slug", "owner__username"]
    search_help_text = "By name or owner."
    autocomplete_fields = ["owner"]
    readonly_fields = ["slug", "created_at", "updated_at"]
    ordering = ["-created_at", "-id"]
    inlines = [WorldConfigInline, MemberInline]
    actions = None

    def get_urls(self) -> list[URLPattern]:
        address = "<uuid:universe_id>/export/<str:format_name>/"
        export = path(address, self.admin_site.admin_view(self.export_view), name="universes_universe_export")
        return [export, *super().get_urls()]

    def export_view(
        self, request: HttpRequest, universe_id: uuid.UUID, format_name: str
    ) -> StreamingHttpResponse:
        """Download a world as a file."""
        universe = get_object_or_404(Universe.objects.select_related("owner"), pk=universe_id)
        if not self.has_view_permission(request, universe):
            raise PermissionDenied
        if format_name not in EXPORTS:
            raise Http404
        return download(universe, format_name)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        is_new = context.get("original") is None
        return super().render_change_form(
            request, {**context, "export_formats": [] if is_new else list(EXPORTS)}, *args, **kwargs
        )

    @admin.display(description="members", ordering="member_total")
    def member_count(self, universe: Universe) -> int:
        total: int = universe.member_total  # type: ignore[attr-defined]
        return total

    def get_queryset(self, request: HttpRequest) -> QuerySet[Universe]:
        universes: QuerySet[Universe] = super().get_queryset(request)
        return universes.annotate(member_total=Count("memberships"))

    def get_fieldsets(self, request: HttpRequest, obj: Universe | None = None) -> list[Any]:
        main = ["name", "owner", "description", "trusted_output"]
        if obj is not None:
            main = ["name", "slug", *main[1:], "archived", "created_at", "updated_at"]
        return [(None, {"fields": main}), ("Review", {"fields": REVIEW_FIELDS})]

    def get_readonly_fields(self, request: HttpRequest, obj: Universe | None = None) -> list[str]:
        return ["slug", "created_at", "updated_at"]

    def get_inlines(self, request: HttpRequest, obj: Universe | None) -> list[type[Any]]:
        # The service creates the config and the first member of a new universe.
        return [] if obj is None else [WorldConfigInline, MemberInline]

    def response_post_save_add(self, request: HttpRequest, obj: Universe) -> HttpResponseRedirect:
        """Redirect to the page of the new universe, to edit its world config and members."""
        return HttpResponseRedirect(reverse("admin:universes_universe_change", args=[obj.pk]))

    def save_model(self, request: HttpRequest, obj: Universe, form: Any, change: bool) -> None:
        if change:
            service.update_universe(
                obj,
                name=obj.name,
                description=obj.description,
                trusted_output=TrustedOutput(obj.trusted_output),
                archived=obj.archived,
                **_review_settings(obj),
            )
            if "owner" in form.changed_data:
                ownership.transfer_universe(obj, obj.owner)
            return
        created = service.create_universe(
            obj.owner,
            name=obj.name,
            description=obj.description,
            trusted_output=TrustedOutput(obj.trusted_output),
            **_review_settings(obj),
        )
        # The admin logs and redirects with its own instance.
        obj.pk = created.pk
        obj.refresh_from_db(from_queryset=Universe.objects.all())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        if formset.model is WorldConfig:
            for config_form in formset.forms:
                if config_form.has_changed():
                    _save_world(config_form, staff(request))
        else:
            _save_members(form.instance, formset)

    def delete_model(self, request: HttpRequest, obj: Universe) -> None:
        service.delete_universe(obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, Any], set[Any], list[Any]]:
        """Require no permission for rows deleted by cascade, because entries are never deleted alone."""
        shown, counts, _, protected = super().get_deleted_objects(objs, request)
        return shown, counts, set(), protected


def _review_settings(universe: Universe) -> dict[str, Any]:
    return {name: getattr(universe, name) for name in REVIEW_FIELDS}


def rule_lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _save_world(form: forms.BaseForm, by: User) -> None:
    cleaned = form.cleaned_data
    service.update_world_config(
        cleaned["universe"],
        **{field: cleaned[field] for field in WORLD_FIELDS},
        rules=[RuleInput(text=line) for line in rule_lines(cleaned["rules"])],
        by=by,
    )


def _save_members(universe: Universe, formset: Any) -> None:
    deleted: Iterable[Membership] = formset.deleted_objects
    for membership in deleted:
        service.remove_member(universe, membership.user_id)
    for membership, changed_fields in formset.changed_objects:
        if "user" in changed_fields:
            service.remove_member(universe, Membership.objects.get(pk=membership.pk).user_id)
            service.add_member(universe, membership.user, Role(membership.role))
        else:
            service.change_role(universe, membership.user_id, Role(membership.role))
    for membership in formset.new_objects:
        service.add_member(universe, membership.user, Role(membership.role))
