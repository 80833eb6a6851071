"""Read-only admin of the canon record."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from universes.admin.typed import AnyModelAdmin
from universes.models import CanonChange


@admin.register(CanonChange)
class CanonChangeAdmin(AnyModelAdmin):
    list_display = ["at", "universe", "target_kind", "name", "action", "person", "origin_ref"]
    list_filter = ["action", "target_kind", "at"]
    list_select_related = ["universe", "user"]
    search_fields = ["universe__name", "user__username", "=origin_ref"]
    search_help_text = "By universe, person, or the id of the job that the entry came from."
    ordering = ["-at", "-id"]
    date_hierarchy = "at"
    fields = ("at", "universe", "entry", "action", "person", "origin_ref", "content_before", "content_after")
    readonly_fields = fields

    @admin.display(description="entry")
    def name(self, change: CanonChange) -> str:
        content = change.after or change.before or {}
        return str(content.get("name") or content.get("title") or change.target_id)

    @admin.display(description="entry")
    def entry(self, change: CanonChange) -> str | SafeString:
        try:
            address = reverse(f"admin:universes_{change.target_kind}_change", args=[change.target_id])
        except NoReverseMatch:
            return self.name(change)
        return format_html('<a href="{}">{}</a>', address, self.name(change))

    @admin.display(description="by", ordering="user__username")
    def person(self, change: CanonChange) -> str:
        return change.user.username if change.user else "policy"

    @admin.display(description="before")
    def content_before(self, change: CanonChange) -> SafeString:
        return _as_text(change.before)

    @admin.display(description="after")
    def content_after(self, change: CanonChange) -> SafeString:
        return _as_text(change.after)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def _as_text(content: Any) -> SafeString:
    if content is None:
        return format_html("{}", "-")
    return format_html("<pre>{}</pre>", json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True))
