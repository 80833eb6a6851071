"""Jobs: the list of one's own, a job while it runs, and cancelling and retrying."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from agents.choices import AgentType, EventKind
from agents.common.asking.works import agents_offered
from agents.common.text.timestamps import isoformat_utc
from agents.jobs import actions, event_pages
from agents.jobs.changes import ACCOUNT_HEADER
from agents.models import AgentJob
from agents.models.jobs.states import FINISHED
from studio.jobs import job_rows, live
from studio.jobs.asking import parsed_id
from studio.jobs.results import result_context, variants_of
from studio.paging import PageOf
from studio.web import back_to, is_fragment, page, show
from studio.worlds.universe_page import writable_memberships
from universes import fulltext
from universes.errors import DomainError, NotFound

PAGE_SIZE = 25
MAX_SELECTED = 50
UNIVERSES = 50


@page("GET")
def jobs(request: HttpRequest, user: User) -> HttpResponse:
    group, agent = request.GET.get("show", ""), request.GET.get("agent", "")
    universe_id = parsed_id(request.GET.get("universe", ""))
    rows: QuerySet[AgentJob] = job_rows.own_jobs(user)
    if group in job_rows.GROUPS:
        rows = rows.filter(job_rows.GROUPS[group][1])
    if agent in AgentType.values:
        rows = rows.filter(agent_type=agent)
    if universe_id is not None:
        rows = rows.filter(universe=universe_id)
    if words := request.GET.get("q", "").strip()[:200]:
        rows = fulltext.matching(rows, words)
    found = PageOf(request, rows, PAGE_SIZE)
    context = {
        "section": "jobs",
        "page": found,
        "jobs": job_rows.rows_of(found.rows),
        "groups": [(name, label) for name, (label, _) in job_rows.GROUPS.items()],
        "agents": agents_offered(),
        "memberships": writable_memberships(user, UNIVERSES),
        "shown": {"q": words, "group": group, "agent": agent, "universe": str(universe_id or "")},
        "selectable": True,
    }
    return show(request, "jobs/jobs.html", context)


@page("POST")
def bulk(request: HttpRequest, user: User) -> HttpResponse:
    """Retry or cancel the selected jobs; each is tried, whatever becomes of the others."""
    act: Callable[..., AgentJob] = actions.retry_job if "retry" in request.POST else actions.cancel_job
    ids = [job_id for raw in request.POST.getlist("job")[:MAX_SELECTED] if (job_id := parsed_id(raw))]
    refusals: Counter[str] = Counter()
    for job_id in ids:
        try:
            act(job_id, by=user)
        except DomainError as refusal:
            refusals[refusal.message] += 1
    done, verb = len(ids) - refusals.total(), "retried" if "retry" in request.POST else "cancelled"
    if not ids:
        messages.warning(request, "Select at least one.")
    if done:
        messages.success(request, f"{done} {verb}.")
    for sentence, _ in refusals.most_common(3):
        messages.error(request, sentence)
    return HttpResponseRedirect(back_to(request, "studio:jobs"))


@page("GET")
def job(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    found = actions.get_job(job_id, user)
    context = {"section": "jobs", **result_context(found, user)}
    if found.status not in FINISHED:
        context["live"] = live.progress_of(found)
    return show(request, "jobs/job.html", context)


@page("GET")
def part(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    """Return the part of a job's page that changes; once the job has ended, the whole page is read again."""
    found = actions.get_job(job_id, user)
    if not is_fragment(request):
        return HttpResponseRedirect(reverse("studio:job", args=[job_id]))
    if found.status in FINISHED:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return show(request, "jobs/job_live.html", {"job": found, "live": live.progress_of(found)})


@page("GET")
def events(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    """Return the events of a job behind a cursor, which the web process also turns into a stream."""
    found = event_pages.events_after(actions.get_job(job_id, user), request.GET.get("cursor", "0"), user)
    shown = [
        {
            "id": event.pk,
            "kind": event.kind,
            "attempt": event.attempt,
            "at": isoformat_utc(event.at),
            "by": None,
            "data": event.data if event.kind == EventKind.PROGRESS else {},
        }
        for event in found.events
    ]
    headers = {ACCOUNT_HEADER: str(user.pk)} if ACCOUNT_HEADER in request.headers else {}
    body = {"results": shown, "next_cursor": found.next_cursor, "status": found.status, "ended": found.ended}
    return JsonResponse(body, headers=headers)


@page("POST")
def cancel(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    actions.cancel_job(job_id, by=user)
    messages.success(request, "Cancelled.")
    return HttpResponseRedirect(reverse("studio:job", args=[job_id]))


@page("POST")
def retry(request: HttpRequest, user: User, job_id: uuid.UUID) -> HttpResponse:
    actions.retry_job(job_id, by=user)
    messages.success(request, "Trying again.")
    return HttpResponseRedirect(reverse("studio:job", args=[job_id]))


@page("GET")
def variants(request: HttpRequest, user: User, variants_id: uuid.UUID) -> HttpResponse:
    """Show the variants of a request side by side, to choose one of their texts."""
    found = AgentJob.objects.visible_to(user).filter(variants_id=variants_id).order_by("created_at", "pk")
    shown = variants_of(found, user)
    if not shown:
        raise NotFound("There are no such variants.", code="variants_not_found")
    is_running = any(one["job"].status not in FINISHED for one in shown)
    context = {"section": "jobs", "variants": shown, "is_running": is_running}
    if is_fragment(request) and not is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return show(request, "jobs/variants.html", context)
