"""A walk through the admin's addresses with odd ids, filters, orders and forms, as several kinds of staff."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import requests
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Model
from django.urls import URLPattern
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from dev.fuzz import things
from dev.fuzz.findings import Findings

ODD: Final = (
    *(
        "",
        "0",
        "-1",
        "1",
        "abc",
        "99999999999999999999",
        "None",
        "é'\"",
        "\x00",
        "%",
        "a" * 3000,
        "\ud7ff\ufdd0",
    ),
    *(
        "2026-01-01",
        "9999-12-31",
        "10000",
        "2026-13-40",
        "NaN",
        "1e400",
        "{}",
        "[]",
        "(",
        "1,2",
        "true",
        "__all__",
    ),
)
LOOKUPS: Final = (
    "",
    "__exact",
    "__in",
    "__isnull",
    "__gt",
    "__range",
    "__year",
    "__iso_year",
    "__date__year",
    "__date__gte",
    "__lt__year",
    "__icontains",
    "__contains",
    "__regex",
    "__x",
)
ROLES: Final = ("admin", "staff", "reviewer")
PARAMETER: Final = re.compile(r"\(\?P<\w+>[^)]*\)|<[^>]+>")
# It would end the session.
LEFT_OUT: Final = frozenset({"logout"})


def walk(base_url: str, *, requests_wanted: int, seed: int) -> Findings:
    """Send this many requests in turn as an administrator, as staff without rights, and as a reviewer."""
    chance, findings = random.Random(seed), Findings()  # noqa: S311
    # Only processes that serve pages have them all.
    admin.autodiscover()
    people = things.make_accounts()
    people["staff"], _ = User.objects.get_or_create(username="staff", defaults={"is_staff": True})
    User.objects.filter(pk=people["reviewer"].pk).update(is_staff=True)
    people["reviewer"].groups.add(Group.objects.get(name="Lead reviewers"))
    things.make_things(people)
    sessions = {role: _signed_in(people[role], base_url) for role in ROLES}
    addresses = _addresses(chance)
    for number in range(requests_wanted):
        role = ROLES[number % len(ROLES)]
        name, method, path, fields = next(addresses)
        answer = sessions[role].request(
            method,
            f"{base_url}{path}",
            params=fields if method == "GET" else None,
            data=fields if method == "POST" else None,
            allow_redirects=False,
            timeout=60,
        )
        findings.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            findings.add(f"{method} {name}", f"{answer.status_code}", f"  as {role}: {path} {fields!r}")
    return findings


def _signed_in(account: User, base_url: str) -> requests.Session:
    """Return a session as the sign-in page makes it."""
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    session, token = requests.Session(), "a" * 32
    # The server closes a connection that is idle for a moment, which may be while the next request is under way.
    session.mount(base_url, HTTPAdapter(max_retries=Retry(2, read=2, allowed_methods=None)))
    session.cookies.set(settings.SESSION_COOKIE_NAME, str(store.session_key))
    session.cookies.set(settings.CSRF_COOKIE_NAME, token)
    session.headers.update({"X-CSRFToken": token, "Referer": base_url})
    return session


def _addresses(chance: random.Random) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield pages with their names, methods and fields for ever."""
    pages = [page for page in _patterns() if page[0] not in LEFT_OUT]
    lists = [(model, page) for model, page in admin.site._registry.items()]
    while True:
        if chance.random() < 0.5:
            model, page = chance.choice(lists)
            name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
            path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            if chance.random() < 0.15:
                yield name, "POST", path, _action(page, chance)
            else:
                yield name, "GET", path, _filters(model, page, chance)
            continue
        name, route = chance.choice(pages)
        method = "POST" if chance.random() < 0.2 and "delete" not in name else "GET"
        path = f"/admin/{_filled(route, chance)}"
        yield name, method, path, _odd_fields(chance) if chance.random() < 0.6 else {}


def _patterns() -> Iterator[tuple[str, str]]:
    """Yield the names and the routes of all pages; those of a model with its prefix."""
    for entry in admin.site.get_urls():
        if isinstance(entry, URLPattern):
            yield str(entry.name), str(entry.pattern)
            continue
        for pattern in entry.url_patterns:
            yield str(getattr(pattern, "name", "")), f"{entry.pattern}{pattern.pattern}"


def _filled(route: str, chance: random.Random) -> str:
    """Return an address with ids of objects, or odd ones, in place of its parameters."""
    route = route.replace("\\Z", "").strip("^$")
    model = next(
        (m for m in admin.site._registry if route.startswith(f"{m._meta.app_label}/{m._meta.model_name}/")),
        None,
    )

    def value(_: re.Match[str]) -> str:
        real = _some_id(model, chance) if chance.random() < 0.7 else None
        return real or quote(chance.choice(ODD)[:200], safe="")

    return PARAMETER.sub(value, route)


def _some_id(model: type[Model] | None, chance: random.Random) -> str | None:
    if model is None:
        return None
    ids = list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:20])
    return str(chance.choice(ids)) if ids else None


def _filters(model: type[Model], page: Any, chance: random.Random) -> dict[str, Any]:
    columns = [field.name for field in model._meta.concrete_fields]
    known = [getattr(entry, "parameter_name", None) or str(entry) for entry in page.list_filter if entry]
    names = [*(f"{name}{chance.choice(LOOKUPS)}" for name in chance.choices(columns, k=2))]
    names += chance.choices([*known, "q", "p", "o", "all", "e", "_facets", "_popup"], k=3)
    return {name: chance.choice(ODD) for name in chance.sample(names, k=chance.randint(1, len(names)))}


def _action(page: Any, chance: random.Random) -> dict[str, Any]:
    """Return a form that asks for an action of a list on rows that are not there, or have no such id."""
    actions = [action if isinstance(action, str) else action.__name__ for action in page.actions or ()]
    return {
        "action": chance.choice(["delete_selected", *actions]),
        "_selected_action": chance.choices(ODD, k=chance.randint(1, 3)),
        "index": chance.choice(["0", *ODD]),
    } | ({"select_across": chance.choice(ODD)} if chance.random() < 0.3 else {})


def _odd_fields(chance: random.Random) -> dict[str, Any]:
    names = (
        "action",
        "_selected_action",
        "verdict",
        "note",
        "reason",
        "to",
        "text",
        "ids",
        "limit_usd",
        "name",
        "q",
        "next",
    )
    return {name: chance.choice(ODD) for name in chance.sample(names, k=3)}
