"""Admin page of the learned confidences, with the comparison that put each in force."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.common import permissions
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin
from agents.models import LearnedConfidence


@admin.register(LearnedConfidence)
class LearnedConfidenceAdmin(ReadOnlyAdmin):
    empty_text = (
        "None yet: the score of the signals applies. A confidence is learned for a model and a version of its prompts "
        "once enough outputs of them are reviewed, and applies if it predicts held-out verdicts better than the score."
    )
    list_display = ["agent_type", "model", "state", "verdicts", "brier", "auroc", "at", "until"]
    list_filter = ["agent_type", "model"]
    ordering = ["-at", "-id"]
    fields = [
        "agent_type",
        "model",
        "prompt_version",
        "state",
        "at",
        "until",
        "verdicts",
        "brier",
        "auroc",
        "taken_off",
    ]
    readonly_fields = [
        *(field.name for field in LearnedConfidence._meta.concrete_fields),
        "state",
        "verdicts",
        "brier",
        "auroc",
        "taken_off",
    ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.is_lead(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_lead(request.user)

    @admin.display(description="State", ordering="until")
    def state(self, learned: LearnedConfidence) -> SafeString:
        is_in_force = learned.until is None
        return display.badge("in force" if is_in_force else "ended", "good" if is_in_force else "quiet")

    @admin.display(description="Held-out verdicts")
    def verdicts(self, learned: LearnedConfidence) -> str:
        return f"{learned.evidence['verdicts']}, {learned.evidence['errors']} rejected or changed"

    @admin.display(description="Brier score (lower is better)")
    def brier(self, learned: LearnedConfidence) -> str:
        return _before_and_after(learned, "brier")

    @admin.display(description="Discrimination (AUROC)")
    def auroc(self, learned: LearnedConfidence) -> str:
        return _before_and_after(learned, "auroc")

    @admin.display(description="Log-odds lost when a signal is 0")
    def taken_off(self, learned: LearnedConfidence) -> SafeString:
        rows = sorted(learned.weights.items(), key=lambda row: -row[1])
        perfect = format_html("<li>every signal perfect: {}</li>", f"{learned.bias:+.2f}")
        return format_html(
            "<ul>{}{}</ul>",
            perfect,
            format_html_join("", "<li>{}: {}</li>", ((name, f"{-weight:+.2f}") for name, weight in rows)),
        )


def _before_and_after(learned: LearnedConfidence, figure: str) -> str:
    """Return a figure of the score and of the learned confidence on the same verdicts."""
    score, own = (learned.evidence[f"{figure}_of_{side}"] for side in ("score", "learned"))
    return " → ".join("–" if value is None else f"{value:.3f}" for value in (score, own))
