"""The first page: universes, invitations, and what happened last."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from studio.jobs.job_rows import own_jobs, rows_of
from studio.paging import PageOf
from studio.web import page, show
from studio.worlds.universe_page import counts_by_universe
from universes.models import Membership
from universes.services.sharing import invitations

UNIVERSES = 24
INVITATIONS = 5
JOBS = 6


@page("GET")
def home(request: HttpRequest, user: User) -> HttpResponse:
    memberships = Membership.objects.filter(user=user).select_related("universe")
    universes = PageOf(
        request,
        memberships.order_by("universe__archived", "-universe__updated_at", "-universe_id"),
        UNIVERSES,
    )
    counts = counts_by_universe([membership.universe_id for membership in universes.rows], user)
    context = {
        "section": "home",
        "title": "Universes",
        "page": universes,
        "universes": [(membership, counts[membership.universe_id]) for membership in universes.rows],
        "invitations": list(invitations.invitations_to(user)[:INVITATIONS]),
        "jobs": rows_of(own_jobs(user)[:JOBS]),
    }
    return show(request, "people/home.html", context)
