"""The review queue as an admin list, and the URLs of the reviewers' desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Case, F, QuerySet, When
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.choices import Priority, ReviewState
from agents.common import permissions
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin
from agents.common.text.job_text import request_text
from agents.models import ReviewItem
from agents.review.admin import (
    bulk,
    claims,
    filters,
    guests,
    navigation,
    quick_filters,
    second_looks,
    variants,
)
from agents.review.admin.badges import guest_badges, kind_badge, opinion_badges, verdict_cell
from agents.review.admin.change_list import ReviewQueue
from agents.review.admin.item import actions, item_page, verdicts
from universes.admin.searching import search
from universes.services import drafts

HIDDEN = format_html('<span class="quiet">{}</span>', "hidden")
CHANGE_ENTRIES = ("universes.change_scene", "universes.change_element")

View = Callable[..., HttpResponse]
ITEM_VIEWS: dict[str, View] = {
    "next": actions.next_view,
    "decide": verdicts.decide_view,
    "undo": verdicts.undo_view,
    "comment": actions.comment_view,
    "edit_comment": actions.edit_comment_view,
    "mark": actions.mark_view,
    "unmark": actions.unmark_view,
    "skip": actions.skip_view,
    "hand": actions.hand_view,
    "claim": actions.claim_view,
    "release": actions.release_view,
    "break": actions.break_view,
    "reopen": second_looks.reopen_view,
    "share": guests.share_view,
    "unshare": guests.unshare_view,
}


class ReviewItemAdmin(ReadOnlyAdmin):
    """The queue; ``item_page``, ``actions``, ``verdicts`` and ``bulk`` have the views behind its other URLs.

    ``extra_views`` maps a route to its URL name and view; ``agents.admin`` sets it for pages of higher rooms.
    """

    extra_views: ClassVar[dict[str, tuple[str, View]]] = {}

    change_list_template = "admin/agents/reviewitem/change_list.html"
    list_display = ["due", "holder", "asked", "agent", "universe_name", "confidence_shown", "why"]
    list_display_links = ["due", "asked"]
    list_select_related = ["job", "universe", "claimed_by", "assigned_to"]
    list_filter = [
        quick_filters.ClaimFilter,
        quick_filters.OverdueFilter,
        quick_filters.AskedAgainFilter,
        quick_filters.DisputedFilter,
        quick_filters.VariantsFilter,
        quick_filters.GuestsFilter,
        filters.StateFilter,
        filters.ReviewerFilter,
        "agent_type",
        filters.ConfidenceFilter,
        filters.ReasonFilter,
        ("universe", filters.UniverseFilter),
    ]
    search_fields = ["job__id", "job__requested_by__username", "universe__name"]
    search_help_text = "By words of the request or the output, id (or its end), universe or requester."
    ordering = ["due_at", "priority", "opened_at", "id"]
    actions = [bulk.approve_selected, bulk.reject_selected]

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, tuple[str, View]] = {
            **self.extra_views,
            "start/": ("start", actions.start_view),
            "bulk/": ("bulk", bulk.bulk_view),
            "bulk/<uuid:bulk_id>/undo/": ("undo_bulk", bulk.undo_bulk_view),
            "variants/": ("variant_stats", variants.stats_view),
            "variants/next/": ("next_variants", variants.next_view),
            "variants/<uuid:variants_id>/": ("variants", variants.variants_view),
            "flag/<uuid:job_id>/": ("flag", second_looks.flag_view),
            **{f"<uuid:item_id>/{name}/": (name, view) for name, view in ITEM_VIEWS.items()},
        }
        wrap: Any = self.admin_site.admin_view
        own: list[URLPattern] = [
            path(route, wrap(view), name=f"agents_reviewitem_{name}") for route, (name, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Return whether bulk actions are offered (see ``permissions`` of ``admin.action``)."""
        return permissions.is_reviewer(request.user)

    def get_actions(self, request: HttpRequest) -> Any:
        # Closed items cannot be decided.
        is_closed = request.GET.get(filters.StateFilter.parameter_name) == ReviewState.CLOSED
        return {} if is_closed else super().get_actions(request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ReviewQueue]:
        return ReviewQueue

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewItem]:
        return ReviewItem.objects.shown_to(request.user)

    def get_list_display(self, request: HttpRequest) -> Any:
        if filters.state_of(request.GET) != ReviewState.CLOSED:
            return self.list_display
        return ["decided", *(name for name in self.list_display if name not in {"due", "holder"})]

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return [list_display[0], "asked"]

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        # Reviewers look for their latest decisions.
        is_closed = filters.state_of(request.GET) == ReviewState.CLOSED
        return ["-closed_at", "id"] if is_closed else list(self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ReviewItem], search_term: str
    ) -> tuple[QuerySet[ReviewItem], bool]:
        texts = ["universe__name", "job__requested_by__username"]
        return search(queryset, search_term, ids=["pk", "job"], texts=texts, written="job"), False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return item_page.show_item(request, object_id)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        kept = request.GET.urlencode()
        context = {
            "title": "Review queue",
            # The list needs the full width.
            "is_nav_sidebar_enabled": False,
            "may_decide": permissions.is_reviewer(request.user),
            # The lists of entries have actions for those who may change them; members have the studio.
            "drafts": drafts.count_drafts() if request.user.has_perms(CHANGE_ENTRIES) else None,
            "start_url": navigation.desk_url("start", [], kept),
            **navigation.undo_context(request, kept),
        }
        response = super().changelist_view(request, {**context, **(extra_context or {})})
        if isinstance(response, TemplateResponse) and response.context_data:
            queue = response.context_data.get("cl")
            if isinstance(queue, ReviewQueue):
                links = queue.quick_links(request)
                response.context_data["quick_links"] = links
                if any(link.label == quick_filters.VARIANTS.label and link.count for link in links):
                    response.context_data["compare_url"] = navigation.desk_url("next_variants", [], kept)
        return response

    # --- Columns

    @admin.display(description="Decided", ordering="closed_at")
    def decided(self, item: ReviewItem) -> SafeString:
        return self.due(item)

    @admin.display(description="Due", ordering="due_at")
    def due(self, item: ReviewItem) -> SafeString:
        if item.state == ReviewState.CLOSED:
            return format_html("{} {}", verdict_cell(item), kind_badge(item))
        due = claims.due(item.due_at, timezone.now())
        if item.priority == Priority.SCHEDULE:
            return format_html("{} {}", due, display.badge("schedule"))
        return due

    @admin.display(description="Request")
    def asked(self, item: ReviewItem) -> SafeString:
        badges = [display.badge("asked again", "info")] if item.job.follows_id else []
        if item.state == ReviewState.OPEN:
            badges += opinion_badges(item, getattr(item, "opinions_given", 0))
        badges += guest_badges(getattr(item, "guest_opinions_given", 0))
        text = display.isolated(display.first_words(request_text(item.job)))
        return format_html_join(" ", "{}", ((part,) for part in [*badges, text]))

    @admin.display(description="Agent", ordering="agent_type")
    def agent(self, item: ReviewItem) -> SafeString:
        return format_html("{} {}", item.get_agent_type_display(), display.mock_badge(item.job.is_mock))

    @admin.display(description="Universe", ordering="universe__name")
    def universe_name(self, item: ReviewItem) -> SafeString | str:
        return display.isolated(item.universe.name) if item.universe else "–"

    # Items with a hidden confidence sort together at one end.
    @admin.display(
        description="Confidence",
        ordering=Case(When(filters.HIDDEN, then=None), default=F("confidence")),
    )
    def confidence_shown(self, item: ReviewItem) -> SafeString | str:
        return HIDDEN if item.is_hidden else display.confidence_bar(item.confidence)

    @admin.display(description="Why")
    def why(self, item: ReviewItem) -> SafeString:
        """Show the first reason other than the confidence, which has a column of its own."""
        if item.is_hidden:
            return format_html('<span class="quiet">{}</span>', "Hidden until decided.")
        reasons = [str(reason) for reason in item.reasons] or ["–"]
        first = next((reason for reason in reasons if not reason.startswith("Confidence ")), reasons[0])
        more = f" +{len(reasons) - 1}" if len(reasons) > 1 else ""
        return format_html(
            '{}<span class="quiet">{}</span>', display.isolated(display.first_words(first, 24)), more
        )

    @admin.display(description="Claimed by", ordering="claimed_until")
    def holder(self, item: ReviewItem) -> SafeString | str:
        return claims.claim_cell(item, getattr(item, "viewer_id", None), timezone.now())
