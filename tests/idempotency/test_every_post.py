"""Every POST that has a caller takes an ``Idempotency-Key``, without a line of its own."""

from __future__ import annotations

from typing import Any, cast

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.response import Response

pytestmark = pytest.mark.django_db

# Routes without a caller: they have no account whose key it could be.
ANONYMOUS = {"token", "token-refresh", "token-verify", "guest-opinions"}

# Their answers hold a secret, which is not stored.
SECRET = {"api-keys", "invitation-link-list", "webhooks", "webhook-secret"}


def patterns(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


POSTS = {
    entry.name: entry
    for entry in patterns(get_resolver())
    if isinstance(entry, URLPattern) and hasattr(getattr(entry.callback, "cls", None), "post")
}


def address(entry):
    """Return an address that the pattern matches, with made-up ids."""
    path = str(entry.pattern).removeprefix("^").removesuffix("/?$")
    for name in entry.pattern.regex.groupindex:
        path = path.replace(f"(?P<{name}>[^/]+)", "made-up")
    return f"/{path}"


def test_all_routes_are_found():
    assert len(POSTS) >= 24
    assert POSTS.keys() >= {"jobs", "review-decision", "element-list", *ANONYMOUS}


@pytest.mark.parametrize("name", sorted(str(name) for name in POSTS.keys() - ANONYMOUS - SECRET))
def test_every_post_is_carried_out_once(api, name, monkeypatch):
    calls: list[Any] = []
    view = cast(Any, POSTS[name].callback).cls

    def post(self, request, **kwargs):
        calls.append(kwargs)
        return Response({"call": len(calls)}, 201, headers={"Location": f"/made/{len(calls)}"})

    monkeypatch.setattr(view, "post", post)
    monkeypatch.setattr(view, "permission_classes", [])

    answers = [api.post(address(POSTS[name]), {"a": 1}, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert len(calls) == 1
    assert [answer.json() for answer in answers] == [{"call": 1}, {"call": 1}]
    assert [answer.headers["Location"] for answer in answers] == ["/made/1", "/made/1"]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
