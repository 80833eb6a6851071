"""Access by role to each route of the site.

A route without a row here fails, so that a new one is decided on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import URLPattern, reverse
from rest_framework.test import APIClient

from tests.site.access.roles import (
    EVERYBODY,
    JUDGES,
    READERS,
    READERS_OF_WORLDS,
    REFUSED,
    SIGNED_IN,
    TEACHERS,
    in_order,
    patterns_of,
)

pytestmark = pytest.mark.django_db


@dataclass
class Row:
    """The roles that may call a method of a route, and what they send.

    With ``sees``, everybody signed in may ask, and those roles find the owner's row in the list.
    """

    may: str
    body: dict[str, Any] = field(default_factory=dict)
    sees: str | None = None


API: dict[tuple[str, str], Row] = {
    ("token", "post"): Row(EVERYBODY, {"username": "x"}),
    ("token-refresh", "post"): Row(EVERYBODY),
    ("token-verify", "post"): Row(EVERYBODY),
    ("auth-logout", "post"): Row(SIGNED_IN),
    # Without the password, everybody is told that it is missing.
    ("close-account", "post"): Row(SIGNED_IN),
    ("new-password", "post"): Row(SIGNED_IN),
    ("own-data", "get"): Row(SIGNED_IN),
    ("api-keys", "get"): Row(SIGNED_IN, sees="owner"),
    ("api-keys", "post"): Row(SIGNED_IN, {"name": "CI", "scopes": ["read"]}),
    ("api-key-detail", "delete"): Row("owner"),
    ("healthz", "get"): Row(EVERYBODY),
    ("readyz", "get"): Row(EVERYBODY),
    # No account: only the token of the setting opens it.
    ("metrics", "get"): Row(""),
    ("passport-keys", "get"): Row(EVERYBODY),
    ("schema", "get"): Row(EVERYBODY),
    ("docs", "get"): Row(EVERYBODY),
    ("index", "get"): Row(EVERYBODY),
    ("admin_password_reset", "get"): Row(EVERYBODY),
    ("admin_password_reset", "post"): Row(EVERYBODY),
    ("admin_password_reset", "put"): Row(EVERYBODY),
    ("password_reset_done", "get"): Row(EVERYBODY),
    ("password_reset_confirm", "get"): Row(EVERYBODY),
    ("password_reset_confirm", "post"): Row(EVERYBODY),
    ("password_reset_confirm", "put"): Row(EVERYBODY),
    ("password_reset_complete", "get"): Row(EVERYBODY),
    ("universe-list", "get"): Row(SIGNED_IN, sees=READERS_OF_WORLDS),
    ("universe-list", "post"): Row(SIGNED_IN, {"name": "Mine"}),
    ("import-list", "get"): Row(SIGNED_IN, sees="owner"),
    # Without a file, everybody is told that it is missing.
    ("import-list", "post"): Row(SIGNED_IN),
    ("import-detail", "get"): Row("owner"),
    ("import-undo", "post"): Row("owner"),
    ("universe-detail", "get"): Row(READERS_OF_WORLDS),
    ("universe-detail", "patch"): Row("owner editor", {"description": "New."}),
    ("universe-detail", "delete"): Row("owner"),
    ("change-list", "get"): Row(READERS_OF_WORLDS),
    ("change-revert", "post"): Row("owner editor"),
    ("universe-export", "get"): Row(READERS_OF_WORLDS),
    ("universe-preview", "post"): Row(READERS_OF_WORLDS, {"rules": ["No one can teleport."]}),
    ("universe-recheck", "get"): Row(READERS_OF_WORLDS),
    ("universe-recheck", "post"): Row("owner editor"),
    ("world-findings", "get"): Row(READERS_OF_WORLDS),
    ("world-finding-fix", "post"): Row("owner editor"),
    ("world-finding-intentional", "put"): Row("owner editor", {}),
    ("world-finding-intentional", "delete"): Row("owner editor"),
    ("universe-owner", "post"): Row("owner", {"user_id": "{user_id}"}),
    ("exemplars", "get"): Row(READERS_OF_WORLDS),
    ("exemplars", "post"): Row("owner reviewer lead root", {"job_id": "{job_id}"}),
    ("exemplar-detail", "delete"): Row("owner reviewer lead root"),
    ("rule-proposals", "get"): Row(TEACHERS),
    ("rule-accept", "post"): Row(TEACHERS, {"text": "Use no em-dashes."}),
    ("rule-refuse", "post"): Row(TEACHERS),
    ("guide-effect", "get"): Row(READERS_OF_WORLDS),
    ("guides", "get"): Row(READERS_OF_WORLDS),
    ("guide-detail", "get"): Row(READERS_OF_WORLDS),
    ("guide-detail", "put"): Row(TEACHERS, {"rules": ["Use no em-dashes."]}),
    ("guide-end-trial", "post"): Row(TEACHERS),
    ("guide-restore", "post"): Row(TEACHERS, {"version": 0}),
    ("guide-versions", "get"): Row(READERS_OF_WORLDS),
    ("draft-count", "get"): Row(READERS_OF_WORLDS),
    ("drafts-promote", "post"): Row("owner editor", {"ids": ["{scene_id}"]}),
    ("drafts-discard", "post"): Row("owner editor", {"ids": ["{scene_id}"]}),
    ("member-list", "get"): Row(READERS_OF_WORLDS),
    ("member-list", "post"): Row("owner", {"username": "stefan", "role": "viewer"}),
    ("invitation-list", "get"): Row("owner"),
    ("invitation-detail", "delete"): Row("owner"),
    ("invitation-link-list", "get"): Row("owner"),
    ("invitation-link-list", "post"): Row("owner", {"role": "viewer"}),
    ("invitation-link-detail", "delete"): Row("owner"),
    ("own-invitations", "get"): Row(SIGNED_IN, sees="watcher"),
    ("own-invitation-accept", "post"): Row("watcher"),
    ("own-invitation-decline", "post"): Row("watcher"),
    ("member-detail", "get"): Row(READERS_OF_WORLDS),
    ("member-detail", "patch"): Row("owner", {"role": "editor"}),
    ("member-detail", "delete"): Row("owner viewer"),
    ("world-config", "get"): Row(READERS_OF_WORLDS),
    ("world-config", "put"): Row("owner editor", {"genre": "noir"}),
    ("world-config", "patch"): Row("owner editor", {"genre": "noir"}),
    ("world-rules", "post"): Row("owner editor", {"text": "No one can teleport."}),
    ("world-rule", "get"): Row(READERS_OF_WORLDS),
    ("world-rule", "patch"): Row("owner editor", {"text": "Few can teleport."}),
    ("world-rule", "delete"): Row("owner editor"),
    ("element-list", "get"): Row(READERS_OF_WORLDS),
    ("element-list", "post"): Row("owner editor", {"kind": "item", "name": "A key"}),
    ("element-detail", "get"): Row(READERS_OF_WORLDS),
    ("element-passport", "get"): Row(READERS_OF_WORLDS),
    ("element-detail", "patch"): Row("owner editor", {"summary": "New."}),
    ("element-detail", "delete"): Row("owner editor"),
    ("element-texts", "get"): Row(READERS_OF_WORLDS),
    ("relation-list", "get"): Row(READERS_OF_WORLDS),
    ("story-events", "get"): Row(READERS_OF_WORLDS),
    ("story-events", "post"): Row("owner editor", {"title": "Flood", "key": 3, "label": "Third tide"}),
    ("story-event-detail", "get"): Row(READERS_OF_WORLDS),
    ("story-event-detail", "patch"): Row("owner editor", {"note": "At night."}),
    ("story-event-detail", "delete"): Row("owner editor"),
    ("universe-moment", "get"): Row(READERS_OF_WORLDS),
    ("scene-moment", "get"): Row(READERS_OF_WORLDS),
    ("scene-moment", "put"): Row("owner editor", {"key": 3, "label": "Third tide"}),
    ("scene-moment", "delete"): Row("owner editor"),
    ("relation-list", "post"): Row(
        "owner editor", {"kind": "friend", "from_element": "{element_id}", "to_element": "{other_id}"}
    ),
    ("relation-detail", "get"): Row(READERS_OF_WORLDS),
    ("relation-detail", "patch"): Row("owner editor", {"note": "Since school."}),
    ("relation-detail", "delete"): Row("owner editor"),
    ("scene-list", "get"): Row(READERS_OF_WORLDS),
    ("scene-elements", "get"): Row(READERS_OF_WORLDS),
    ("scene-list", "post"): Row("owner editor", {"title": "One", "text": "Once."}),
    ("scene-detail", "get"): Row(READERS_OF_WORLDS),
    ("scene-passport", "get"): Row(READERS_OF_WORLDS),
    ("scene-detail", "patch"): Row("owner editor", {"title": "Two"}),
    ("scene-detail", "delete"): Row("owner editor"),
    ("jobs", "get"): Row(SIGNED_IN, sees=READERS),
    ("jobs", "post"): Row(SIGNED_IN, {"agent_type": "narrative", "input_data": {"prompt": "A storm."}}),
    ("job-batch", "post"): Row(SIGNED_IN, {"jobs": [{}]}),
    ("job-detail", "get"): Row(READERS),
    ("job-events", "get"): Row(READERS),
    ("job-passport", "get"): Row(READERS),
    ("job-elements", "get"): Row(READERS),
    ("job-receipt", "get"): Row(READERS),
    ("job-retry", "post"): Row("owner root"),
    ("job-cancel", "post"): Row("owner root"),
    ("job-accept", "post"): Row("owner"),
    ("job-again", "post"): Row("owner", {"note": "Shorter."}),
    ("job-discard", "post"): Row("owner", {"reason": "Dull."}),
    ("job-feedback", "post"): Row("owner", {"rating": "accepted"}),
    ("job-flag", "post"): Row(f"{READERS} editor viewer", {"reason": "A phone."}),
    ("stats", "get"): Row(SIGNED_IN),
    ("reviews", "get"): Row(JUDGES),
    ("review-next", "post"): Row(JUDGES),
    ("review-bulk", "post"): Row(JUDGES, {"ids": [], "verdict": "approved"}),
    ("review-decisions", "get"): Row(JUDGES),
    ("reject-reasons", "get"): Row(JUDGES),
    ("review-figures", "get"): Row(JUDGES),
    ("review-figures", "post"): Row(JUDGES),
    ("promises", "get"): Row(JUDGES),
    ("reviewers", "get"): Row(JUDGES),
    ("reviewer-detail", "get"): Row(JUDGES),
    ("review-detail", "get"): Row(JUDGES),
    ("review-claim", "post"): Row(JUDGES),
    ("review-claim", "patch"): Row(JUDGES),
    ("review-claim", "delete"): Row(JUDGES),
    ("review-claim-break", "post"): Row("root"),
    ("review-skip", "post"): Row(JUDGES),
    ("review-hand", "post"): Row(JUDGES, {"to": "rosa"}),
    ("review-decision", "post"): Row(JUDGES, {"verdict": "approved"}),
    ("review-undo", "post"): Row(JUDGES),
    ("review-links", "get"): Row(JUDGES, sees=JUDGES),
    ("review-links", "post"): Row(JUDGES, {"item_ids": ["{item_id}"], "label": "A studio"}),
    ("review-link-detail", "delete"): Row(JUDGES),
    # Whoever has the token.
    ("guest-items", "get"): Row(EVERYBODY),
    ("guest-opinions", "post"): Row(
        EVERYBODY, {"item_id": "{item_id}", "verdict": "approved", "name": "Ann"}
    ),
    ("guest-page", "get"): Row(EVERYBODY),
    ("variant-stats", "get"): Row(JUDGES),
    ("variants-detail", "get"): Row(JUDGES),
    ("variants-choice", "post"): Row(JUDGES, {"job_id": "{job_id}"}),
    ("review-reopen", "post"): Row("lead root", {"reason": "A phone."}),
    ("review-bulk-undo", "post"): Row("reviewer"),
    ("review-comments", "get"): Row(JUDGES),
    ("review-comments", "post"): Row(JUDGES, {"text": "Look."}),
    ("review-comment", "patch"): Row("reviewer", {"text": "Look again."}),
    ("review-comment", "delete"): Row("reviewer"),
    ("review-finding-intentional", "put"): Row(JUDGES),
    ("review-finding-intentional", "delete"): Row(JUDGES),
    ("gold", "get"): Row("lead root"),
    ("gold", "post"): Row("lead root"),
    ("gold-detail", "delete"): Row("lead root"),
    ("guests-decide", "get"): Row("lead root"),
    ("guests-decide", "post"): Row("lead root", {"universe_id": "{universe_id}"}),
    ("guests-decide-detail", "delete"): Row("lead root"),
    ("self-reviews", "get"): Row("lead root"),
    ("self-reviews", "post"): Row("lead root", {"universe_id": "{universe_id}"}),
    ("self-review-detail", "delete"): Row("lead root"),
    ("rechecks", "post"): Row("owner editor root", {"universe_id": "{universe_id}"}),
    ("schedules", "get"): Row(SIGNED_IN, sees="owner watcher root"),
    ("schedules", "post"): Row(
        "owner editor root",
        {
            "name": "Weekly",
            "universe_id": "{universe_id}",
            "agent_type": "narrative",
            "input_data": {"prompt": "A storm."},
            "crontab": "0 0 * * 1",
        },
    ),
    ("schedule-detail", "get"): Row("owner watcher root"),
    ("schedule-detail", "patch"): Row("owner root", {"name": "New"}),
    ("schedule-detail", "delete"): Row("owner root"),
    ("schedule-run", "post"): Row("owner root"),
    ("schedule-pause", "post"): Row("owner root"),
    ("schedule-resume", "post"): Row("owner root"),
    ("usage", "get"): Row(SIGNED_IN, sees=READERS),
    ("budgets", "get"): Row(SIGNED_IN, sees="owner watcher root"),
    ("budgets", "post"): Row("root", {"scope": "site", "period": "day", "limit_usd": "1"}),
    ("budget-detail", "get"): Row("owner watcher root"),
    ("budget-detail", "patch"): Row("root", {"limit_usd": "2"}),
    ("budget-detail", "delete"): Row("root"),
    ("notifications", "get"): Row(SIGNED_IN),
    ("notifications-read", "post"): Row(SIGNED_IN, {"ids": []}),
    ("webhooks", "get"): Row(SIGNED_IN, sees="owner"),
    ("webhooks", "post"): Row(SIGNED_IN, {"url": "https://example.org/", "events": ["job.failed"]}),
    ("webhook-detail", "get"): Row("owner"),
    ("webhook-detail", "patch"): Row("owner", {"description": "New."}),
    ("webhook-detail", "delete"): Row("owner"),
    ("webhook-secret", "post"): Row("owner"),
    ("webhook-deliveries", "get"): Row("owner"),
    ("webhook-replay", "post"): Row("owner"),
    ("preferences", "get"): Row(SIGNED_IN),
    ("preferences", "put"): Row(SIGNED_IN),
    ("preferences", "patch"): Row(SIGNED_IN),
}
# Answered by functions, whose methods cannot be read from a class.
FUNCTIONS = dict.fromkeys(("healthz", "readyz", "metrics", "index", "guest-page"), ("get",))
UNNAMED = {"admin", "favicon.ico", "studio"}


def _methods(pattern: URLPattern) -> tuple[str, ...]:
    name = pattern.name or ""
    view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
    return FUNCTIONS.get(name) or tuple(
        method for method in ("get", "post", "put", "patch", "delete") if hasattr(view, method)
    )


def test_every_route_has_a_row():
    routes = {
        (pattern.name, method)
        for space, pattern in patterns_of()
        if not space and (pattern.name or str(pattern.pattern) not in UNNAMED)
        for method in _methods(pattern)
    }

    assert routes == set(API)


def _api(person: User | None) -> APIClient:
    client = APIClient(raise_request_exception=False)
    if person is not None:
        client.force_authenticate(person)
    return client


def _named(value: Any, ids: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _named(part, ids) for key, part in value.items()}
    return value.format(**ids) if isinstance(value, str) else value


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_routes_are_open_to_exactly_these_roles(people, ids, method):
    table = {name: row for (name, of), row in API.items() if of == method}
    patterns = {found.name: found for space, found in patterns_of() if not space}
    clients = {role: _api(person) for role, person in people.items()}
    open_to: dict[str, list[str]] = {name: [] for name in table}
    finding: dict[str, list[str]] = {name: [] for name, row in table.items() if row.sees is not None}

    for name, row in table.items():
        pattern = patterns[name].pattern
        given = {**ids, "uidb64": "MQ"} | ({"token": "expired"} if name.startswith("password") else {})
        keys = [*pattern.regex.groupindex, *getattr(pattern, "converters", {})]
        wanted = {key: given[key] for key in keys}
        if name == "reviewer-detail":
            wanted["user_id"] = people["reviewer"].pk
        path = reverse(name, kwargs=wanted)
        for role, client in clients.items():
            # Each role finds everything as it was.
            with transaction.atomic():
                response = getattr(client, method)(path, _named(row.body, ids) or None)
                transaction.set_rollback(True)
            assert response.status_code < 500 or name == "readyz", (name, role, response.content)
            if response.status_code not in REFUSED:
                open_to[name].append(role)
            if name in finding and response.status_code == 200 and response.json()["results"]:
                finding[name].append(role)

    assert open_to == {name: in_order(row.may) for name, row in table.items()}
    assert finding == {name: in_order(table[name].sees or "") for name in finding}
