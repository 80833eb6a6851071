"""Admin page of the links for guests: a reviewer's own, or all of them for leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.common import permissions
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, act_on_each, link, signed_in_staff
from agents.common.text.job_text import request_text
from agents.models import ReviewItem, ReviewLink
from agents.review.guests import links
from universes.admin.searching import search

# Items of a link that the list names.
MAX_NAMED: Final = 3


def _items(row: ReviewLink) -> list[ReviewItem]:
    items = [item for item in row.items.all() if isinstance(item, ReviewItem)]
    return sorted(items, key=lambda item: item.opened_at)


class StateFilter(admin.SimpleListFilter):
    """Open links, unless others are asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[ReviewLink]
    ) -> list[tuple[str, str]]:
        return [("closed", "Expired or revoked"), ("all", "All")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        nothing_chosen, *others = super().choices(changelist)
        yield {**nothing_chosen, "display": "Open"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[ReviewLink]) -> QuerySet[ReviewLink]:
        return queryset if self.value() == "all" else queryset.filter(Q(("is_open", self.value() is None)))


@admin.register(ReviewLink)
class ReviewLinkAdmin(ReadOnlyAdmin):
    list_note = "Anyone with one of these links sees its outputs and can give an opinion, until it expires."
    empty_text = "None. A reviewer makes a link on the page of a review item, under “Guests”."
    list_display = ["label_shown", "universes", "items_shown", "opinions", "made_by", "expires", "page"]
    list_select_related = ["made_by"]
    list_filter = [StateFilter]
    search_fields = ["label", "made_by__username", "items__universe__name"]
    search_help_text = "By who it is for, reviewer or universe."
    ordering = ["expires_at", "id"]
    fields = [
        "label",
        "items_shown",
        "made_by",
        "made_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
        "page",
    ]
    readonly_fields = ["items_shown", "page"]
    actions = ["revoke"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.is_reviewer(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_reviewer(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewLink]:
        rows = links.links_of(signed_in_staff(request)).order_by(*self.ordering)
        now_open = ReviewLink.objects.open_at(timezone.now()).filter(pk=OuterRef("pk"))
        known = rows.annotate(is_open=Exists(now_open), opinion_count=Count("opinions", distinct=True))
        return known.prefetch_related("items__job", "items__universe")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ReviewLink], search_term: str
    ) -> tuple[QuerySet[ReviewLink], bool]:
        # A link is found by each of its items.
        return search(queryset, search_term, texts=self.search_fields), bool(search_term)

    @admin.display(description="For", ordering="label")
    def label_shown(self, row: ReviewLink) -> SafeString:
        return display.isolated(row.label)

    @admin.display(description="Universe")
    def universes(self, row: ReviewLink) -> SafeString | str:
        names = sorted({item.universe.name for item in _items(row) if item.universe})
        return format_html_join(", ", "{}", ((display.isolated(name),) for name in names)) or "–"

    @admin.display(description="Outputs")
    def items_shown(self, row: ReviewLink) -> SafeString | str:
        items = _items(row)
        named = (
            (link("agents_reviewitem_change", item.pk, display.first_words(request_text(item.job), 8)),)
            for item in items[:MAX_NAMED]
        )
        more = f" and {len(items) - MAX_NAMED} more" if len(items) > MAX_NAMED else ""
        return format_html("{}{}", format_html_join(", ", "{}", named), more) if items else "–"

    @admin.display(description="Opinions")
    def opinions(self, row: ReviewLink) -> int:
        return int(getattr(row, "opinion_count", 0))

    @admin.display(description="Expires", ordering="expires_at")
    def expires(self, row: ReviewLink) -> SafeString | str:
        if row.revoked_at:
            return display.badge("revoked")
        return f"{row.expires_at:%Y-%m-%d %H:%M} UTC"

    @admin.display(description="Page")
    def page(self, row: ReviewLink) -> SafeString | str:
        is_open = getattr(row, "is_open", False)
        return format_html('<a href="{}">open</a>', links.address_of(row)) if is_open else "–"

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return permissions.is_reviewer(request.user)

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ReviewLink]) -> None:
        by = signed_in_staff(request)
        act_on_each(
            request, queryset, lambda row: links.revoke_link(row.pk, by=by), "{} revoked", noun="link"
        )
