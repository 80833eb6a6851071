"""The creator's word on a text: accept, edit, ask again, flag, reject, choose between variants."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents.canon.placement import Entry
from agents.choices import FeedbackRating, JobOutcome
from agents.common.admin import diff
from agents.common.output_form import edit_form, read_form
from agents.jobs import actions
from agents.review.creators import flags, own_verdicts
from studio.jobs import results
from studio.jobs.asking import parsed_id
from studio.once import new_key, once
from studio.web import back_to, page, show, typed_in
from universes.errors import Conflict, Forbidden, Invalid


@page("POST")
def accept(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    _tell_accepted(request, own_verdicts.accept(job_id, by=user))
    return _to_job(job_id)


def _tell_accepted(request: HttpRequest, entry: Entry | None) -> None:
    told = f"“{entry.name}” is canon now." if entry is not None else "Accepted."
    messages.success(request, told)


@page("POST")
def discard(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    own_verdicts.discard(job_id, by=user, reason=request.POST.get("reason", ""))
    messages.success(request, "Rejected. It is not part of a universe.")
    return _to_job(job_id)


@page("POST")
def rate(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    """Record an opinion of a text on which a reviewer decides, or has decided."""
    rejected = "reject" in request.POST
    own_verdicts.rate(
        job_id,
        by=user,
        rating=FeedbackRating.REJECTED if rejected else FeedbackRating.ACCEPTED,
        reason=request.POST.get("reason", "") if rejected else "",
        note=request.POST.get("note", ""),
    )
    messages.success(request, "Thank you. Your opinion has been saved.")
    return _to_job(job_id)


@page("POST")
def flag(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    """Send a text to review, from the page of its job or of the entry that it became."""
    flags.flag(job_id, request.POST.get("reason", ""), by=user)
    messages.success(request, "Flagged. A reviewer will look at it.")
    return HttpResponseRedirect(back_to(request))


@page("POST")
def again(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    def submit() -> HttpResponse:
        return _to_job(own_verdicts.ask_again(job_id, by=user, note=request.POST.get("note", "")).pk)

    return once(request, user, submit)


@page("GET", "POST")
def edit(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    """Show the form of the text; once it is sent, the differences, which a second press accepts."""
    job = actions.get_job(job_id, user)
    context = results.result_context(job, user)
    if not context["is_own"]:
        raise Forbidden("Somebody else requested this output.")
    if not context["may_accept"]:
        raise Conflict("This text cannot be edited now.", code="not_editable")
    output = job.output_data or {}
    if request.method != "POST":
        return _show_form(request, context, edit_form(job.agent_type, output))
    edited = read_form(job.agent_type, output, typed_in(request.POST))
    form = edit_form(job.agent_type, edited)
    try:
        if "confirmed" in request.POST:
            _tell_accepted(request, own_verdicts.accept(job_id, by=user, edited=edited))
            return _to_job(job_id)
        checked = own_verdicts.checked_edit(job, edited)
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return _show_form(request, context, form, status=400)
    return _show_form(request, context, form, changes=diff.changes(output, checked), is_checked=True)


def _show_form(
    request: HttpRequest, context: dict[str, Any], form: object, *, status: int = 200, **more: object
) -> HttpResponse:
    shown = {**context, "section": "jobs", "form": form, "once": new_key(), **more}
    return show(request, "jobs/edit.html", shown, status=status)


@page("POST")
def choose(request: HttpRequest, user: User) -> HttpResponse:
    """Choose see all variants."""
    chosen = parsed_id(request.POST.get("chosen", ""))
    if chosen is None:
        raise Invalid("Choose one of them.", [])
    entry = own_verdicts.choose(chosen, by=user)
    if actions.get_job(chosen, user).outcome == JobOutcome.AWAITING_REVIEW:
        messages.success(request, "Your choice has been saved. A reviewer decides before it counts.")
    else:
        _tell_accepted(request, entry)
    return _to_job(chosen)


def _to_job(job_id: uuid.UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("studio:job", args=[job_id]))
