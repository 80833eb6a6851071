"""News: the page of jobs that ended and of notifications, their count, and answers to invitations."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents.choices import NotificationKind
from agents.common import permissions
from agents.notify import notifications
from studio import news
from studio.jobs import job_rows
from studio.paging import PageOf
from studio.web import back_to, page, show
from universes.services.sharing import invitations

ENDED, PAGE_SIZE = 15, 20
WORDS = {
    NotificationKind.MENTION: "mentioned you in a review",
    NotificationKind.HAND_OVER: "handed you a review",
    NotificationKind.DISPUTE: "Reviewers disagree; a lead decides",
    NotificationKind.VERDICT: "reviewed your text",
    NotificationKind.GUEST_OPINION: "A guest has given an opinion",
    NotificationKind.DRAFTS: "Drafts are waiting in one of your universes",
    NotificationKind.SCHEDULE: "A schedule was switched off",
    NotificationKind.INVITATION: "invited you to a universe",
}


@page("GET")
def news_page(request: HttpRequest, user: User) -> HttpResponse:
    """Show what is new; looking at it is enough for it to be new no longer."""
    since = news.seen_at(request.session)
    ended = job_rows.for_list(news.ended_since(user, since), user)
    told = notifications.notifications_of(user).defer(
        "item__reasons", "item__job__input_data", "item__job__guidance", "item__job__output_data"
    )
    found = PageOf(request, told, PAGE_SIZE)
    context = {
        "section": "news",
        "jobs": job_rows.rows_of(ended[:ENDED]),
        "page": found,
        "notifications": [
            (row, WORDS.get(NotificationKind(row.kind), row.get_kind_display())) for row in found.rows
        ],
        "may_review": permissions.is_reviewer(user),
    }
    response = show(request, "people/news.html", context)
    news.note_seen(request.session)
    notifications.mark_read(user, [row.pk for row in found.rows if row.read_at is None])
    return response


@page("GET")
def count(request: HttpRequest, user: User) -> HttpResponse:
    """Show the number of news, for a page that stays open."""
    return show(request, "bell.html")


@page("POST")
def answer(request: HttpRequest, user: User, invitation_id: uuid.UUID) -> HttpResponse:
    """Accept or decline an invitation."""
    if request.POST.get("answer") != "accept":
        invitations.decline(invitation_id, by=user)
        messages.success(request, "Declined. Nobody is told.")
        return HttpResponseRedirect(back_to(request))
    membership = invitations.accept(invitation_id, by=user)
    messages.success(request, f"Welcome. You have joined as {membership.get_role_display().lower()}.")
    return HttpResponseRedirect(reverse("studio:universe", args=[membership.universe_id]))
