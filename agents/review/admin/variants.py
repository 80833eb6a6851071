"""Admin page that shows the variants of a request side by side, to choose one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from agents.common.admin.base import own_page
from agents.common.text.job_text import request_text
from agents.errors import DomainError, NotFound
from agents.models import ReviewItem
from agents.review.admin import choice_rows, navigation
from agents.review.admin.item.actions import signed_in_reviewer
from agents.review.admin.item.chain import template_of
from agents.review.admin.item.context import checked_text_of, marks_of, violations_of
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
    # Marks on one side only would look like a clean text on the other.
    is_hidden = any(item.is_hidden for item in items)
    columns = [
        _column(request, item, number, is_hidden=is_hidden) for number, item in enumerate(items, start=1)
    ]
    context = {
        "title": "Variants",
        "asked": request_text(items[0].job),
        "columns": columns,
        "is_hidden": is_hidden,
        "may_choose": sum(map(_is_open, columns)) > 1,
        "choose_url": navigation.desk_url("variants", [variants_id], kept),
        "next_url": navigation.desk_url("next_variants", [], kept),
        "has_marks": any(column["marks"].quotations for column in columns),
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
        "rows": choice_rows.choice_rows(found.by_model),
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


def _column(request: HttpRequest, item: ReviewItem, number: int, *, is_hidden: bool) -> dict[str, Any]:
    """Build the context of one variant: its output as it reads, with the words of its findings marked."""
    output = item.job.output_data or {}
    violations = violations_of(item.job, output)
    marks = marks_of(item, violations, anchors_of=str(number), is_hidden=is_hidden)
    return {
        "number": number,
        "item": item,
        "output": output,
        "output_template": template_of(item.job),
        "violations": violations,
        "marks": marks,
        "checked_text": checked_text_of(item.job, marks),
        "url": navigation.item_url(request, item.pk),
    }


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
        done = "Equally good: the first is approved" if is_tie else "Chosen"
        messages.success(request, f"{done}; the others are rejected.", extra_tags="undoable")
        return _go_on(request, user)
    return HttpResponseRedirect(
        navigation.desk_url("variants", [variants_id], navigation.kept_filters(request))
    )
