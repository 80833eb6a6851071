"""The receipt of a job: how its text came about."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from agents.jobs import actions
from agents.receipts.receipt import receipt_of
from studio.jobs.job_rows import title_of, what_of
from studio.web import page, show


@page("GET")
def receipt(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    job = actions.get_job(job_id, user)
    context = {
        "section": "jobs",
        "job": job,
        "title": title_of(job),
        "what": what_of(job),
        "receipt": receipt_of(job, user),
    }
    return show(request, "receipt.html", context)
