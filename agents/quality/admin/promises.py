"""Admin pages of the error promises and their terms."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from agents.choices import PromiseState
from agents.common import permissions
from agents.common.admin import display
from agents.common.admin.base import AnyModelAdmin, ReadOnlyAdmin
from agents.models import ErrorPromise, PromiseTerms
from agents.quality.promise import wording

TONES = {PromiseState.KEPT: "good", PromiseState.TOO_FEW: "quiet", PromiseState.TOO_MANY: "warn"}


@admin.register(PromiseTerms)
class PromiseTermsAdmin(AnyModelAdmin):
    list_display = ["agent_type", "alpha", "delta", "max_audit_share", "is_active"]
    fields = ["agent_type", "alpha", "delta", "max_audit_share", "is_active"]
    readonly_fields = ["agent_type"]

    # Each agent has its row from the start.
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PromiseTerms | None = None) -> bool:
        return False


@admin.register(ErrorPromise)
class ErrorPromiseAdmin(ReadOnlyAdmin):
    empty_text = (
        "No promise has been computed yet. "
        "Promises are computed every five minutes once outputs have been reviewed."
    )
    list_display = ["agent_type", "scope", "shown_state", "cut_off", "in_words", "at", "until", "cause"]
    list_display_links = ["agent_type"]
    list_select_related = ["universe"]
    list_filter = ["agent_type", "state", "cause"]
    ordering = ["-at", "-id"]
    fields = (
        "agent_type",
        "scope",
        "shown_state",
        "in_words",
        "cut_off",
        "bounds",
        ("at", "until", "cause"),
        ("checked_at", "verdicts"),
        ("model", "prompt_version", "guide_version"),
        ("began_at", "counts_from"),
        ("alpha", "delta", "audit_share"),
    )
    readonly_fields = [
        *(field.name for field in ErrorPromise._meta.concrete_fields),
        "scope",
        "shown_state",
        "in_words",
        "bounds",
    ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.is_lead(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_lead(request.user)

    @admin.display(description="Universe", ordering="universe__name")
    def scope(self, promise: ErrorPromise) -> SafeString | str:
        return "all" if promise.universe is None else display.isolated(promise.universe.name)

    @admin.display(description="State", ordering="state")
    def shown_state(self, promise: ErrorPromise) -> SafeString:
        return display.badge(promise.get_state_display(), TONES[PromiseState(promise.state)])

    @admin.display(description="In words")
    def in_words(self, promise: ErrorPromise) -> str:
        return wording.sentence(promise)

    @admin.display(description="Bounds")
    def bounds(self, promise: ErrorPromise) -> str:
        return "; ".join(
            f"from {candidate['cut_off']:.1f}: at most {candidate['bound']:.1%} errors"
            for candidate in promise.evidence.get("candidates", [])
            if candidate["bound"] is not None
        )
