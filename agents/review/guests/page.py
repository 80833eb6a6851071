"""Page of a link for a guest in a browser."""

from __future__ import annotations

import uuid
from typing import Final
from urllib.parse import quote, unquote

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.errors import DomainError, Invalid, NotFound
from agents.models import GuestOpinion
from agents.review.guests import links, opinions

NAME_COOKIE: Final = "guest_name"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the items of a link, each with a form for an opinion."""
    error = ""
    try:
        link = links.find_link(token)
        if request.method == "POST":
            error = _give(request, token)
            if not error:
                return _thanks(token, request.POST["name"], request.POST["item"])
        items = opinions.shared_items(link, reader=request.user if isinstance(request.user, User) else None)
    except NotFound:
        return render(request, "guest/closed.html", status=404)
    name = request.POST.get("name", unquote(request.COOKIES.get(NAME_COOKIE, "")))
    context = {
        "link": link,
        "shared": [(item, _last_of(item, name)) for item in items],
        "decides": any(item.decides for item in items),
        "error": error,
        "typed": request.POST,
        "name": name,
    }
    response = render(request, "guest/review.html", context, status=400 if error else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def _last_of(item: opinions.SharedItem, name: str) -> GuestOpinion | None:
    """Return the latest opinion given under this name, which the browser keeps."""
    return next((opinion for opinion in reversed(item.opinions) if opinion.name == name), None)


def _thanks(token: str, name: str, item_id: str) -> HttpResponse:
    """Lead back to the answer; the page knows the name until the browser is closed, pages of other links do not."""
    address = reverse("guest-page", args=[token])
    response = HttpResponseRedirect(f"{address}#answer-{uuid.UUID(item_id)}")
    response.set_cookie(
        NAME_COOKIE,
        quote(" ".join(name.split())),
        path=address,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _give(request: HttpRequest, token: str) -> str:
    """Record the posted opinion; return what is wrong with it, or ""."""
    sent = request.POST
    try:
        opinions.give_opinion(
            token,
            uuid.UUID(sent.get("item", "")),
            verdict=sent.get("verdict", ""),
            name=sent.get("name", ""),
            comment=sent.get("comment", ""),
        )
    except ValueError:
        return "This link does not show that text."
    except NotFound:
        raise
    except Invalid as refusal:
        return " ".join(field.detail for field in refusal.errors) or refusal.message
    except DomainError as refusal:
        return refusal.message
    return ""
