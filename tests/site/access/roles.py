"""Roles of the site, and the routes that they may or may not call."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Everything asked for is the owner's: the others ask for something foreign.
ROLES = ("nobody", "stranger", "staff", "owner", "editor", "viewer", "watcher", "reviewer", "lead", "root")
EVERYBODY = " ".join(ROLES)
SIGNED_IN = EVERYBODY.removeprefix("nobody ")
MEMBERS = "owner editor viewer"
# With those who may view every universe.
READERS_OF_WORLDS = f"{MEMBERS} reviewer lead root"
READERS = "owner watcher reviewer lead root"
JUDGES = "reviewer lead root"
TEACHERS = "owner lead root"
REFUSED = {401, 403, 404}


def patterns_of(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns_of(pattern, space or pattern.namespace or "")
        else:
            yield space, pattern


def in_order(roles: str) -> list[str]:
    return [role for role in ROLES if role in roles.split()]
