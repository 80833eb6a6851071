"""Admin of the accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from mediaassets.accounts import api_keys, closing
from mediaassets.accounts.models import ApiKey
from universes.admin.typed import AnyModelAdmin
from universes.errors import DomainError

CLOSE = "auth.delete_user"

# Generic for the type checker only.
if TYPE_CHECKING:
    AnyUserAdmin = UserAdmin[User]
else:
    AnyUserAdmin = UserAdmin


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
        messages.success(request, f"{count} {'key' if count == 1 else 'keys'} revoked.")


admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(AnyUserAdmin):
    """Django's pages, where an account is closed and never deleted: its jobs and verdicts are the site's records."""

    change_form_template = "admin/accounts/change_form.html"
    actions = ["close_accounts"]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_close_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CLOSE)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.close_view)
        return [path("<int:user_id>/close/", view, name="auth_user_close"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "may_close": self.has_close_permission(request)}
        return super().change_view(request, object_id, form_url, context)

    def close_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Ask whether to close an account; the list carries it out."""
        if not self.has_close_permission(request):
            raise PermissionDenied
        return self._confirm(request, [get_object_or_404(User, pk=user_id)])

    @admin.action(description="Close the selected accounts", permissions=["close"])
    def close_accounts(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        accounts = list(queryset.order_by("username"))
        if request.POST.get("confirmed") != "yes":
            return self._confirm(request, accounts)
        for account in accounts:
            try:
                if account.is_superuser and not request.user.is_superuser:
                    raise PermissionDenied("Only superusers may close the account of a superuser.")
                closed = closing.close_account(account)
            except (DomainError, PermissionDenied) as refusal:
                messages.error(request, str(refusal))
            else:
                self.log_change(request, closed, "Closed the account.")
                messages.success(request, f"{account.username} was closed and is now {closed.username}.")
        return None

    def _confirm(self, request: HttpRequest, accounts: list[User]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Close an account" if len(accounts) == 1 else "Close accounts",
            "opts": self.opts,
            "media": self.media,
            "accounts": accounts,
            "checkbox": ACTION_CHECKBOX_NAME,
            "action_url": reverse("admin:auth_user_changelist"),
        }
        return TemplateResponse(request, "admin/accounts/close.html", context)
