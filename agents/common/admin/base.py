"""Base classes and helpers of the admin pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Model
from django.forms import Media
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.common.admin import display
from agents.errors import DomainError
from universes.admin.paginator import BoundedPaginator

M = TypeVar("M", bound=Model)

# Django's admin classes are generic for the type checker only.
if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyTabularInline = admin.TabularInline[Any, Any]
else:
    AnyModelAdmin = admin.ModelAdmin
    AnyTabularInline = admin.TabularInline


class WordedForm(AnyModelAdmin):
    """A form whose labels and help are not those of the columns."""

    labels: ClassVar[Mapping[str, str]] = {}
    help_texts: ClassVar[Mapping[str, str]] = {}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        words = {"labels": self.labels, "help_texts": self.help_texts}
        return super().get_form(request, obj, change=change, **{**kwargs, **words})


class ExplainedAdmin(AnyModelAdmin):
    """A list page with a note on its numbers and a text for the empty list."""

    list_note = ""
    empty_text = ""
    # A button above the list: its label, and the page of the studio for those who may not add rows here.
    make_in_studio: tuple[str, str] | None = None


class ReadOnlyAdmin(ExplainedAdmin):
    """Pages without forms, for rows that only services write."""

    change_form_template = "admin/agents/record.html"
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    # Counts beside the filters would read the whole table for each of them.
    show_facets = admin.ShowFacets.NEVER

    @property
    def media(self) -> Media:
        # Django's own are for forms, but for the script of the actions.
        return Media(js=["admin/js/actions.js"])

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Only the filters of the page: Django would filter by any column in the URL, and some columns are secret.
        # PostgreSQL refuses a NUL.
        if "\x00" in value:
            return False
        filters = [entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter]
        # The parameter of a custom filter may have the name of a column.
        if lookup in {getattr(entry, "parameter_name", None) for entry in filters}:
            return True
        columns = [entry for entry in filters if isinstance(entry, str)]
        is_column = any(lookup == name or lookup.startswith(f"{name}__") for name in columns)
        return is_column and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(AnyTabularInline):
    template = "admin/agents/inline.html"
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def link(route: str, pk: Any, text: str) -> SafeString | str:
    """Return a link to a page of the admin, or plain text if there is no such page."""
    try:
        return format_html(
            '<a href="{}">{}</a>', reverse(f"admin:{route}", args=[pk]), display.isolated(text)
        )
    except NoReverseMatch:
        return text


def own_page(
    request: HttpRequest, model: type[Model], template: str, context: Mapping[str, Any]
) -> TemplateResponse:
    """Render a custom page in the admin's frame, at full width, as a page of ``model``."""
    model_admin = admin.site.get_model_admin(model)
    request.current_app = admin.site.name
    frame = {
        **admin.site.each_context(request),
        "opts": model._meta,
        "media": model_admin.media,
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, f"admin/agents/{template}", {**frame, **context})


def act_on_each(
    request: HttpRequest, rows: Iterable[M], act: Callable[[M], object], done: str, *, noun: str = "job"
) -> None:
    """Apply ``act`` to each row; show the number of successes, as in "{} retried", and each error."""
    count = 0
    for row in rows:
        try:
            act(row)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            count += 1
    if count:
        messages.success(request, f"{done.format(f'{count} {noun}' if count == 1 else f'{count} {noun}s')}.")


def signed_in_staff(request: HttpRequest) -> User:
    """Return the account at the admin, whose sign-in refuses everybody but staff."""
    assert isinstance(request.user, User)
    return request.user
