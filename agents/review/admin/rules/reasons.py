"""Admin pages for the reasons to reject an output."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents.common.admin.base import AnyModelAdmin
from agents.models import RejectReason


@admin.register(RejectReason)
class RejectReasonAdmin(AnyModelAdmin):
    """Pages that keep decisions readable: codes never change, and a used reason is deactivated, not deleted."""

    list_display = ["name", "code", "position", "is_active", "used"]
    list_editable = ["position", "is_active"]
    ordering = ["position", "name", "id"]
    fields = ["name", "code", "position", "is_active", "agent_types"]
    # Deleting several at once could not name the used ones.
    actions = None

    class Media:
        css = {"all": ["agents/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[RejectReason]:
        reasons: QuerySet[RejectReason] = super().get_queryset(request)
        return reasons.annotate(given=Count("decisions"))

    @admin.display(description="Given", ordering="given")
    def used(self, reason: RejectReason) -> int:
        given: int = reason.given  # type: ignore[attr-defined]
        return given

    def get_readonly_fields(self, request: HttpRequest, obj: RejectReason | None = None) -> list[str]:
        return [] if obj is None else ["code"]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        reason = self.get_object(request, object_id)
        if reason is not None and self.has_delete_permission(request, reason) and reason.given:
            times = "once" if reason.given == 1 else f"{reason.given} times"
            self.message_user(
                request,
                f"“{reason}” was given {times} and cannot be deleted. Make it inactive instead.",
                messages.ERROR,
            )
            address = reverse("admin:agents_rejectreason_change", args=[reason.pk])
            return HttpResponseRedirect(address)
        return super().delete_view(request, object_id, extra_context)
