"""The pages and tasks that ``table_size`` times: every list, count and report that reads jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

LISTS = {
    "creator": {
        "jobs": "/agents/jobs",
        "jobs failed": "/agents/jobs?status=failed",
        "jobs completed": "/agents/jobs?status=completed",
        "jobs cancelled spatial": "/agents/jobs?status=cancelled&agent_type=spatial",
        "jobs spatial": "/agents/jobs?agent_type=spatial",
        "jobs of a universe": "/agents/jobs?universe_id={universe}",
        "jobs to review": "/agents/jobs?human_review_required=true",
        "jobs rejected": "/agents/jobs?outcome=rejected,asked_again",
        "jobs before": "/agents/jobs?created_before={middle}",
        "jobs deep": "/agents/jobs?offset={deep}",
        "jobs search rare": "/agents/jobs?q=spot000007",
        "jobs search common": "/agents/jobs?q=tide",
        "jobs search part": "/agents/jobs?q=abc",
        "elements": "/universes/{world}/elements",
        "elements search rare": "/universes/{world}/elements?q=spot000003",
        "elements search common": "/universes/{world}/elements?q=tide",
        "scenes": "/universes/{world}/scenes",
        "scenes search rare": "/universes/{world}/scenes?q=spot000003",
        "scenes search common": "/universes/{world}/scenes?q=tide",
        "job": "/agents/jobs/{job}",
        "job receipt": "/agents/jobs/{job}/receipt",
        "stats": "/agents/stats",
        "usage": "/agents/usage",
        "usage agent, model": "/agents/usage?group_by=agent,model",
        "budgets": "/agents/budgets",
        "notifications": "/agents/notifications",
    },
    "reviewer": {
        "jobs": "/agents/jobs",
        "jobs failed": "/agents/jobs?status=failed",
        "jobs completed": "/agents/jobs?status=completed",
        "jobs cancelled spatial": "/agents/jobs?status=cancelled&agent_type=spatial",
        "jobs of a universe": "/agents/jobs?universe_id={universe}",
        "jobs to review": "/agents/jobs?human_review_required=true",
        "jobs without review": "/agents/jobs?human_review_required=false",
        "jobs trusted": "/agents/jobs?outcome=trusted",
        "jobs rejected": "/agents/jobs?outcome=rejected,asked_again",
        "jobs deep": "/agents/jobs?offset={deep}",
        "jobs search rare": "/agents/jobs?q=spot000007",
        "jobs search common": "/agents/jobs?q=tide",
        "jobs search part": "/agents/jobs?q=abc",
        "jobs search many": "/agents/jobs?q=ab",
        "job": "/agents/jobs/{job}",
        "stats": "/agents/stats",
        "usage": "/agents/usage",
        "usage agent, model": "/agents/usage?group_by=agent,model",
        "usage day, universe": "/agents/usage?group_by=day,universe",
        "usage of one": "/agents/usage?requested_by=person0",
        "reviews": "/agents/reviews",
        "reviews open": "/agents/reviews?state=open",
        "reviews closed": "/agents/reviews?state=closed",
        "reviews free": "/agents/reviews?claim=free",
        "reviews overdue": "/agents/reviews?overdue=true",
        "reviews by signal": "/agents/reviews?reason=names_known",
        "reviews doubtful": "/agents/reviews?state=open&confidence_max=0.4",
        "reviews asked again": "/agents/reviews?asked_again=true",
        "reviews search rare": "/agents/reviews?q=seen000007",
        "reviews search common": "/agents/reviews?q=tide",
        "reviews search part": "/agents/reviews?q=abc",
        "reviews search many": "/agents/reviews?q=ab",
        "reviews of a universe": "/agents/reviews?universe_id={universe}",
        "review": "/agents/reviews/{item}",
        "decisions": "/agents/reviews/decisions",
        "decisions rejected": "/agents/reviews/decisions?verdict=rejected",
        "decisions by one": "/agents/reviews/decisions?by=person3",
        "figures": "/agents/reviews/figures",
        "reviewers": "/agents/reviews/reviewers",
    },
    "admin": {
        "overview": "/admin/",
        "jobs": "/admin/agents/agentjob/",
        "jobs failed": "/admin/agents/agentjob/?status__exact=failed",
        "jobs completed": "/admin/agents/agentjob/?status__exact=completed",
        "jobs spatial": "/admin/agents/agentjob/?agent_type__exact=spatial",
        "jobs waiting": "/admin/agents/agentjob/?outcome=awaiting_review",
        "jobs trusted": "/admin/agents/agentjob/?outcome=trusted",
        "jobs mock": "/admin/agents/agentjob/?is_mock__exact=1",
        "jobs oldest first": "/admin/agents/agentjob/?o=8",
        "jobs page 100": "/admin/agents/agentjob/?p=100",
        "jobs search id": "/admin/agents/agentjob/?q={job}",
        "jobs search end of id": "/admin/agents/agentjob/?q={tail}",
        "jobs search person": "/admin/agents/agentjob/?q=person7",
        "jobs search rare": "/admin/agents/agentjob/?q=spot000007",
        "jobs search common": "/admin/agents/agentjob/?q=tide",
        "job": "/admin/agents/agentjob/{job}/change/",
        "receipt": "/admin/agents/agentjob/{job}/receipt/",
        "events": "/admin/agents/agentjobevent/",
        "events failed": "/admin/agents/agentjobevent/?kind__exact=failed",
        "events search end of id": "/admin/agents/agentjobevent/?q={tail}",
        "calls": "/admin/agents/modelcall/",
        "calls of a model": "/admin/agents/modelcall/?model=claude-sonnet-5-5",
        "calls spatial": "/admin/agents/modelcall/?agent_type__exact=spatial",
        "calls in batches": "/admin/agents/modelcall/?is_batch__exact=1",
        "calls search request": "/admin/agents/modelcall/?q={request}",
        "calls search end of id": "/admin/agents/modelcall/?q={tail}",
        "usage": "/admin/agents/modelcall/usage/",
        "queue": "/admin/agents/reviewitem/",
        "queue closed": "/admin/agents/reviewitem/?state=closed",
        "queue all": "/admin/agents/reviewitem/?state=all",
        "queue mine": "/admin/agents/reviewitem/?claim=mine",
        "queue search person": "/admin/agents/reviewitem/?q=person7",
        "queue search rare": "/admin/agents/reviewitem/?q=seen000007",
        "queue search common": "/admin/agents/reviewitem/?q=tide",
        "queue reviewer": "/admin/agents/reviewitem/?state=closed&reviewer=person3",
        "item": "/admin/agents/reviewitem/{item}/change/",
        "decisions": "/admin/agents/reviewdecision/",
        "decisions rejected": "/admin/agents/reviewdecision/?verdict__exact=rejected",
        "decisions search": "/admin/agents/reviewdecision/?q=person3",
        "reviewers": "/admin/agents/reviewitem/reviewers/",
        "elements": "/admin/universes/element/",
        "elements search rare": "/admin/universes/element/?q=spot000003",
        "elements search common": "/admin/universes/element/?q=tide",
        "scenes": "/admin/universes/scene/",
        "scenes search rare": "/admin/universes/scene/?q=spot000003",
        "scenes search common": "/admin/universes/scene/?q=tide",
        "budgets": "/admin/agents/budget/",
        "notifications": "/admin/agents/notification/",
    },
}


def pages_of() -> dict[str, Callable[[], int | None]]:
    """Return each page of the current database by name, as a call that returns how many rows a list shows.

    The call fails unless the page succeeds; it returns None for what is no list.
    """
    from django.contrib.auth.models import User
    from django.test import Client
    from rest_framework.test import APIClient
    from rest_framework_simplejwt.tokens import AccessToken

    from agents.jobs import maintenance, stats
    from agents.models import AgentJob, ModelCall, ReviewItem
    from agents.quality import reports
    from agents.review import queue_stats
    from universes.models import Universe

    chief, _ = User.objects.get_or_create(username="chief", is_staff=True, is_superuser=True)
    people = {
        "creator": User.objects.get(username="person0"),
        "reviewer": User.objects.get(username="person1"),
        "admin": chief,
    }
    own = AgentJob.objects.filter(requested_by=people["creator"])
    job = own.filter(status="completed").order_by("-created_at")[100]
    open_items = ReviewItem.objects.filter(state="open").order_by("due_at")
    call = ModelCall.objects.filter(job=job).first()
    values = {
        "job": job.pk,
        "tail": job.pk.hex[-8:],
        "universe": own.filter(universe__isnull=False).values_list("universe_id", flat=True)[0],
        "world": Universe.objects.order_by("slug")[0].pk,
        "middle": (job.created_at - timedelta(days=15)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "deep": min(200_000, own.count() * 2 // 3),
        "item": open_items[0].pk,
        "request": call.request_id if call else "",
    }
    pages: dict[str, Callable[[], int | None]] = {}
    for who, urls in LISTS.items():
        client: Any = Client() if who == "admin" else APIClient()
        if who == "admin":
            client.force_login(people[who])
        else:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(people[who])}")
        for name, url in urls.items():
            pages[f"{who}: {name}"] = _get(client, url.format(**values))
    reviewer = people["reviewer"]
    pages |= {
        "task: stats": _run(stats.job_stats),
        "task: enqueue": _run(maintenance.enqueue_due_jobs),
        "task: oldest due job": _run(stats.oldest_due_age_s),
        "task: live counts": _run(lambda: queue_stats.live(reviewer)),
        "task: refresh 30 days": _run(lambda: reports._compute(30)),
        "task: refresh 90 days": _run(lambda: reports._compute(90)),
    }
    return pages


def _run(task: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        task()

    return run


def _get(client: Any, url: str) -> Callable[[], int | None]:
    def page() -> int | None:
        response = client.get(url, headers={"host": "127.0.0.1"})
        if response.status_code != 200:
            raise RuntimeError(f"{url}: {response.status_code} {response.content[:300]!r}")
        answer = getattr(response, "data", None)
        if isinstance(answer, dict):
            return len(answer["results"]) if "results" in answer else None
        shown = getattr(response, "context_data", None) or {}
        return len(shown["cl"].result_list) if "cl" in shown else None

    return page
