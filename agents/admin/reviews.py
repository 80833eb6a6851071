"""The review queue and the review page."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from agents.admin import display, review_filters
from agents.admin.base import ReadOnlyAdmin, search
from agents.admin.edit_form import EditForm, edit_form, read_form
from agents.admin.review_page import asked_of, page_context
from agents.choices import ReviewState, Verdict
from agents.errors import DomainError, FieldError, Forbidden, Invalid, NotFound, ReviewClosed
from agents.models import ReviewItem
from agents.querysets import ReviewItemQuerySet
from agents.services import reviews

FILTERS = "_changelist_filters"
SAID = {
    Verdict.APPROVED: "Approved",
    Verdict.EDITED: "Edited and approved",
    Verdict.REJECTED: "Rejected",
    Verdict.ASKED_AGAIN: "Asked again; a new job has the note",
}


@dataclass
class Typed:
    """What a reviewer had typed when the decision was refused, to be shown to them again."""

    verdict: str = ""
    note: str = ""
    error: str = ""
    form: EditForm | None = None


@admin.register(ReviewItem)
class ReviewItemAdmin(ReadOnlyAdmin):
    change_list_template = "admin/agents/reviewitem/change_list.html"
    list_display = ["waiting", "asked", "agent", "universe_name", "confidence_shown", "why"]
    list_display_links = ["waiting", "asked"]
    list_select_related = ["job", "universe"]
    list_filter = [
        review_filters.StateFilter,
        "agent_type",
        review_filters.ConfidenceFilter,
        review_filters.ReasonFilter,
        ("universe", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["job__id", "job__requested_by__username", "universe__name"]
    search_help_text = "An id or the end of one, a universe, or who asked."
    ordering = ["opened_at", "id"]
    actions = None

    # --- the queue

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[review_filters.ReviewQueue]:
        return review_filters.ReviewQueue

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
            "may_decide": request.user.has_perm(reviews.PERMISSION),
            "start_url": self._with_filters("admin:agents_reviewitem_start", [], request.GET.urlencode()),
            "waiting_count": ReviewItem.objects.open().count(),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description="Waiting", ordering="opened_at")
    def waiting(self, item: ReviewItem) -> SafeString:
        if item.state == ReviewState.CLOSED:
            return display.badge("closed")
        return display.age(item.opened_at)

    @admin.display(description="What was asked")
    def asked(self, item: ReviewItem) -> SafeString:
        return display.isolated(display.first_words(asked_of(item.job)))

    @admin.display(description="Agent", ordering="agent_type")
    def agent(self, item: ReviewItem) -> SafeString:
        return format_html("{} {}", item.get_agent_type_display(), display.mock_badge(item.job.is_mock))

    @admin.display(description="Universe", ordering="universe__name")
    def universe_name(self, item: ReviewItem) -> SafeString | str:
        return display.isolated(item.universe.name) if item.universe else "–"

    @admin.display(description="Confidence", ordering="confidence")
    def confidence_shown(self, item: ReviewItem) -> SafeString | str:
        return display.confidence_bar(item.confidence)

    @admin.display(description="Why")
    def why(self, item: ReviewItem) -> SafeString:
        """The first reason that is not the number, which has a column of its own."""
        reasons = [str(reason) for reason in item.reasons] or ["–"]
        said = next((reason for reason in reasons if not reason.startswith("Confidence ")), reasons[0])
        more = f" +{len(reasons) - 1}" if len(reasons) > 1 else ""
        return format_html(
            '{}<span class="quiet">{}</span>', display.isolated(display.first_words(said, 24)), more
        )

    # --- the page

    def get_urls(self) -> list[URLPattern]:
        def view(function: Any) -> Any:
            return self.admin_site.admin_view(function)

        own = [
            path("start/", view(self.start_view), name="agents_reviewitem_start"),
            path("<uuid:item_id>/next/", view(self.next_view), name="agents_reviewitem_next"),
            path("<uuid:item_id>/decide/", view(self.decide_view), name="agents_reviewitem_decide"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewItem]:
        return ReviewItem.objects.all()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        item = self._find(request, object_id)
        if item is None:
            return self._gone(request, object_id)
        typed = Typed()
        if "edit" in request.GET and self._may_decide(request, item):
            typed = Typed(verdict=Verdict.EDITED, form=edit_form(item.agent_type, item.job.output_data or {}))
        return self._page(request, item, typed)

    @method_decorator(require_safe)
    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Open the oldest item that fits the filters of the list one comes from."""
        self._require_view(request)
        first = self._queue(request).order_by("opened_at", "id").first()
        return self._open(request, first)

    @method_decorator(require_safe)
    def next_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        item = self._find(request, str(item_id))
        if item is None:
            return self._gone(request, str(item_id))
        following = review_filters.after(self._queue(request), item)
        if following is None:
            messages.info(request, "No other item waits.")
        return self._open(request, following)

    @method_decorator(require_POST)
    def decide_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        """Carry a reviewer's verdict to the service; then the next open item."""
        item = self._find(request, str(item_id))
        if not request.user.has_perm(reviews.PERMISSION):
            raise PermissionDenied
        if item is None:
            return self._gone(request, str(item_id))
        sent = request.POST.get("verdict", "")
        if sent not in Verdict.values:
            messages.error(request, "Choose what to decide.")
            return HttpResponseRedirect(self._page_url(request, item))
        verdict, note = Verdict(sent), request.POST.get("note", "")
        edited = self._edited(request, item) if verdict == Verdict.EDITED else None
        assert isinstance(request.user, User)
        try:
            decision = reviews.decide(item.pk, verdict, by=request.user, note=note, edited=edited)
        except (ReviewClosed, NotFound) as refusal:
            messages.error(request, f"{refusal.message} Nothing was changed.")
            return HttpResponseRedirect(self._page_url(request, item))
        except Forbidden:
            raise PermissionDenied from None
        except DomainError as refusal:
            return self._page(request, item, self._typed(item, verdict, note, edited, refusal))
        messages.success(
            request, f"{SAID[Verdict(decision.verdict)]}: {display.first_words(asked_of(item.job), 10)}"
        )
        return self._open(request, review_filters.after(self._queue(request), item))

    # --- helpers

    def _edited(self, request: HttpRequest, item: ReviewItem) -> dict[str, Any]:
        return read_form(item.agent_type, item.job.output_data or {}, request.POST.dict())

    def _typed(
        self,
        item: ReviewItem,
        verdict: Verdict,
        note: str,
        edited: Mapping[str, Any] | None,
        refusal: DomainError,
    ) -> Typed:
        errors: list[FieldError] = list(refusal.errors) if isinstance(refusal, Invalid) else []
        note_errors = [error.detail for error in errors if error.pointer == "/note"]
        typed = Typed(verdict=verdict, note=note, error=" ".join(note_errors) or refusal.message)
        if edited is not None:
            typed.form = edit_form(item.agent_type, edited)
            typed.form.add_errors(error for error in errors if error.pointer != "/note")
        return typed

    def _find(self, request: HttpRequest, object_id: str) -> ReviewItem | None:
        """The item with what the page shows of its surroundings; 403 for those who may not see any."""
        self._require_view(request)
        try:
            pk = uuid.UUID(object_id)
        except ValueError:
            return None
        related = ("job__requested_by", "job__universe", "job__follows", "universe")
        return ReviewItem.objects.select_related(*related).filter(pk=pk).first()

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _may_decide(self, request: HttpRequest, item: ReviewItem) -> bool:
        return item.state == ReviewState.OPEN and request.user.has_perm(reviews.PERMISSION)

    def _page(self, request: HttpRequest, item: ReviewItem, typed: Typed) -> HttpResponse:
        kept = request.GET.get(FILTERS, "")
        context = {
            **self.admin_site.each_context(request),
            **page_context(request, item),
            "title": f"{item.get_agent_type_display()} review",
            "opts": self.opts,
            "media": self.media,
            "is_nav_sidebar_enabled": False,
            "may_decide": self._may_decide(request, item),
            "typed": typed,
            "page_url": self._page_url(request, item),
            "edit_url": self._page_url(request, item, edit="1"),
            "decide_url": self._with_filters("admin:agents_reviewitem_decide", [item.pk], kept),
            "next_url": self._with_filters("admin:agents_reviewitem_next", [item.pk], kept),
            "queue_url": reverse("admin:agents_reviewitem_changelist") + (f"?{kept}" if kept else ""),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/agents/reviewitem/review.html", context)

    def _page_url(self, request: HttpRequest, item: ReviewItem, **query: str) -> str:
        return self._with_filters(
            "admin:agents_reviewitem_change", [item.pk], request.GET.get(FILTERS, ""), **query
        )

    def _with_filters(self, route: str, args: list[Any], kept: str, **query: str) -> str:
        query = {**query, FILTERS: kept} if kept else query
        return reverse(route, args=args) + (f"?{urlencode(query)}" if query else "")

    def _queue(self, request: HttpRequest) -> ReviewItemQuerySet:
        """The open items that fit the filters of the list one comes from; all open ones if those make no sense."""
        kept = QueryDict(request.GET.get(FILTERS, ""), mutable=True)
        # Of closed items nothing is left to decide, and the queue has its own order and no pages.
        for name in (review_filters.StateFilter.parameter_name, PAGE_VAR, ORDER_VAR):
            kept.pop(name, None)
        as_list = copy.copy(request)
        as_list.GET = kept  # type: ignore[assignment]
        try:
            pks = self.get_changelist_instance(as_list).queryset.order_by().values("pk")
        except IncorrectLookupParameters:
            return ReviewItem.objects.open()
        return ReviewItem.objects.open().filter(pk__in=pks)

    def _open(self, request: HttpRequest, item: ReviewItem | None) -> HttpResponse:
        if item is not None:
            return HttpResponseRedirect(self._page_url(request, item))
        kept = request.GET.get(FILTERS, "")
        return HttpResponseRedirect(
            reverse("admin:agents_reviewitem_changelist") + (f"?{kept}" if kept else "")
        )

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        response: HttpResponseBase = self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
            request, self.opts, object_id
        )
        assert isinstance(response, HttpResponse)
        return response
