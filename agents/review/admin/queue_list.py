"""The review queue: what waits, in which order, and how it is narrowed down."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR
from django.contrib.auth.models import User
from django.db.models import Case, F, QuerySet, When
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.choices import Priority, ReviewKind, ReviewState, Verdict
from agents.common import permissions
from agents.common.admin import display, figures
from agents.common.admin.base import ReadOnlyAdmin, search
from agents.common.job_text import request_text
from agents.models import ReviewItem
from agents.models.review import ReviewItemQuerySet
from agents.review import decisions
from agents.review.admin import claims, filters

FILTERS = "_changelist_filters"
HIDDEN = format_html('<span class="quiet">{}</span>', "hidden")


def kind_badge(item: ReviewItem) -> SafeString | str:
    """Why a person was to read it, once it is decided; nothing for one in doubt, which most are."""
    if item.state == ReviewState.OPEN or item.kind == ReviewKind.DOUBT:
        return ""
    return display.badge("gold" if item.kind == ReviewKind.GOLD else "audit", "info")


def verdict_cell(item: ReviewItem) -> SafeString:
    """How a closed item ended, by whom and how long ago."""
    decision = item.decision
    if decision is None:
        return display.badge("closed")
    tone, called = figures.VERDICT_TONES[Verdict(decision.verdict)]
    is_new = timezone.now() - decision.at < timedelta(minutes=1)
    return format_html(
        '{} by {} <span class="quiet">{}{}</span>',
        display.badge(called.lower(), tone),
        display.isolated(decision.by),
        display.age(decision.at),
        "" if is_new else " ago",
    )


def opinion_badges(item: ReviewItem, given: int) -> list[SafeString]:
    """How many opinions there are, and whether they differ; not whose nor which."""
    badges = []
    if item.opinions_wanted > 1:
        badges.append(display.badge(f"{given} of {item.opinions_wanted} opinions"))
    if item.disputed_at is not None:
        badges.append(display.badge("disputed", "warn"))
    return badges


class ReviewList(ReadOnlyAdmin):
    """The list, and what the other pages need of it: its filters and its address."""

    change_list_template = "admin/agents/reviewitem/change_list.html"
    list_display = ["due", "holder", "asked", "agent", "universe_name", "confidence_shown", "why"]
    list_display_links = ["due", "asked"]
    list_select_related = ["job", "universe", "claimed_by", "assigned_to"]
    list_filter = [
        filters.ClaimFilter,
        filters.OverdueFilter,
        filters.AskedAgainFilter,
        filters.DisputedFilter,
        filters.StateFilter,
        filters.ReviewerFilter,
        "agent_type",
        filters.ConfidenceFilter,
        filters.ReasonFilter,
        ("universe", filters.UniverseFilter),
    ]
    search_fields = ["job__id", "job__requested_by__username", "universe__name"]
    search_help_text = "An id or the end of one, a universe, or who asked."
    ordering = ["due_at", "priority", "opened_at", "id"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[filters.ReviewQueue]:
        return filters.ReviewQueue

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewItem]:
        return ReviewItem.objects.shown_to(request.user)

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        # What was decided last is what somebody comes back for.
        is_closed = filters.state_of(request.GET) == ReviewState.CLOSED
        return ["-closed_at", "id"] if is_closed else list(self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ReviewItem], search_term: str
    ) -> tuple[QuerySet[ReviewItem], bool]:
        texts = ["universe__name", "job__requested_by__username"]
        return search(queryset, search_term, ids=["pk", "job__id"], texts=texts), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "title": "Review queue",
            # Both pages need the width.
            "is_nav_sidebar_enabled": False,
            "may_decide": permissions.is_reviewer(request.user),
            "start_url": self._with_filters("start", [], request.GET.urlencode()),
            **self._undo_context(request, request.GET.urlencode()),
        }
        response = super().changelist_view(request, {**context, **(extra_context or {})})
        if isinstance(response, TemplateResponse) and response.context_data:
            queue = response.context_data.get("cl")
            if isinstance(queue, filters.ReviewQueue):
                response.context_data["quick_links"] = queue.quick_links(request)
        return response

    # --- columns

    @admin.display(description="Due", ordering="due_at")
    def due(self, item: ReviewItem) -> SafeString:
        if item.state == ReviewState.CLOSED:
            return format_html("{} {}", verdict_cell(item), kind_badge(item))
        shown = claims.due(item.due_at, timezone.now())
        if item.priority == Priority.SCHEDULE:
            return format_html("{} {}", shown, display.badge("schedule"))
        return shown

    @admin.display(description="What was asked")
    def asked(self, item: ReviewItem) -> SafeString:
        badges = [display.badge("asked again", "info")] if item.job.follows_id else []
        if item.state == ReviewState.OPEN:
            badges += opinion_badges(item, getattr(item, "opinions_given", 0))
        shown = display.isolated(display.first_words(request_text(item.job)))
        return format_html_join(" ", "{}", ((part,) for part in [*badges, shown]))

    @admin.display(description="Agent", ordering="agent_type")
    def agent(self, item: ReviewItem) -> SafeString:
        return format_html("{} {}", item.get_agent_type_display(), display.mock_badge(item.job.is_mock))

    @admin.display(description="Universe", ordering="universe__name")
    def universe_name(self, item: ReviewItem) -> SafeString | str:
        return display.isolated(item.universe.name) if item.universe else "–"

    # Those that are hidden stand together at one end.
    @admin.display(
        description="Confidence",
        ordering=Case(When(filters.HIDDEN, then=None), default=F("confidence")),
    )
    def confidence_shown(self, item: ReviewItem) -> SafeString | str:
        if item.is_hidden:
            return HIDDEN
        return display.confidence_bar(item.confidence)

    @admin.display(description="Why")
    def why(self, item: ReviewItem) -> SafeString:
        """The first reason that is not the number, which has a column of its own."""
        if item.is_hidden:
            return format_html('<span class="quiet">{}</span>', "Hidden until it is decided.")
        reasons = [str(reason) for reason in item.reasons] or ["–"]
        said = next((reason for reason in reasons if not reason.startswith("Confidence ")), reasons[0])
        more = f" +{len(reasons) - 1}" if len(reasons) > 1 else ""
        return format_html(
            '{}<span class="quiet">{}</span>', display.isolated(display.first_words(said, 24)), more
        )

    @admin.display(description="Held by", ordering="claimed_until")
    def holder(self, item: ReviewItem) -> SafeString | str:
        return claims.holder_cell(item, getattr(item, "viewer_id", None), timezone.now())

    # --- for the other pages

    def _undo_context(self, request: HttpRequest, kept: str) -> dict[str, Any]:
        """The verdict that this person may take back from here, and where to."""
        if not permissions.is_reviewer(request.user):
            return {}
        assert isinstance(request.user, User)
        decision = decisions.last_undoable(request.user)
        if decision is None:
            return {}
        words = display.first_words(request_text(decision.item.job), 10)
        return {
            "undoable": f"{decision.get_verdict_display()}: {words}",
            "undo_url": self._with_filters("undo", [decision.item_id], kept),
        }

    def _kept(self, request: HttpRequest) -> str:
        """The filters of the list one comes from, as they stood in its address."""
        return request.GET.get(FILTERS, "")

    def _with_filters(self, name: str, args: list[Any], kept: str, **query: str) -> str:
        query = {**query, FILTERS: kept} if kept else query
        url = reverse(f"admin:agents_reviewitem_{name}", args=args)
        return url + (f"?{urlencode(query)}" if query else "")

    def _queue_url(self, request: HttpRequest) -> str:
        kept = self._kept(request)
        return reverse("admin:agents_reviewitem_changelist") + (f"?{kept}" if kept else "")

    def _to_queue(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(self._queue_url(request))

    def _queue(self, request: HttpRequest) -> ReviewItemQuerySet:
        """The open items that fit the filters of the list one comes from; all open ones if those make no sense."""
        shown = ReviewItem.objects.shown_to(request.user).open()
        kept = QueryDict(self._kept(request), mutable=True)
        # Of closed items nothing is left to decide, and the queue has its own order and no pages.
        for name in (filters.StateFilter.parameter_name, PAGE_VAR, ORDER_VAR):
            kept.pop(name, None)
        as_list = copy.copy(request)
        as_list.GET = kept  # type: ignore[assignment]
        try:
            pks = self.get_changelist_instance(as_list).queryset.order_by().values("pk")
        except (IncorrectLookupParameters, DisallowedModelAdminLookup):
            return shown
        return shown.filter(pk__in=pks)
