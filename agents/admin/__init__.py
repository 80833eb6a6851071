"""The reviewers' door, and small pages for operators; stock admin, own templates."""

from django.contrib import admin

from agents.admin import (
    batches,
    budgets,
    decisions,
    gold,
    jobs,
    language_models,
    ledger,
    notifications,
    others,
    reasons,
    reviews,
    schedules,
)

__all__ = [
    "batches",
    "budgets",
    "decisions",
    "gold",
    "jobs",
    "language_models",
    "ledger",
    "notifications",
    "others",
    "reasons",
    "reviews",
    "schedules",
]

admin.site.site_title = "Unified Media Asset Manager"
admin.site.site_header = "Unified Media Asset Manager"
admin.site.index_title = "Overview"
