"""Admin pages of what a lead allows in single universes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from agents.common import permissions
from agents.common.admin.base import ExplainedAdmin, signed_in_staff
from agents.models import GuestsDecide, SelfReview
from agents.models.review.allowance import Allowance
from agents.review import self_review
from agents.review.guests import deciding


class AllowanceAdmin(ExplainedAdmin):
    """Pages for leads: rows are added by ``allow`` and deleted by ``forbid``, never changed."""

    allow: ClassVar[Callable[..., Allowance]]
    forbid: ClassVar[Callable[..., None]]
    list_display = ["universe", "allowed_by", "allowed_at"]
    list_select_related = ["universe", "allowed_by"]
    fields = ["universe", "allowed_by", "allowed_at"]
    readonly_fields = ["allowed_by", "allowed_at"]
    autocomplete_fields = ["universe"]
    actions = None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["universe"] if obj is None else super().get_fields(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.is_lead(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_lead(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.is_lead(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_lead(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Allowance, form: Any, change: bool) -> None:
        allowed = self.allow(obj.universe_id, by=signed_in_staff(request))
        obj.allowed_by, obj.allowed_at = allowed.allowed_by, allowed.allowed_at

    def delete_model(self, request: HttpRequest, obj: Allowance) -> None:
        self.forbid(obj.universe_id, by=signed_in_staff(request))


@admin.register(SelfReview)
class SelfReviewAdmin(AllowanceAdmin):
    list_note = "In these universes, reviewers may decide on jobs that they requested themselves."
    empty_text = "None: in every universe, another reviewer decides on a reviewer's own jobs."
    allow, forbid = staticmethod(self_review.allow), staticmethod(self_review.forbid)


@admin.register(GuestsDecide)
class GuestsDecideAdmin(AllowanceAdmin):
    list_note = "In these universes, a guest's answer is the verdict if the item requires one opinion."
    empty_text = "None: the opinions of guests decide nothing."
    allow, forbid = staticmethod(deciding.allow), staticmethod(deciding.forbid)
