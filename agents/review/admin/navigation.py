"""Addresses within the reviewers' desk: every link keeps the filters of the list it came from."""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from agents.common import permissions
from agents.common.admin import display
from agents.common.text.job_text import request_text
from agents.models import ReviewDecision, ReviewItem
from agents.models.review.item import ReviewItemQuerySet
from agents.review.admin.filters import StateFilter
from agents.review.verdicts import decisions

FILTERS = "_changelist_filters"


def kept_filters(request: HttpRequest) -> str:
    """Return the query string of the list that the request came from."""
    return request.GET.get(FILTERS, "")


def desk_url(name: str, args: list[Any], kept: str, **query: str) -> str:
    """Build the URL of one of the item's admin pages, with the filters ``kept`` in its query string."""
    query = {**query, FILTERS: kept} if kept else query
    url = reverse(f"admin:agents_reviewitem_{name}", args=args)
    return url + (f"?{urlencode(query)}" if query else "")


def item_url(request: HttpRequest, item_id: object, **query: str) -> str:
    return desk_url("change", [item_id], kept_filters(request), **query)


def queue_url(kept: str) -> str:
    return reverse("admin:agents_reviewitem_changelist") + (f"?{kept}" if kept else "")


def redirect_to_queue(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(queue_url(kept_filters(request)))


def filtered_queue(request: HttpRequest) -> ReviewItemQuerySet:
    """Return the open items that match the kept filters; all open items if those are invalid."""
    open_items = ReviewItem.objects.shown_to(request.user).open()
    query = QueryDict(kept_filters(request), mutable=True)
    # The queue has only open items, an order of its own, and no pages.
    for name in (StateFilter.parameter_name, PAGE_VAR, ORDER_VAR):
        query.pop(name, None)
    list_request = copy.copy(request)
    list_request.GET = query  # type: ignore[assignment]
    try:
        changelist = admin.site.get_model_admin(ReviewItem).get_changelist_instance(list_request)
        pks = changelist.queryset.order_by().values("pk")
    except (IncorrectLookupParameters, DisallowedModelAdminLookup):
        return open_items
    return open_items.filter(pk__in=pks)


def undo_context(request: HttpRequest, kept: str) -> dict[str, Any]:
    """Return the template context of the undo button; empty if there is nothing to undo."""
    if not permissions.is_reviewer(request.user):
        return {}
    assert isinstance(request.user, User)
    decision = decisions.last_undoable(request.user)
    if decision is None:
        return {}
    if decision.bulk_id is not None:
        count = ReviewDecision.objects.in_force().filter(by=request.user, bulk_id=decision.bulk_id).count()
        return {
            "undoable": f"{decision.get_verdict_display()}: {count} {'item' if count == 1 else 'items'} together",
            "undo_url": desk_url("undo_bulk", [decision.bulk_id], kept),
        }
    words = display.first_words(request_text(decision.item.job), 10)
    return {
        "undoable": f"{decision.get_verdict_display()}: {words}",
        "undo_url": desk_url("undo", [decision.item_id], kept),
    }
