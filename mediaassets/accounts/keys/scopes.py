"""Scopes of API keys: the one list of what a key may be used for. A route that is not in it is closed to keys."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.http import HttpRequest
from rest_framework.exceptions import PermissionDenied


class Scope(models.TextChoices):
    READ = "read", "Read"
    SUBMIT = "submit", "Submit jobs"
    REVIEW = "review", "Review"


# By the name of the route: what its GET gives, and what its other methods do.
READABLE = frozenset(
    {
        *(
            "schema",
            "docs",
            "jobs",
            "job-detail",
            "job-passport",
            "job-elements",
            "job-receipt",
            "job-events",
            "stats",
            "usage",
            "budgets",
            "budget-detail",
        ),
        *("schedules", "schedule-detail", "notifications", "preferences"),
        *("reviews", "review-detail", "review-decisions", "review-comments", "reject-reasons"),
        *(
            "variants-detail",
            "variant-stats",
            "review-links",
            "review-figures",
            "promises",
            "reviewers",
            "reviewer-detail",
            "gold",
            "guests-decide",
            "self-reviews",
        ),
        *(
            "change-list",
            "import-list",
            "import-detail",
            "universe-export",
            "universe-list",
            "universe-detail",
            "member-detail",
            "member-list",
            "invitation-list",
            "invitation-link-list",
            "own-invitations",
            "world-config",
            "world-rule",
        ),
        *("guides", "guide-detail", "guide-versions", "guide-effect", "rule-proposals", "exemplars"),
        *("draft-count", "element-list", "element-detail", "element-passport", "element-texts"),
        *("universe-recheck", "world-findings"),
        *("story-events", "story-event-detail", "universe-moment", "scene-moment"),
        *("relation-list", "relation-detail"),
        *("scene-list", "scene-detail", "scene-elements", "scene-passport"),
    }
)
CHANGES: Mapping[Scope, frozenset[tuple[str, str]]] = {
    Scope.SUBMIT: frozenset(
        {
            *(
                ("jobs", "POST"),
                ("job-batch", "POST"),
                ("job-retry", "POST"),
                ("job-cancel", "POST"),
                ("job-accept", "POST"),
                ("job-again", "POST"),
                ("job-discard", "POST"),
                ("job-feedback", "POST"),
                ("job-flag", "POST"),
                ("world-finding-fix", "POST"),
                ("rechecks", "POST"),
            ),
            *(("schedules", "POST"), ("schedule-detail", "PATCH"), ("schedule-detail", "DELETE")),
            *(("schedule-run", "POST"), ("schedule-pause", "POST"), ("schedule-resume", "POST")),
        }
    ),
    Scope.REVIEW: frozenset(
        {
            *(("review-next", "POST"), ("review-decision", "POST"), ("review-undo", "POST")),
            *(("review-links", "POST"), ("review-link-detail", "DELETE")),
            *(("variants-choice", "POST"), ("review-reopen", "POST"), ("review-bulk-undo", "POST")),
            *(("review-claim", "POST"), ("review-claim", "PATCH"), ("review-claim", "DELETE")),
            *(("review-bulk", "POST"), ("review-skip", "POST"), ("review-hand", "POST")),
            *(
                ("review-comments", "POST"),
                ("review-comment", "PATCH"),
                ("review-comment", "DELETE"),
                ("review-finding-intentional", "PUT"),
            ),
            ("review-finding-intentional", "DELETE"),
        }
    ),
}


def scope_of(route: str, method: str) -> Scope | None:
    """Return the scope that a request takes, or None if it is closed to keys."""
    if method in {"GET", "HEAD"}:
        return Scope.READ if route in READABLE else None
    return next((scope for scope, requests in CHANGES.items() if (route, method) in requests), None)


def require(scopes: list[str], request: HttpRequest) -> None:
    """Refuse a request that a key with these scopes may not make."""
    match = request.resolver_match
    needed = scope_of(match.view_name if match else "", request.method or "")
    if needed is None:
        detail = "API keys may not do this. Sign in with `POST /auth/token`."
        raise PermissionDenied(detail, "closed_to_api_keys")
    if needed not in scopes:
        raise PermissionDenied(f"This takes an API key with the scope `{needed}`.", "scope_missing")
