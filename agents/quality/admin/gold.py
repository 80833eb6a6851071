"""Admin pages for gold items, which leads mark on the page of a decided item and retire here."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from agents.choices import ReviewKind
from agents.common import permissions
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, act_on_each, link, signed_in_staff
from agents.errors import DomainError
from agents.models import GoldStandard, ReviewItem
from agents.quality import gold


@admin.register(GoldStandard)
class GoldStandardAdmin(ReadOnlyAdmin):
    empty_text = "No gold items yet. A lead marks a decided item as gold on its review page."
    list_display = ["job_link", "agent", "answer", "why_start", "is_active", "times", "added_by", "added_at"]
    list_display_links = ["why_start"]
    list_select_related = ["job", "added_by"]
    list_filter = ["is_active", "answer", "job__agent_type"]
    ordering = ["-added_at", "-id"]
    actions = ["retire"]
    fields = ("job_link", "agent", "answer", "why_shown", "is_active", "times", "added_by", "added_at")
    readonly_fields = fields

    # Reviewers must not recognise the items that measure them.
    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.is_lead(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_lead(request.user)

    def has_lead_permission(self, request: HttpRequest) -> bool:
        return permissions.is_lead(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[GoldStandard]:
        standards: QuerySet[GoldStandard] = super().get_queryset(request)
        planted = Q(job__review_items__kind=ReviewKind.GOLD)
        return standards.select_related("job", "added_by").annotate(
            planted=Count("job__review_items", filter=planted)
        )

    @admin.display(description="Job")
    def job_link(self, standard: GoldStandard) -> SafeString | str:
        return link("agents_agentjob_change", standard.job_id, display.short_id(standard.job_id))

    @admin.display(description="Agent", ordering="job__agent_type")
    def agent(self, standard: GoldStandard) -> str:
        return standard.job.get_agent_type_display()

    @admin.display(description="Why")
    def why_start(self, standard: GoldStandard) -> SafeString:
        return display.isolated(display.first_words(standard.why))

    @admin.display(description="Why")
    def why_shown(self, standard: GoldStandard) -> SafeString:
        return display.visible(standard.why)

    @admin.display(description="Planted", ordering="planted")
    def times(self, standard: GoldStandard) -> int:
        planted: int = standard.planted  # type: ignore[attr-defined]
        return planted

    @admin.action(description="Stop using selected", permissions=["lead"])
    def retire(self, request: HttpRequest, queryset: QuerySet[GoldStandard]) -> None:
        by = signed_in_staff(request)
        act_on_each(
            request,
            list(queryset),
            lambda standard: gold.retire_gold(standard.job_id, by),
            "{} retired",
            noun="gold item",
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.mark_view)
        own = [path("mark/<uuid:item_id>/", view, name="agents_goldstandard_mark")]
        return [*own, *super().get_urls()]

    @method_decorator(require_POST)
    def mark_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        """Mark the job of a decided item as gold and return to the item."""
        if not self.has_lead_permission(request):
            raise PermissionDenied
        item = ReviewItem.objects.filter(pk=item_id).first()
        if item is None:
            raise Http404(f"There is no review item {item_id}.")
        answer, why = request.POST.get("answer", ""), request.POST.get("why", "")
        try:
            gold.mark_gold(item.job_id, answer, why, signed_in_staff(request))
        except DomainError as error:
            details = " ".join(field.detail for field in getattr(error, "errors", ()))
            messages.error(request, details or error.message)
        else:
            messages.success(request, f"Marked as gold. {_planting()}")
        return HttpResponseRedirect(reverse("admin:agents_reviewitem_change", args=[item_id]))


def _planting() -> str:
    if not settings.GOLD_AFTER:
        return "No reviewer gets it, because planting is off (GOLD_AFTER is 0)."
    return f"Reviewers get it after every {settings.GOLD_AFTER} verdicts."
