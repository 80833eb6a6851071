"""Admin of the accounts."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agents.common import dispatch
from mediaassets.accounts import roles, usernames
from mediaassets.accounts.account_forms import AccountForm, NewAccountForm
from mediaassets.accounts.keys import api_keys
from mediaassets.accounts.models import ApiKey
from mediaassets.accounts.own import closing
from mediaassets.accounts.passwords import links
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


class RoleFilter(admin.SimpleListFilter):
    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, str]]:
        return ((role.code, role.name) for role in roles.ROLES)

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        role = next((role for role in roles.ROLES if role.code == self.value()), None)
        if role is None:
            return queryset
        if role.group is None:
            return queryset.filter(is_superuser=True)
        return queryset.filter(groups__name=role.group)


def _is_advanced(request: HttpRequest) -> bool:
    """Return whether the form shows single permissions, which are many and rarely needed."""
    return _is_administrator(request) and "advanced" in request.GET


def _is_administrator(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


@admin.register(User)
class AccountAdmin(AnyUserAdmin):
    """Django's pages, where an account is closed and never deleted: its jobs and verdicts are the site's records."""

    change_form_template = "admin/accounts/change_form.html"
    form = AccountForm
    add_form_template = "admin/auth/user/add_form.html"
    add_form = NewAccountForm
    list_display = ["username", "full_name", "email", "role_names", "is_active", "signed_in"]
    list_filter = [RoleFilter, "is_active"]
    search_help_text = "By user name, name or mail address."
    add_fieldsets = [(None, {"fields": ["username", "first_name", "last_name", "email", "roles"]})]
    actions = ["close_accounts"]

    @property
    def media(self) -> Media:
        # The fields bring the scripts that they need; Django's own are for forms of other kinds.
        return Media()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        fieldsets: list[Any] = [
            (None, {"fields": ["username", "first_name", "last_name", "email", "is_active"]}),
            ("Roles", {"fields": ["roles"]}),
            ("Dates", {"fields": ["last_login", "date_joined"]}),
        ]
        if _is_advanced(request):
            advanced = {"fields": ["groups", "user_permissions"]}
            fieldsets.append(("Advanced: single permissions", advanced))
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return ["last_login", "date_joined"] if obj else []

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "roles" in form.base_fields and not _is_administrator(request):
            # Copied, because all forms share the declared field.
            field: Any = copy.deepcopy(form.base_fields["roles"])
            form.base_fields["roles"] = field
            field.choices = [choice for choice in field.choices if choice[0] != roles.ADMINISTRATOR]
        if "is_active" in form.base_fields:
            form.base_fields["is_active"].label = "May sign in"
            form.base_fields["is_active"].help_text = "Clear it to lock the account without closing it."
        return form

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Keep administrators out of reach of others, who could otherwise set their passwords."""
        is_out_of_reach = obj is not None and obj.is_superuser and not _is_administrator(request)
        return not is_out_of_reach and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except usernames.NameTaken:
            # Another account took the name after the form had been checked.
            messages.error(request, usernames.TAKEN.detail)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "username" in form.changed_data:
            usernames.claim(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        roles.set_roles(form.instance, form.cleaned_data["roles"])

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, f"{obj.username} was added.")
        return self._invite(request, obj)

    @admin.display(description="Name")
    def full_name(self, user: User) -> str:
        return user.get_full_name() or "–"

    @admin.display(description="Roles")
    def role_names(self, user: User) -> str:
        return ", ".join(role.name for role in roles.roles_of(user)) or "Creator"

    @admin.display(description="Last sign-in", ordering="last_login")
    def signed_in(self, user: User) -> str:
        if user.last_login is not None:
            return f"{user.last_login:%Y-%m-%d %H:%M}"
        return "never" if user.has_usable_password() else "invited"

    def has_close_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CLOSE)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:user_id>/close/", wrap(self.close_view), name="auth_user_close"),
            path("<int:user_id>/invite/", wrap(self.invite_view), name="auth_user_invite"),
            path("<int:user_id>/link/", wrap(self.link_view), name="auth_user_link"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {
            **(extra_context or {}),
            "may_close": self.has_close_permission(request),
            "may_invite": (user := self.get_object(request, object_id)) is not None
            and self._may_invite(request, user),
            "advanced": _is_advanced(request),
            "may_see_advanced": _is_administrator(request),
        }
        return super().change_view(request, object_id, form_url, context)

    def close_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Ask whether to close an account; the list carries it out."""
        if not self.has_close_permission(request):
            raise PermissionDenied
        return self._confirm(request, [get_object_or_404(User, pk=user_id)])

    @method_decorator(require_POST)
    def invite_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Mail a new link to choose a password, and show it."""
        user = get_object_or_404(User, pk=user_id)
        if not self._may_invite(request, user):
            raise PermissionDenied
        return self._invite(request, user)

    @method_decorator(never_cache)
    def link_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Show the link with which a person chooses a password."""
        user = get_object_or_404(User, pk=user_id)
        if not self._may_invite(request, user):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"Invitation of {user.username}",
            "opts": self.opts,
            "person": user,
            "role_names": self.role_names(user),
            "link": links.link_for(user),
            "valid_days": links.valid_days(),
        }
        return TemplateResponse(request, "admin/accounts/link.html", context)

    def _may_invite(self, request: HttpRequest, user: User) -> bool:
        return user.is_active and self.has_change_permission(request, user)

    def _invite(self, request: HttpRequest, user: User) -> HttpResponse:
        if user.email and dispatch.enqueue_task(links.MAIL_INVITATION, user_id=user.pk):
            messages.success(request, f"The invitation is on its way to {user.email}.")
        elif user.email:
            messages.warning(request, "The invitation could not be mailed. Pass on the link yourself.")
        return HttpResponseRedirect(reverse("admin:auth_user_link", args=[user.pk]))

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
