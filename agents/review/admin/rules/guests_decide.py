"""Admin page of the universes in which guests decide."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from agents.common import permissions
from agents.common.admin.base import AnyModelAdmin, signed_in_staff
from agents.models import GuestsDecide
from agents.review.guests import deciding


@admin.register(GuestsDecide)
class GuestsDecideAdmin(AnyModelAdmin):
    list_display = ["universe", "allowed_by", "allowed_at"]
    list_select_related = ["universe", "allowed_by"]
    fields = ["universe", "allowed_by", "allowed_at"]
    readonly_fields = ["allowed_by", "allowed_at"]
    autocomplete_fields = ["universe"]
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.is_lead(request.user)

    def has_view_permission(self, request: HttpRequest, obj: GuestsDecide | None = None) -> bool:
        return permissions.is_lead(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.is_lead(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: GuestsDecide | None = None) -> bool:
        return permissions.is_lead(request.user)

    def has_change_permission(self, request: HttpRequest, obj: GuestsDecide | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: GuestsDecide, form: Any, change: bool) -> None:
        allowed = deciding.allow(obj.universe_id, by=signed_in_staff(request))
        obj.allowed_by, obj.allowed_at = allowed.allowed_by, allowed.allowed_at

    def delete_model(self, request: HttpRequest, obj: GuestsDecide) -> None:
        deciding.forbid(obj.universe_id, by=signed_in_staff(request))
