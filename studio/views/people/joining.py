"""Joining a universe by an invitation link: as who is signed in, or with a new account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from mediaassets.accounts.sign_up import sign_up
from studio.web import errors_of, refuse, show
from universes.errors import DomainError, Invalid
from universes.services.sharing import invitation_links

BACKEND = "mediaassets.web.sign_in.LimitedBackend"


def join(request: HttpRequest) -> HttpResponse:
    """Show an invitation; by a form, accept it.

    The secret stands in the query, which no log has, and which the policy of the site keeps from other sites.
    """
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    secret = request.GET.get("link", "")[:200]
    try:
        response = _answer(request, secret)
    except DomainError as refusal:
        response = refuse(request, refusal)
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, secret: str) -> HttpResponse:
    link = invitation_links.find_link(secret)
    typed = {name: request.POST.get(name, "").strip() for name in ("username", "email")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            user = request.user if isinstance(request.user, User) else _new_account(request, secret, typed)
        except Invalid as refusal:
            errors = errors_of(refusal)
        else:
            membership = invitation_links.use_link(secret, by=user) if user == request.user else None
            if membership is None:
                login(request, user, BACKEND)
            messages.success(request, f"Welcome to {link.universe.name}.")
            return HttpResponseRedirect(reverse("studio:universe", args=[link.universe_id]))
    context = {"link": link, "typed": typed, "errors": errors, "next": request.get_full_path()}
    return show(request, "people/join.html", context, status=400 if errors else 200)


def _new_account(request: HttpRequest, secret: str, typed: dict[str, str]) -> User:
    return sign_up(
        secret, username=typed["username"], email=typed["email"], password=request.POST.get("password", "")
    )
