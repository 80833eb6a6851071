"""Read-only admin of the history of universes, with the way back from one step."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.common.admin import diff
from universes.admin.base import staff
from universes.admin.typed import AnyModelAdmin
from universes.choices import EntryKind
from universes.errors import DomainError
from universes.models import CanonChange
from universes.services.history.canon_origins import undo_change
from universes.services.history.differences import readable

# Models with another name than their kind, and of the scene whose moment a step changes.
_MODELS = {EntryKind.WORLD: "universe", EntryKind.EVENT: "storyevent", EntryKind.MOMENT: "scene"}


@admin.register(CanonChange)
class CanonChangeAdmin(AnyModelAdmin):
    list_display = ["at", "universe", "target_kind", "name", "action", "person", "came_from"]
    list_filter = ["action", "target_kind", "at"]
    list_select_related = ["universe", "user", "world_import"]
    search_fields = ["universe__name", "user__username", "=origin_ref"]
    search_help_text = "By universe, person, or the id of the job that the entry came from."
    ordering = ["-at", "-id"]
    date_hierarchy = "at"
    fields = ("at", "universe", "entry", "action", "person", "came_from", "differences")
    readonly_fields = fields
    actions = ["revert"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # The histories of a universe and of an import lead here.
        return lookup in {"universe__id__exact", "world_import__id__exact"} or super().lookup_allowed(
            lookup, value, request
        )

    @admin.display(description="entry")
    def name(self, change: CanonChange) -> str:
        if change.target_kind == EntryKind.WORLD:
            return str(EntryKind.WORLD.label)
        content = change.after or change.before or {}
        return str(content.get("name") or content.get("title") or change.target_id)

    @admin.display(description="entry")
    def entry(self, change: CanonChange) -> str | SafeString:
        model = _MODELS.get(EntryKind(change.target_kind), change.target_kind)
        try:
            address = reverse(f"admin:universes_{model}_change", args=[change.target_id])
        except NoReverseMatch:
            return self.name(change)
        return format_html('<a href="{}">{}</a>', address, self.name(change))

    @admin.display(description="by", ordering="user__username")
    def person(self, change: CanonChange) -> str:
        return change.user.username if change.user else "policy"

    @admin.display(description="from")
    def came_from(self, change: CanonChange) -> str | SafeString:
        if change.world_import is not None:
            address = reverse("admin:universes_worldimport_change", args=[change.world_import.pk])
            return format_html('<a href="{}">{}</a>', address, change.world_import.file_name)
        return change.origin_ref or "-"

    @admin.display(description="what changed")
    def differences(self, change: CanonChange) -> SafeString:
        found = diff.changes(readable(change.before or {}), readable(change.after))
        return format_html_join(
            "",
            "<section><h4>{}</h4><p>{}</p>"
            '<div class="diff"><div dir="auto">{}</div><div dir="auto">{}</div></div></section>',
            ((each.label, each.remark, each.before, each.after) for each in found),
        ) or format_html("{}", "-")

    @admin.action(description="Revert", permissions=["revert"])
    def revert(self, request: HttpRequest, queryset: QuerySet[CanonChange]) -> None:
        """Undo the chosen steps, the newest first; one on which something builds stays, and is named."""
        count = 0
        for change in queryset.order_by("-at", "-id"):
            try:
                undo_change(change.pk, staff(request))
            except DomainError as error:
                self.message_user(request, f"{self.name(change)}: {error.message}", messages.ERROR)
            else:
                count += 1
        self.message_user(request, f"{count} reverted.", messages.SUCCESS if count else messages.INFO)

    def has_revert_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("universes.change_element") and request.user.has_perm(
            "universes.change_scene"
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
