"""Parts of every page: the signed-in person, the frame around the content, and refusals in words."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from agents.common import permissions
from agents.providers import factory
from studio import news
from universes.errors import DomainError, Forbidden, Invalid, NotFound, Unaffordable

View = Callable[..., HttpResponseBase]
STATUS_OF = ((NotFound, 404), (Forbidden, 403), (Invalid, 400), (Unaffordable, 402))


def page(*methods: str) -> Callable[[Callable[Concatenate[HttpRequest, User, ...], HttpResponseBase]], View]:
    """Make a page of a function of the request, the signed-in person and the parts of the address.

    Others are sent to the sign-in, which leads back here, or to the page that a form stands on. A refusal of a service
    is answered in words: on a page of its own, or, for a form, as a message on the page that the form stands on.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, User, ...], HttpResponseBase]) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, **parts: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _ask_to_sign_in(request)
            if ("GET" if request.method == "HEAD" else request.method) not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                response = view(request, request.user, **parts)
            except DomainError as refusal:
                response = refuse(request, refusal)
            # A shared computer must not show the pages of the person before; going back still keeps what was typed.
            patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ["Cookie", "HX-Request"])
            return response

        return answer

    return decorate


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if is_fragment(request):
        address = request.headers.get("HX-Current-URL", "")
        here = _path_of(address) if is_of_this_site(request, address) else ""
        return _notice(request, {"next": here}, status=401)
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else _path_of(back_to(request, ""))
    query = f"?{urlencode({'next': here})}" if here else ""
    return HttpResponseRedirect(reverse("studio:sign-in") + query)


def _notice(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """Answer a script by a line at the top of its page, which keeps all else, and what was typed in it."""
    response = render(request, "studio/notice.html", context, status=status)
    response["HX-Retarget"] = response["HX-Reselect"] = "#page-notice"
    response["HX-Reswap"] = "outerHTML"
    return response


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page in the frame: navigation, number of news, and whether the mock model answers here."""
    user = request.user
    frame: dict[str, Any] = {"is_mock": factory.uses_mock()}
    if isinstance(user, User):
        frame |= {
            "news_count": news.count(user, request.session),
            "is_reviewer": permissions.is_reviewer(user),
        }
    return render(request, f"studio/{template}", frame | (context or {}), status=status)


def refuse(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Say why a request was refused: a form's or a script's on its page, any other on a page of its own."""
    status = next((number for kind, number in STATUS_OF if isinstance(refusal, kind)), 409)
    if is_fragment(request):
        return _notice(request, {"refusal": in_words(refusal)}, status=status)
    if request.method == "POST" and not isinstance(refusal, NotFound | Forbidden):
        messages.error(request, in_words(refusal))
        return HttpResponseRedirect(back_to(request))
    return show(request, "refused.html", {"refusal": in_words(refusal), "status": status}, status=status)


def in_words(refusal: DomainError) -> str:
    """Return the sentence of a refusal with those of its fields."""
    details = [error.detail for error in getattr(refusal, "errors", ())]
    return " ".join(dict.fromkeys(details)) or refusal.message


def errors_of(refusal: Invalid) -> dict[str, str]:
    """Return the sentences of the invalid fields by their pointers, without the leading slash."""
    return {error.pointer.lstrip("/"): error.detail for error in refusal.errors}


def back_to(request: HttpRequest, otherwise: str = "studio:home") -> str:
    """Return the page of this site that a form names as ``next`` or stands on, or else a page by its name."""
    for address in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if address and is_of_this_site(request, address):
            return address
    return reverse(otherwise) if otherwise else ""


def is_of_this_site(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def typed_in(data: QueryDict) -> dict[str, str]:
    """Return the last value of each field of a form."""
    return {name: str(data[name]) for name in data}


def is_fragment(request: HttpRequest) -> bool:
    """Return whether a script asks for a part of a page."""
    return "HX-Request" in request.headers
