"""Making and revoking links for guests, from the page of a review item."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from agents.errors import DomainError, Invalid
from agents.models import ReviewItem
from agents.review.admin import navigation
from agents.review.admin.item.actions import item_view
from agents.review.guests import links


@item_view
def share_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    days = request.POST.get("days", "7")
    hours = 24 * int(days[:4]) if days.isascii() and days.isdigit() else 0
    try:
        link = links.make_link([item.pk], label=request.POST.get("label", ""), expires_in_h=hours, by=user)
    except Invalid as refusal:
        messages.error(request, " ".join(field.detail for field in refusal.errors))
    else:
        messages.success(request, f"The link for {link.label} is on the page, below the comments.")
    return HttpResponseRedirect(navigation.item_url(request, item.pk))


@item_view
def unshare_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    try:
        links.revoke_link(uuid.UUID(request.POST.get("link", "")), by=user)
    except ValueError:
        messages.error(request, "Choose a link.")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "The link was revoked.")
    return HttpResponseRedirect(navigation.item_url(request, item.pk))
