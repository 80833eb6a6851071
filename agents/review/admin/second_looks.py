"""Second looks from the admin: flag a trusted output, reopen a decided review."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from agents.common.admin.base import signed_in_staff
from agents.errors import DomainError, Forbidden
from agents.models import ReviewItem
from agents.review.admin import navigation
from agents.review.admin.item.actions import item_view
from agents.review.creators import flags
from agents.review.verdicts import reopening


@require_POST
def flag_view(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Send the output of a job to review, from the page of the job."""
    user = signed_in_staff(request)
    if not user.has_perm("agents.view_agentjob"):
        raise PermissionDenied
    try:
        flags.flag(job_id, request.POST.get("reason", ""), by=user)
    except DomainError as refusal:
        messages.error(request, f"Not flagged. {refusal.message}")
    else:
        messages.success(request, "Flagged for review. It stays in effect until the verdict.")
    return HttpResponseRedirect(reverse("admin:agents_agentjob_change", args=[job_id]))


@item_view
def reopen_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    try:
        reopening.reopen(item.pk, request.POST.get("reason", ""), by=user)
    except Forbidden:
        raise PermissionDenied from None
    except DomainError as refusal:
        messages.error(request, f"Not reopened. {refusal.message}")
    else:
        messages.success(request, "Reopened, and claimed by you.")
    return HttpResponseRedirect(navigation.item_url(request, item.pk))
