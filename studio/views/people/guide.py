"""The help, on one page."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from studio.web import page, show


@page("GET")
def help_page(request: HttpRequest, user: User) -> HttpResponse:
    return show(request, "people/help.html", {"section": "help"})
