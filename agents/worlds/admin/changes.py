"""Read-only admin of the history of universes, with the way back from one step."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.common.admin import diff, display
from agents.common.admin.base import link
from universes.admin.base import origin, staff
from universes.admin.typed import AnyModelAdmin
from universes.choices import EntryKind
from universes.errors import DomainError
from universes.models import CanonChange
from universes.services.history.canon_origins import undo_change
from universes.services.history.differences import readable
from universes.services.history.world_steps import changed_parts

# Models with another name than their kind, and of the scene whose moment a step changes.
_MODELS = {EntryKind.WORLD: "universe", EntryKind.EVENT: "storyevent", EntryKind.MOMENT: "scene"}
# Parts of a world that the list names, of one step.
MAX_PARTS = 3


@admin.register(CanonChange)
class CanonChangeAdmin(AnyModelAdmin):
    change_form_template = "admin/agents/record.html"
    list_display = ["at", "entry", "target_kind", "action", "universe_link", "person", "came_from"]
    list_filter = ["action", "target_kind", "at"]
    list_select_related = ["universe", "user", "world_import"]
    search_fields = ["universe__name", "user__username", "=origin_ref"]
    search_help_text = "By universe, person, or the id of the job that the entry came from."
    ordering = ["-at", "-id"]
    date_hierarchy = "at"
    fields = ("at", "universe_link", "entry", "action", "person", "came_from", "differences")
    readonly_fields = fields
    actions = ["revert"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # The histories of a universe and of an import lead here.
        return lookup in {"universe__id__exact", "world_import__id__exact"} or super().lookup_allowed(
            lookup, value, request
        )

    def name(self, change: CanonChange) -> str:
        if change.target_kind == EntryKind.WORLD:
            return _world_step(change)
        content = change.after or change.before or {}
        return str(content.get("name") or content.get("title") or display.short_id(change.target_id))

    @admin.display(description="universe", ordering="universe__name")
    def universe_link(self, change: CanonChange) -> SafeString | str:
        return link("universes_universe_change", change.universe_id, change.universe.name)

    @admin.display(description="entry")
    def entry(self, change: CanonChange) -> SafeString | str:
        model = _MODELS.get(EntryKind(change.target_kind), change.target_kind)
        return link(f"universes_{model}_change", change.target_id, self.name(change))

    @admin.display(description="by", ordering="user__username")
    def person(self, change: CanonChange) -> SafeString | str:
        return display.isolated(change.user.username) if change.user else "the review policy"

    @admin.display(description="from")
    def came_from(self, change: CanonChange) -> SafeString | str:
        if change.world_import is not None:
            return link("universes_worldimport_change", change.world_import.pk, change.world_import.file_name)
        return origin(change.origin_ref)

    @admin.display(description="what changed")
    def differences(self, change: CanonChange) -> SafeString:
        found = diff.changes(readable(change.before or {}), readable(change.after))
        return diff.side_by_side(found) or format_html("{}", "Nothing in its content.")

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


def _world_step(change: CanonChange) -> str:
    """Return which fields and rules of the world a step changed."""
    parts = changed_parts(change)
    more = [f"{len(parts) - MAX_PARTS} more"] if len(parts) > MAX_PARTS else []
    return f"World: {'; '.join([*parts[:MAX_PARTS], *more])}" if parts else str(EntryKind.WORLD.label)
