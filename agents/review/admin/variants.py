"""Admin page that shows the variants of a request side by side, to choose one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from agents.common.admin import number_format
from agents.common.admin.base import own_page
from agents.common.text.job_text import output_text, request_text
from agents.errors import DomainError, NotFound
from agents.models import ReviewItem
from agents.review.admin import navigation
from agents.review.admin.item.actions import signed_in_reviewer
from agents.review.creators import variants


def variants_view(request: HttpRequest, variants_id: uuid.UUID) -> HttpResponse:
    """Show the variants; a POST chooses the one whose ``job`` it names."""
    user = signed_in_reviewer(request)
    try:
        items = variants.items_of(variants_id, user)
    except NotFound as refusal:
        raise Http404(refusal.message) from None
    if request.method == "POST":
        return _choose(request, variants_id)
    kept = navigation.kept_filters(request)
    columns = [
        {
            "number": number,
            "item": item,
            "text": output_text(item.job),
            "url": navigation.item_url(request, item.pk),
        }
        for number, item in enumerate(items, start=1)
    ]
    context = {
        "title": "Variants",
        "asked": request_text(items[0].job),
        "columns": columns,
        "may_choose": sum(map(_is_open, columns)) > 1,
        "choose_url": navigation.desk_url("variants", [variants_id], kept),
        "next_url": navigation.desk_url("next_variants", [], kept),
        "variants_id": variants_id,
        "first": next((column for column in columns if _is_open(column)), None),
        "queue_url": navigation.queue_url(kept),
        **navigation.undo_context(request, kept),
    }
    return own_page(request, ReviewItem, "reviewitem/variants.html", context)


@require_POST
def next_view(request: HttpRequest) -> HttpResponse:
    """Claim and open the next set of variants, after the one that the form names."""
    user = signed_in_reviewer(request)
    try:
        leaving = uuid.UUID(request.POST.get("leaving", ""))
    except ValueError:
        leaving = None
    return _go_on(request, user, leaving=leaving)


def stats_view(request: HttpRequest) -> HttpResponse:
    """Show how often the outputs of each model were chosen between variants."""
    signed_in_reviewer(request)
    found = variants.stats()
    context = {
        "title": "Choices between variants",
        "days": variants.STATS_DAYS,
        "found": found,
        "rows": [
            {**row, "share": number_format.percent(row["chosen"] / row["shown"])} for row in found.by_model
        ],
        "queue_url": navigation.queue_url(navigation.kept_filters(request)),
    }
    return own_page(request, ReviewItem, "reviewitem/variant_stats.html", context)


def _go_on(request: HttpRequest, user: User, *, leaving: uuid.UUID | None = None) -> HttpResponse:
    variants_id = variants.claim_next(user, leaving=leaving)
    if variants_id is None:
        messages.info(request, "No other variants are waiting.")
        return navigation.redirect_to_queue(request)
    return HttpResponseRedirect(
        navigation.desk_url("variants", [variants_id], navigation.kept_filters(request))
    )


def _is_open(column: dict[str, Any]) -> bool:
    return column["item"].closed_at is None


def _choose(request: HttpRequest, variants_id: uuid.UUID) -> HttpResponse:
    user = signed_in_reviewer(request)
    raw, is_tie = request.POST.get("tie", ""), "tie" in request.POST
    try:
        job_id = uuid.UUID(raw if is_tie else request.POST.get("job", ""))
        variants.choose(variants_id, job_id, by=user, is_tie=is_tie)
    except ValueError:
        messages.error(request, "Choose one of the variants.")
    except DomainError as refusal:
        messages.error(request, f"Nothing was decided. {refusal.message}")
    else:
        messages.success(request, "Chosen; the others are rejected.", extra_tags="undoable")
        return _go_on(request, user)
    return HttpResponseRedirect(
        navigation.desk_url("variants", [variants_id], navigation.kept_filters(request))
    )
