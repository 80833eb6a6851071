"""The receipt of a job: how its text came about."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from agents.common.findings import MarkedFinding
from agents.jobs import actions
from agents.receipts.receipt import receipt_of
from agents.receipts.types import Receipt
from studio.jobs.job_rows import title_of, what_of
from studio.web import page, show


@page("GET")
def receipt_page(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    job = actions.get_job(job_id, user)
    receipt = receipt_of(job, user)
    context = {
        "section": "jobs",
        "job": job,
        "title": title_of(job),
        "what": what_of(job),
        "receipt": receipt,
        "intentional": _intentional(receipt),
    }
    return show(request, "jobs/receipt.html", context)


def _intentional(receipt: Receipt) -> list[MarkedFinding]:
    """Return the findings that somebody has marked as intentional, each once."""
    found = (finding for signal in receipt["signals"] or () for finding in signal["findings"])
    return list({finding["id"]: finding for finding in found if finding["is_intentional"]}.values())
