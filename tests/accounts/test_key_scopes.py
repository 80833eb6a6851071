"""Scopes of API keys over the whole URL table: closed unless said otherwise here."""

from __future__ import annotations

from itertools import chain

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from mediaassets.accounts.keys import api_keys, scopes
from tests.site.access.roles import patterns_of
from tests.site.access.test_access import API

pytestmark = pytest.mark.django_db

# Without a caller: nothing is asked of a key there.
ANONYMOUS = {
    "token",
    "token-refresh",
    "token-verify",
    "healthz",
    "readyz",
    "metrics",
    "index",
    "guest-items",
    "passport-keys",
    "guest-opinions",
    "guest-page",
    "admin_password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
}
UNREADABLE = {"api-keys", "own-data", "webhooks", "webhook-detail", "webhook-deliveries"}
SUBMIT = {
    ("jobs", "post"),
    ("job-batch", "post"),
    ("job-retry", "post"),
    ("job-cancel", "post"),
    ("job-accept", "post"),
    ("job-again", "post"),
    ("job-discard", "post"),
    ("job-feedback", "post"),
    ("job-flag", "post"),
    ("world-finding-fix", "post"),
    ("rechecks", "post"),
    ("schedules", "post"),
    ("schedule-detail", "patch"),
    ("schedule-detail", "delete"),
    ("schedule-run", "post"),
    ("schedule-pause", "post"),
    ("schedule-resume", "post"),
}
REVIEW = {
    ("review-next", "post"),
    ("review-bulk", "post"),
    ("review-claim", "post"),
    ("review-claim", "patch"),
    ("review-claim", "delete"),
    ("review-skip", "post"),
    ("review-hand", "post"),
    ("review-decision", "post"),
    ("review-undo", "post"),
    ("review-reopen", "post"),
    ("variants-choice", "post"),
    ("review-links", "post"),
    ("review-link-detail", "delete"),
    ("review-bulk-undo", "post"),
    ("review-comments", "post"),
    ("review-comment", "patch"),
    ("review-comment", "delete"),
    ("review-finding-intentional", "put"),
    ("review-finding-intentional", "delete"),
}
ROUTES = sorted((name, method) for name, method in API if name not in ANONYMOUS)


def scope_wanted(name, method):
    if method == "get":
        return None if name in UNREADABLE else "read"
    return "submit" if (name, method) in SUBMIT else "review" if (name, method) in REVIEW else None


@pytest.mark.parametrize(("name", "method"), ROUTES)
def test_key_passes_with_the_one_scope_of_the_route(superuser, name, method):
    pattern = next(found for space, found in patterns_of() if not space and found.name == name)
    made_up = "00000000-0000-7000-8000-000000000000"
    path = reverse(name, kwargs=dict.fromkeys(pattern.pattern.regex.groupindex, made_up))
    passed = []

    for scope in ("read", "submit", "review"):
        client = APIClient(raise_request_exception=False)
        client.credentials(
            HTTP_AUTHORIZATION=f"Bearer {api_keys.make_key(superuser, name='K', scopes=[scope])[1]}"
        )
        response = getattr(client, method)(path)
        code = response.json().get("code") if response.status_code == 403 else None
        if code not in {"scope_missing", "closed_to_api_keys"}:
            assert response.status_code != 401
            passed.append(scope)

    wanted = scope_wanted(name, method)
    assert passed == ([wanted] if wanted else [])


@pytest.mark.parametrize(("name", "method"), [route for route in ROUTES if not scope_wanted(*route)])
def test_key_with_all_scopes_is_refused_where_none_is_wanted(superuser, name, method):
    pattern = next(found for space, found in patterns_of() if not space and found.name == name)
    path = reverse(name, kwargs=dict.fromkeys(pattern.pattern.regex.groupindex, "7"))
    text = api_keys.make_key(superuser, name="K", scopes=["read", "submit", "review"])[1]

    response = APIClient().generic(method.upper(), path, HTTP_AUTHORIZATION=f"Bearer {text}")

    assert (response.status_code, response.json()["code"]) == (403, "closed_to_api_keys")


def test_every_rule_names_a_route():
    names = {found.name for space, found in patterns_of() if not space}
    rules = {name for name, _ in chain.from_iterable(scopes.CHANGES.values())} | scopes.READABLE

    assert rules <= names


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "POST", "PUT"])
def test_other_methods_of_a_readable_route_are_closed(superuser, method):
    text = api_keys.make_key(superuser, name="K", scopes=["read", "submit", "review"])[1]

    response = APIClient().generic(method, "/agents/stats", HTTP_AUTHORIZATION=f"Bearer {text}")

    assert response.status_code in {403, 405}


def test_head_is_reading(superuser):
    text = api_keys.make_key(superuser, name="K", scopes=["read"])[1]

    assert APIClient().head("/agents/jobs", HTTP_AUTHORIZATION=f"Bearer {text}").status_code == 200
