"""Admin of the API keys."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from mediaassets.accounts.keys import api_keys
from mediaassets.accounts.models import ApiKey
from universes.admin.typed import AnyModelAdmin


@admin.register(ApiKey)
class ApiKeyAdmin(AnyModelAdmin):
    """List of all keys, which can only be revoked here."""

    list_display = ["name", "user", "id", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    list_filter = ["created_at"]
    search_fields = ["id", "name", "user__username"]
    search_help_text = "By name, id or owner."
    fields = ["name", "user", "id", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    readonly_fields = [
        "name",
        "user",
        "id",
        "scopes",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    ]
    actions = ["revoke"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Django would filter by any column in the address, also by the hash.
        return lookup.startswith("created_at") and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_apikey")

    @admin.action(description="Revoke the selected keys", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = api_keys.revoke_all(queryset)
        told = messages.success if count else messages.info
        told(request, f"{count} {'key' if count == 1 else 'keys'} revoked.")
